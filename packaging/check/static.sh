#!/usr/bin/env bash
# The static binary of the archive: asks for no library, and works in an empty root.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archive=$(find "$DIST" -name "*-$(uname -m)-unknown-linux-musl.tar.xz" | head -n 1)
[ -n "$archive" ] || { echo "skipped: there is no archive for this machine"; exit 0; }
tar -xJf "$archive" -C "$work"
binary=$(echo "$work"/*/tokenpass)
if ! ldd "$binary" 2>&1 | grep -qE 'not a dynamic|statically linked'; then
    echo "skipped: the program is not the static one (release.sh makes it)"
    exit 0
fi
if strings -n 8 "$binary" | grep -E "$HOME/|$PWD/" | head -n 3 | grep .; then
    echo "FAILED: paths of this machine are in the binary"
    exit 1
fi
[ "$(id -u)" = 0 ] || { echo "skipped: only root can change the root"; exit 0; }
mkdir "$work/root"
cp "$binary" "$work/root/"
run() { env -i TOKENPASS_HOME=/wallet TOKENPASS_PASSWORD='seven quiet herons' chroot "$work/root" /tokenpass "$@"; }
run register -q >/dev/null
address=$(run key --host example.com --json | grep -oE '"address":"[^"]+"' | cut -d '"' -f 4)
signature=$(run sign hello --host example.com)
[ "$(run verify hello --address "$address" --signature "$signature")" = valid ]
run serve --listen 127.0.0.1:0 --log off >"$work/url" &
server=$!
for _ in $(seq 100); do [ -s "$work/url" ] && break; sleep 0.1; done
curl --silent --fail "$(cat "$work/url")/api/health" >/dev/null
kill $server
echo "   static, without paths of this machine; registers, signs, verifies and serves in an empty root"
