# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_tokenpass_global_optspecs
    string join \n home= json q/quiet v/verbose color= no-input no-pager no-agent h/help V/version
end

function __fish_tokenpass_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_tokenpass_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_tokenpass_using_subcommand
    set -l cmd (__fish_tokenpass_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c tokenpass -n "__fish_tokenpass_needs_command" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_needs_command" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_needs_command" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -s V -l version -d 'Print version'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "register" -d 'Create a wallet and its first identity'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "import" -d 'Bring in a wallet from elsewhere'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "login" -d 'Start a session, so that this shell needs no password for a while'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "logout" -d 'End this shell\'s session, or lock a running server'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "status" -d 'Show the wallet, this shell\'s session, a server, hosts and tokens'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "export" -d 'Show what restores the wallet, or write a backup of all of it'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "passwd" -d 'Change the password'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "doctor" -d 'Look for damage in the wallet\'s folder, and say what to do'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "auth" -d 'Grant an access token to an app'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "run" -d 'Run a program with an access token of its own'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "token" -d 'List and revoke access tokens'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "sign" -d 'Sign a message, or a request'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "verify" -d 'Check a signature, or the token of a request'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "encrypt" -d 'Encrypt a message'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "decrypt" -d 'Decrypt a ciphertext'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "key" -d 'Show the address, the public key and the path of a key'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "contact" -d 'Give names to other people\'s BAP IDs, keys and addresses'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "profile" -d 'Show and change what others see of the primary identity'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "identity" -d 'Your BAP identities: who you are to others'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "origin" -d 'Decide which web pages may use the wallet'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "client" -d 'Add apps that sign in with OAuth and whose id is not a URL'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "log" -d 'Show the audit trail: unlocks, grants, refusals, exports'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "serve" -d 'Serve the REST API on this machine'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "open" -d 'Open the running server\'s dashboard in the browser'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "completions" -d 'Print completions for a shell'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "man" -d 'Print the manual page, or write one page for each command'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "help" -d 'Show help about a command or a topic'
complete -c tokenpass -n "__fish_tokenpass_needs_command" -f -a "version" -d 'Print the version'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l display-name -d 'The name that others see' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l paymail -d 'Your paymail address' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l logo -d 'The URL of your picture' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l words -d 'How many words the mnemonic has' -r -f -a "12\t''
24\t''"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand register" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l mnemonic-file -d 'A BIP-39 mnemonic: 12, 15, 18, 21 or 24 English words' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l seed-file -d 'A BIP-39 seed: 128 hex digits' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l xprv-file -d 'A BIP-32 master key: xprv…' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l wif-file -d 'A root key in wallet import format' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l backup -d 'A backup (.bep)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l desktop -d 'The folder of TokenPass Desktop' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l bip39-passphrase-file -d 'Read the BIP-39 passphrase of the words from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l backup-password-file -d 'Read the passphrase of the backup from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l force -d 'Replace the wallet that is there, after backing it up'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l yes -d 'Do not ask before the wallet that is there is replaced'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l ttl -d 'How long the session lasts' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l shell -d 'Print only the line for this shell [default when piped: sh]' -r -f -a "sh\t'Bash, zsh, dash and other POSIX shells'
fish\t'Fish'
powershell\t'PowerShell'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l server -d 'Unlock the running server of this wallet, which URL must be if given' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -l server -d 'Lock the running server of this wallet, which URL must be if given' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -l all -d 'End the sessions of all shells'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l limit -d 'How many hosts and tokens to show at most [default: all]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l offset -d 'How many hosts and tokens to skip' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l check -d 'Print nothing; exit with 0 if unlocked, 4 if locked, 3 if there is no wallet'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l qr -d 'Draw the BAP ID as a QR code'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l format -d 'What to write' -r -f -a "text\t'`mnemonic` and `seed`, a line each'
json\t'{"seed","mnemonic"}'
bep\t'An encrypted backup'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l output -d 'Write to FILE, readable only by you, instead of standard output' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l backup-password-file -d 'Read the passphrase of the backup from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l force -d 'Replace FILE if it exists'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l new-password-file -d 'Read the new password from FILE; with --password-stdin it may also be the second line of standard input' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand passwd" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l host -d 'The host that may use the token' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l expire -d 'How long it lives: once (10 seconds), month, forever, or a time like 12h or 7d' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l scopes -d 'What it allows, separated by commas' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l icon -d 'The app\'s icon, shown in lists' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l identity -d 'The identity it may sign as' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l max-satoshis -d 'What it may spend in a day, fees included [default: no limit]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand auth" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l host -d 'The host that the program speaks for' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l scopes -d 'What it may do, separated by commas, as in `auth` [default: none]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l expire -d 'How long the token lives at most: once (10 seconds), month, forever, or a time like 12h or 7d' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l max-satoshis -d 'What it may spend in a day, fees included [default: no limit]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -f -a "list" -d 'List the tokens that have not expired'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and not __fish_seen_subcommand_from list revoke" -f -a "revoke" -d 'Revoke tokens at once, for every program that uses them'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l host -d 'Only this host\'s' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l limit -d 'How many to show at most [default: all]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l offset -d 'How many to skip' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l host -d 'All tokens of this host' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l all -d 'All tokens'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l yes -d 'Do not ask before all are revoked'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand token; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l file -d 'Read the message from FILE (`-`: standard input)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l encoding -d 'How the text encodes bytes: utf8, hex, base64' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l host -d 'Use the key of this host [default: localhost]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l identity -d 'Use the signing key of this identity' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l path -d 'Sign a request to this path: print a bitcoin-auth token' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l body -d 'The body of the request' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l body-file -d 'Read the body from FILE (`-`: standard input)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l body-encoding -d 'How the body\'s text encodes bytes: utf8, hex, base64' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l scheme -d 'How the request is signed: brc77, bsm' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l timestamp -d 'The time of the request, like 2026-01-02T03:04:05.678Z [default: now]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l copy -d 'Also put the result on the clipboard'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l file -d 'Read the message from FILE (`-`: standard input)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l encoding -d 'How the text encodes bytes: utf8, hex, base64' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l address -d 'The address that should have signed, or the contact whose it is' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l signature -d 'Its signature, in base64' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l token -d 'Check this bitcoin-auth token' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l path -d 'The path of the request' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l body -d 'The body of the request' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l body-file -d 'Read the body from FILE (`-`: standard input)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l body-encoding -d 'How the body\'s text encodes bytes: utf8, hex, base64' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l max-age -d 'How far the token\'s time may be from now, either way' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l file -d 'Read the message from FILE (`-`: standard input)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l encoding -d 'How the text encodes bytes: utf8, hex, base64' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l host -d 'For this wallet\'s key for HOST [default: localhost]; with --friend, for the key of that app\'s friend' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l friend -d 'For this wallet\'s own key for a friend; with --to, for the friend' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l to -d 'For the holder of this public key, or this contact' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l copy -d 'Also put the result on the clipboard'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand encrypt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l file -d 'Read the ciphertext from FILE (`-`: standard input)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l encoding -d 'How the ciphertext is encoded: hex, base64' -r -f -a "hex\t''
base64\t''"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l host -d 'Use this wallet\'s key for HOST [default: localhost]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l friend -d 'Use the keys for this friend; with --host, those of that app' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l from -d 'The friend\'s public key, or the contact that is it' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand decrypt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l host -d 'Use the key of this host [default: localhost]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l identity -d 'Use the signing key of this identity' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l friend -d 'The key that this friend encrypts to; with --host, for that app' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l qr -d 'Draw it as a QR code: the address or, with --friend, the public key' -r -f -a "address\t'Where signatures are checked'
public-key\t'What others encrypt to'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l copy -d 'Also put it on the clipboard: the address or, with --friend, the public key' -r -f -a "address\t'Where signatures are checked'
public-key\t'What others encrypt to'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -f -a "add" -d 'Add a contact'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -f -a "list" -d 'List the contacts'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -f -a "remove" -d 'Remove a contact'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and not __fish_seen_subcommand_from add list remove rename" -f -a "rename" -d 'Call a contact otherwise'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand contact; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -f -a "get" -d 'Show the profile'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -f -a "set" -d 'Set fields of the profile'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and not __fish_seen_subcommand_from get set clear" -f -a "clear" -d 'Remove all fields'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -l yes -d 'Do not ask first'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand profile; and __fish_seen_subcommand_from clear" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "list" -d 'List the identities'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "create" -d 'Create the next identity of this wallet'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "show" -d 'Show an identity with its attributes'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "use" -d 'Make an identity the primary one, which the profile shows'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "rename" -d 'Change what you call an identity; its BAP ID stays'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "rotate" -d 'Change an identity\'s signing key; its BAP ID stays'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "set" -d 'Set attributes of an identity'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "sign" -d 'Sign a message, or a request, as the primary identity'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and not __fish_seen_subcommand_from list create show use rename rotate set sign op-return" -f -a "op-return" -d 'Make what BAP writes on chain, for a wallet that pays and broadcasts'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l name -d 'What you call it; nobody else sees it' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l yes -d 'Do not ask first'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l file -d 'Read the message from FILE (`-`: standard input)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l encoding -d 'How the text encodes bytes: utf8, hex, base64' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l host -d 'Use the key of this host [default: localhost]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l identity -d 'Use the signing key of this identity' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l path -d 'Sign a request to this path: print a bitcoin-auth token' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l body -d 'The body of the request' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l body-file -d 'Read the body from FILE (`-`: standard input)' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l body-encoding -d 'How the body\'s text encodes bytes: utf8, hex, base64' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l scheme -d 'How the request is signed: brc77, bsm' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l timestamp -d 'The time of the request, like 2026-01-02T03:04:05.678Z [default: now]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l copy -d 'Also put the result on the clipboard'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -l script -d 'Print the output script instead of its pushes'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -f -a "id" -d 'Link the BAP ID to its signing address'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -f -a "alias" -d 'Publish a profile'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -f -a "attest" -d 'Attest an attribute, yours or somebody else\'s'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand identity; and __fish_seen_subcommand_from op-return" -f -a "revoke" -d 'Withdraw an attestation'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -f -a "list" -d 'List the origins that are approved, denied or pending'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -f -a "allow" -d 'Approve an origin'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -f -a "deny" -d 'Deny an origin, or withdraw its approval'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and not __fish_seen_subcommand_from list allow deny watch" -f -a "watch" -d 'Wait for pages, and ask what to do about each'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from allow" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -l yes -d 'Do not ask before access tokens end'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from deny" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand origin; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -f -a "add" -d 'Add a client; print its secret, if it gets one, once'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -f -a "list" -d 'List the clients that were added'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and not __fish_seen_subcommand_from add list remove" -f -a "remove" -d 'Remove a client and everything that it was allowed'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l redirect-uri -d 'Where answers may go, letter by letter; may be given again' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l key -d 'The public key that signs its token requests (`X-Auth-Token`)' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l secret -d 'Make a secret for it'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l no-pkce -d 'Let it do without PKCE; needs --secret, and then a nonce is demanded'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -l yes -d 'Do not ask first'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand client; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -l since -d 'Only entries no older than this' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -l limit -d 'At most this many entries, the newest' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l listen -d 'The address to listen on, or the port; may be given again; port 0 picks a free one [default: localhost:21000, which is 127.0.0.1 and ::1]' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l auto-lock -d 'Lock the wallet after this long without a request; `0s`: never' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l consent -d 'What “Allow” on a consent page asks for: password, or click for a click while the wallet is unlocked' -r -f -a "password\t'The password, each time'
click\t'A click, by a browser of the owner\'s while the wallet is unlocked'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l rate-limit -d 'Requests a second that one token or origin may make; 0: unlimited' -r
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l log -d 'The format of the access log: text, json, off' -r -f -a "text\t'A line for a person'
json\t'A JSON object a line'
off\t'Warnings only'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l password-file -d 'Read the password from FILE' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l unlock -d 'Unlock the wallet before serving'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l password-stdin -d 'Read the password from the first line of standard input'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -l output -d 'Write the file that the shell looks for into DIR' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand completions" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -l output -d 'Write the pages of all commands into DIR' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand man" -s h -l help -d 'Print help'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -l home -d 'The wallet\'s folder [default: ~/.tokenpass]' -r -F
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -l color -d 'When to use colours: auto, always, never (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -l json -d 'Print one JSON document, also for errors'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -s q -l quiet -d 'Print errors only, no notes or warnings'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -s v -l verbose -d 'Say more on standard error'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -l no-input -d 'Never ask; fail if an answer is missing'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -l no-pager -d 'Do not show long lists a screenful at a time with $PAGER'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -l no-agent -d 'Do not unlock with the running server; with `serve`, let no command do'
complete -c tokenpass -n "__fish_tokenpass_using_subcommand version" -s h -l help -d 'Print help'
