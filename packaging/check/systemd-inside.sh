#!/usr/bin/env bash
# The part of systemd.sh that runs in the booted system, as root.
set -euo pipefail

home="/home/a b/100%/\$it's \"so\""
mkdir -p "$home/bin dir"
useradd --home-dir "$home" --shell /bin/bash person
cp /mnt/tokenpass "$home/bin dir/tokenpass"
chown -R person: "$home"
uid=$(id -u person)
loginctl enable-linger person
for _ in $(seq 100); do
    [ -S "/run/user/$uid/systemd/private" ] && break
    sleep 0.1
done

cat >/tmp/person.sh <<'END'
set -euo pipefail
say() { echo "   $*"; }
fail() {
    echo "FAILED: $*"
    systemctl --user status --no-pager tokenpass.service tokenpass.socket || true
    journalctl --no-pager -n 30 || true
    exit 1
}
health() { curl --silent --fail --max-time 10 --retry 20 --retry-delay 1 --retry-connrefused http://localhost:21000/api/health >/dev/null; }
pid() { systemctl --user show tokenpass.service --property=MainPID --value; }

tokenpass="$HOME/bin dir/tokenpass"
units="$HOME/.config/systemd/user"
before=$(find "$HOME" -type f | sort)
(umask 077; echo "seven quiet herons" >"$HOME/pass word")
"$tokenpass" register -q --password-file "$HOME/pass word" >/dev/null

"$tokenpass" service install -q
health || fail "no answer over HTTP"
"$tokenpass" service install -q
first=$(pid)
health
"$tokenpass" service install -q --json | grep -q '"changed":false' || fail "the second install changed something"
[ "$(pid)" = "$first" ] || fail "the second install disturbed the service"
say "installs twice, answers over HTTP"

"$tokenpass" service status >/dev/null || fail "status"
[ "$("$tokenpass" service status --json | grep -o '"starts":"[a-z]*"')" = '"starts":"machine"' ] || fail "lingering is not told"
kill -9 "$first"
for _ in $(seq 50); do [ "$(pid)" != "$first" ] && [ "$(pid)" != 0 ] && break; sleep 0.1; done
health || fail "not there again after kill -9"
say "there again after kill -9"

curl --silent --fail http://localhost:21000/api/profile >/dev/null || fail "the owner's program is not recognised"
"$tokenpass" service logs | grep -q health || fail "no log"
say "knows its owner, has a log"

"$tokenpass" service install -q --unlock-with "$HOME/pass word" --auto-lock 0s
health
"$tokenpass" status --check || fail "--unlock-with does not unlock"
say "unlocks with a file"

"$tokenpass" service install -q --socket --hardened
systemctl --user is-active --quiet tokenpass.service && fail "it runs before it is asked"
health || fail "the socket does not start it"
say "starts with the first connection, hardened"
[ "$(awk '$5 == "/" { print $6 }' "/proc/$(pid)/mountinfo" | grep -c '^ro')" = 1 ] || fail "it can write everywhere"
"$tokenpass" login --server -q --password-file "$HOME/pass word" || fail "cannot unlock the hardened server"
"$tokenpass" sign hello --host example.com >/dev/null || fail "cannot sign with the hardened server"
"$tokenpass" contact add Bob 1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj >/dev/null
say "hardened: all is read-only but the wallet's folder"

"$tokenpass" service install -q
mv "$HOME/bin dir" "$HOME/moved"
tokenpass="$HOME/moved/tokenpass"
if said=$("$tokenpass" service status 2>&1); then fail "a moved program is not told"; fi
grep -q "another program" <<<"$said" || fail "$said"
"$tokenpass" service install -q
"$tokenpass" service status >/dev/null || fail "status after the move"
health
say "a moved program is told, and mended by another install"

"$tokenpass" service uninstall -q
systemctl --user list-unit-files --no-legend 'tokenpass*' | grep -q . && fail "a unit is left"
[ -z "$(find "$HOME/.config" ! -type d)" ] || fail "files are left: $(find "$HOME/.config" ! -type d)"
curl --silent --max-time 1 http://localhost:21000/api/health >/dev/null && fail "it still runs"
say "uninstall leaves nothing"
END
chmod 644 /tmp/person.sh
runuser -u person -- env HOME="$home" XDG_RUNTIME_DIR="/run/user/$uid" PATH=/usr/bin:/bin bash /tmp/person.sh
