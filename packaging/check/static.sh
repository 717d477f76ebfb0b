#!/usr/bin/env bash
# The static programs of the archives: small, without paths of this machine, they ask for no
# library, and work in an empty root. Those for another processor run in qemu.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

# Bytes that a program has at the most.
declare -A LIMITS=([tokenpass]=8500000 [tokenpass-tray]=5000000)

# What can be seen of a program without running it.
look() {
    local name=${1##*/} size
    grep -q 'Type: *DYN' <<<"$(readelf --file-header "$1")" || fail "$name is at the same address each time"
    if grep -m 3 -E "$HOME/|$PWD/" <<<"$(strings -n 8 "$1")"; then
        fail "paths of this machine are in $name"
    fi
    size=$(stat --format %s "$1")
    [ "$size" -le "${LIMITS[$name]}" ] || fail "$name has $size bytes, more than ${LIMITS[$name]}"
    echo "   $name: static, no paths of this machine, $size bytes"
}

# Runs the programs in a folder with nothing else: run_in ROOT [EMULATOR]
run_in() {
    local root=$1 address signature server
    local alone=(env -i TOKENPASS_HOME=/wallet 'TOKENPASS_PASSWORD=seven quiet herons' "$chroot" "$root" ${2:+"/$2"})
    local inside=("${alone[@]}" /tokenpass)
    "${inside[@]}" register -q >/dev/null
    address=$("${inside[@]}" key --host example.com --json | grep -oE '"address":"[^"]+"' | cut -d '"' -f 4)
    signature=$("${inside[@]}" sign hello --host example.com)
    [ "$("${inside[@]}" verify hello --address "$address" --signature "$signature")" = valid ] || fail verify
    "${inside[@]}" serve --listen 127.0.0.1:0 --log off >"$work/url" &
    server=$!
    for _ in $(seq 100); do [ -s "$work/url" ] && break; sleep 0.1; done
    curl --silent --fail "$(cat "$work/url")/api/health" >/dev/null
    kill $server
    wait $server || true
    [ ! -e "$root/tokenpass-tray" ] ||
        [ "$("${alone[@]}" /tokenpass-tray --version)" = "$("${inside[@]}" --version | sed 's/ /-tray /')" ] ||
        fail "the tray"
}

for architecture in x86_64 aarch64; do
    mkdir "$work/$architecture"
    folder=$("$here/static-archive.sh" "$work/$architecture" "$architecture") || { echo "skipped: $folder"; continue; }
    [ -e "$folder/tokenpass-tray" ] || echo "skipped: there is no tokenpass-tray for $architecture"
    for program in "$folder"/tokenpass "$folder"/tokenpass-tray; do
        [ ! -e "$program" ] || look "$program"
    done
    [ "$(id -u)" = 0 ] || { echo "skipped: only root can change the root"; continue; }
    chroot=$(command -v chroot)
    root=$work/$architecture/root
    mkdir "$root"
    find "$folder" -maxdepth 1 -type f -name 'tokenpass*' -executable -exec cp {} "$root/" \;
    emulator=
    if [ "$architecture" != "$(uname -m)" ]; then
        emulator=qemu-$architecture-static
        command -v "$emulator" >/dev/null || { echo "skipped: there is no $emulator to run them"; continue; }
        cp "$(command -v "$emulator")" "$root/"
    fi
    run_in "$root" "$emulator"
    echo "   register, sign, verify and serve in an empty root, on ${emulator:-this machine}"
done
