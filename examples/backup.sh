#!/usr/bin/env bash
# Backs a wallet up and restores it in a fresh home: the same address, the same
# identities. Prints each command and its answer; everything is removed at the
# end.
#
#   bash examples/backup.sh
#
# TOKENPASS names another binary to use instead of building one.
set -euo pipefail
cd "$(dirname "$0")/.."

. examples/setup.sh
unset TOKENPASS_HOME TOKENPASS_SESSION TOKENPASS_PASSWORD
trap 'rm -rf "$work"' EXIT
cd "$work"

# Passwords are in files that only their owner can read. The backup has its own.
umask 077
for secret in password passphrase new-password; do
    head -c 15 /dev/urandom | base64 >$secret
done

# What must be the same before and after.
who() {
    local home=$1 password=$2
    tokenpass --home "$home" key --host example.com --password-file "$password"
    tokenpass --home "$home" identity list --password-file "$password"
    tokenpass --home "$home" profile
}

step "A wallet with two identities"
run tokenpass --home old register --display-name Alice --password-file password
run tokenpass --home old identity create --name "At work" --password-file password
who old password | tee before

step "Back it up: encrypted, and bitcoin-backup reads it too"
run tokenpass --home old export --format bep --output wallet.bep \
    --password-file password --backup-password-file passphrase
ls -l wallet.bep

step "Restore it, in a fresh home, under a new password"
run tokenpass --home new import --backup wallet.bep \
    --backup-password-file passphrase --password-file new-password
who new new-password | tee after

step "Compare"
diff before after
echo "the same keys, identities and profile"

step "Done: nothing is left behind"
