#!/usr/bin/env bash
# The Windows program and its setup: on Windows itself, else with Wine in a Debian that is
# made for it once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${CHECK_CACHE:-/var/tmp/tokenpass-check}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

zip=$(find "$DIST" -name '*-x86_64-pc-windows-gnu.zip' | head -n 1)
setup=$(find "$DIST" -name '*-setup.exe' | head -n 1)
case $TOKENPASS in
*.exe) programs=$(dirname "$TOKENPASS") ;;
*)
    [ -n "$zip" ] || { echo "skipped: there is no program for Windows"; exit 0; }
    python3 -m zipfile -e "$zip" "$work"
    programs=$(echo "$work"/*/)
    ;;
esac

case $(uname -s) in
MINGW* | MSYS*)
    WINE='' bash "$here/windows-inside.sh" "$programs" "$setup"
    exit
    ;;
esac

[ "$(id -u)" = 0 ] || { echo "skipped: only root can make a Debian with Wine"; exit 0; }
root=$cache/wine
if [ ! -e "$root.made" ]; then
    # Debian 12's Wine has no bcryptprimitives.dll.
    clean=$("$here/debian-root.sh" trixie) || { echo "skipped: no Debian can be made for Wine"; exit 0; }
    rm -rf "$root"
    cp -a "$clean" "$root"
    cp /etc/resolv.conf "$root/etc/"
    chroot "$root" sh -c 'apt-get update && apt-get install --yes --no-install-recommends wine wine64' >"$root.log" 2>&1
    touch "$root.made"
fi
mkdir -p "$root/proc" "$root/check"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
trap 'rm -rf "$work" "$root/check"; umount "$root/proc" || true' EXIT
cp "$programs"/tokenpass*.exe "$root/check/"
[ -z "$setup" ] || cp "$setup" "$root/check/setup.exe"
cp "$here/windows-inside.sh" "$root/check/"
inside=(chroot "$root" env -i HOME=/root PATH=/usr/bin:/bin:/usr/sbin TERM=xterm XDG_RUNTIME_DIR=/tmp WINE=wine WINEDEBUG=-all)
"${inside[@]}" bash /check/windows-inside.sh /check "${setup:+/check/setup.exe}"

t() { "${inside[@]}" 'TOKENPASS_PASSWORD=seven quiet herons' sh -c 'cd /check && wine tokenpass.exe "$@"' t "$@" --home home </dev/null; }
printf hello >"$root/check/message"
t register -q --no-input >/dev/null
python3 "$here/windows-console.py" "${inside[@]}" sh -c 'cd /check && wine cmd'
[ "$(tr -d '\r\n' <"$root/check/signature")" = "$(t sign hello --host example.com | tr -d '\r\n')" ] || {
    echo "FAILED: what is asked for at the console: $(cat "$root/check/errors")"
    exit 1
}
echo "   asks for the password at the console, where the standard streams are files"
