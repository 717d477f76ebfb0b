set edit:completion:arg-completer[tokenpass] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) TOKENPASS_COMPLETE="elvish" tokenpass -- $@words) | to-lines
}
