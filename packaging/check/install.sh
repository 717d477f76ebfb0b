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
    env -i HOME="$home" PATH=/usr/bin:/bin TOKENPASS_DOWNLOAD="http://127.0.0.1:$port" \
        sh packaging/install.sh "$@"
}
# A name that is hard to quote.
home="$work/a \"home\" of \$PATH\\"
program=$home/.local/bin/tokenpass
mkdir "$home"
said=$(install)
grep -qF "installed as $program" <<<"$said"
"$program" --version
[ -f "$home/.local/share/man/man1/tokenpass-sign.1" ]
entry=$home/.local/share/applications/tokenpass-tray.desktop
if [ ! -e "$program-tray" ]; then
    echo "skipped: there is no tokenpass-tray in the archive"
elif command -v gio >/dev/null; then
    [ "$("$program-tray" --version)" = "$("$program" --version | sed 's/ /-tray /')" ]
    # What a click in the menu starts.
    printf '#!/bin/sh\nprintf "%%s\\n" "$0" "$@" >"%s"\n' "$work/started" >"$program-tray"
    gio launch "$entry"
    for _ in $(seq 100); do [ -s "$work/started" ] && break; sleep 0.1; done
    [ "$(cat "$work/started")" = "$program-tray"$'\n--wait' ] || { echo "FAILED: $entry starts $(cat "$work/started")"; exit 1; }
    echo "   the menu starts tokenpass-tray"
else
    echo "skipped: there is no gio to start tokenpass-tray as a menu does"
fi
# Again, while it runs.
TOKENPASS_HOME=$work/wallet "$program" serve --listen 127.0.0.1:0 --log off >/dev/null &
running=$!
install --to "$home/.local" >/dev/null
kill $running
echo "   installs, and replaces a program that runs"

rm "$program"
for archive in "$work"/*.tar.xz; do printf x >>"$archive"; done
if said=$(install 2>&1); then echo "FAILED: a wrong checksum is taken"; exit 1; fi
grep -q "nothing was installed" <<<"$said"
[ ! -e "$program" ]
echo "   refuses a wrong checksum"
: >"$work/SHA256SUMS"
if install 2>/dev/null; then echo "FAILED: no checksum is taken"; exit 1; fi
echo "   refuses what has no checksum"
