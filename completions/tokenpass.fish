complete --keep-order --exclusive --command tokenpass --arguments "(TOKENPASS_COMPLETE=fish tokenpass -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
