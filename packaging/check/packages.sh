#!/usr/bin/env bash
# The Linux packages: the program's and the tray's install, run and are removed in a clean
# root; lintian finds no error; made twice they are the same, byte for byte.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The packages whose names end so.
both() { find "$DIST" -maxdepth 1 -name "tokenpass*$1" | sort; }
mapfile -t debs < <(both _amd64.deb)
[ ${#debs[@]} -gt 0 ] || { echo "skipped: there are no packages (is nfpm here?)"; exit 0; }

if command -v lintian >/dev/null; then
    ignored=bad-distribution-in-changes-file
    # A program that stands in for the static one has libraries that no package names.
    mkdir "$work/static"
    "$here/static-archive.sh" "$work/static" >/dev/null || ignored+=,missing-dependency-on-libc
    lintian --fail-on error --suppress-tags "$ignored" "${debs[@]}"
    echo "   lintian finds no error"
else
    echo "skipped: there is no lintian"
fi

# A root for a package: empty, but that a program that is not static needs its libraries.
bare() {
    mkdir -p "$1/var/lib/pacman"
    local library
    for library in $(ldd "$TOKENPASS"{,-tray} 2>/dev/null | grep -oE '/[^ :)]+\.so[^ :)]*' | sort -u); do
        mkdir -p "$1$(dirname "$library")"
        cp -L "$library" "$1$library"
    done
}

# try ROOT ENDING INSTALL REMOVE TOOL [OPTION…]: what the packages put into the root runs
# there, and is gone again.
try() {
    local root=$work/$1 ending=$2 install=$3 remove=$4 tool=$5
    shift 5
    command -v "$tool" >/dev/null || { echo "skipped: there is no $tool to install tokenpass*$ending"; return 0; }
    [ -d "$root" ] || bare "$root"
    local call=("$tool" --root "$root" "$@") packages program left
    mapfile -t packages < <(both "$ending")
    "${call[@]}" "$install" "${packages[@]}" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    for program in "${programs[@]}"; do
        chroot "$root" "/usr/bin/$program" --version | grep -q "^$program [0-9]"
    done
    "${call[@]}" "$remove" "${programs[@]}" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    left=$(find "$root" -path "$root/var" -prune -o -name '*tokenpass*' -print)
    [ -z "$left" ] || { echo "FAILED: ${packages[*]##*/} leaves $left"; exit 1; }
    echo "   ${packages[*]##*/}: installs, runs, is removed"
}

programs=(tokenpass)
if [ ${#debs[@]} = 2 ]; then
    programs+=(tokenpass-tray)
else
    echo "skipped: there is no tokenpass-tray in a package (was it built?)"
fi
mapfile -t apks < <(both _x86_64.apk)
for apk in "${apks[@]}"; do python3 "$here/apk.py" "$apk"; done
if [ "$(id -u)" != 0 ]; then
    echo "skipped: only root can install packages into another root"
else
    if clean=$("$here/debian-root.sh" bookworm); then
        cp -a "$clean" "$work/debian"
        try debian _amd64.deb --install --purge dpkg
    else
        echo "skipped: no clean Debian can be made here"
    fi
    try rpm .x86_64.rpm --install --erase rpm --dbpath /var/lib/rpm --nosignature
    try arch x86_64.pkg.tar.zst -U -R pacman --dbpath "$work/arch/var/lib/pacman" \
        --config /dev/null --noconfirm --noprogressbar
    try alpine _x86_64.apk add del apk --allow-untrusted --no-network --force-non-repository --initdb
fi

release=$work/target/x86_64-unknown-linux-musl/release
mkdir -p "$release"
for deb in "${debs[@]}"; do
    dpkg-deb --extract "$deb" "$work/unpacked"
done
cp "$work"/unpacked/usr/bin/* "$release/"
RELEASE_URL=$(dpkg-deb --field "${debs[0]}" Homepage) RELEASE_CONTACT=$(dpkg-deb --field "${debs[0]}" Maintainer) \
    DIST=$work/dist CARGO_TARGET_DIR=$work/target \
    bash packaging/release.sh --no-build x86_64-unknown-linux-musl >/dev/null
for ending in _amd64.deb .x86_64.rpm x86_64.pkg.tar.zst _x86_64.apk x86_64-unknown-linux-musl.tar.xz; do
    for file in $(both "$ending"); do
        cmp "$file" "$work/dist/${file##*/}"
    done
done
echo "   made again, all are the same"
