#!/usr/bin/env bash
# install.sh from a server on this machine: installs, replaces, and refuses an archive that
# is not what SHA256SUMS says.
set -euo pipefail
work=$(mktemp -d)
python3 -m http.server --bind 127.0.0.1 --directory "$work" 0 >"$work.log" 2>&1 &
server=$!
trap 'kill $server; rm -rf "$work" "$work.log"' EXIT
cp "$DIST"/*.tar.xz "$DIST/SHA256SUMS" "$work/"
for _ in $(seq 100); do grep -q 'port' "$work.log" && break; sleep 0.1; done
port=$(grep -oE 'port [0-9]+' "$work.log" | cut -d ' ' -f 2)

install() {
    env -i HOME="$work/home with a space" PATH=/usr/bin:/bin TOKENPASS_DOWNLOAD="http://127.0.0.1:$port" \
        sh packaging/install.sh "$@"
}
program="$work/home with a space/.local/bin/tokenpass"
mkdir "$work/home with a space"
said=$(install)
grep -q "installed as $program" <<<"$said"
"$program" --version
[ -f "$work/home with a space/.local/share/man/man1/tokenpass-sign.1" ]
# Again, while it runs.
TOKENPASS_HOME=$work/wallet "$program" serve --listen 127.0.0.1:0 --log off >/dev/null &
running=$!
install --to "$work/home with a space/.local" >/dev/null
kill $running
echo "   installs, and replaces a program that runs"

rm "$program"
archive=$(cd "$work" && ls ./*.tar.xz)
printf x >>"$work/$archive"
if said=$(install 2>&1); then echo "FAILED: a wrong checksum is taken"; exit 1; fi
grep -q "nothing was installed" <<<"$said"
[ ! -e "$program" ]
echo "   refuses a wrong checksum"
: >"$work/SHA256SUMS"
if install 2>/dev/null; then echo "FAILED: no checksum is taken"; exit 1; fi
echo "   refuses what has no checksum"
