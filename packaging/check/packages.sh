#!/usr/bin/env bash
# The Linux packages: each installs, runs and is removed in a clean root; lintian finds no
# error; made twice they are the same, byte for byte.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
one() { find "$DIST" -maxdepth 1 -name "$1" | head -n 1; }
deb=$(one '*_amd64.deb')
[ -n "$deb" ] || { echo "skipped: there are no packages (is nfpm here?)"; exit 0; }

if command -v lintian >/dev/null; then
    lintian --fail-on error --suppress-tags bad-distribution-in-changes-file "$deb"
    echo "   lintian finds no error"
else
    echo "skipped: there is no lintian"
fi

# A root for a package: empty, but that a program that is not static needs its libraries.
bare() {
    mkdir -p "$1/var/lib/pacman"
    local library
    for library in $(ldd "$TOKENPASS" 2>/dev/null | grep -oE '/[^ ]+'); do
        mkdir -p "$1$(dirname "$library")"
        cp -L "$library" "$1$library"
    done
}

# try ROOT PACKAGE INSTALL REMOVE TOOL [OPTION…]: what the package puts into the root runs
# there, and is gone again.
try() {
    local root=$work/$1 package=$2 install=$3 remove=$4 tool=$5
    shift 5
    command -v "$tool" >/dev/null || { echo "skipped: there is no $tool to install ${package##*/}"; return 0; }
    [ -d "$root" ] || bare "$root"
    local call=("$tool" --root "$root" "$@")
    "${call[@]}" "$install" "$package" >"$work/log" 2>&1 &&
        chroot "$root" /usr/bin/tokenpass --version >>"$work/log" 2>&1 &&
        "${call[@]}" "$remove" tokenpass >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    local left
    left=$(find "$root" -path "$root/var" -prune -o -name '*tokenpass*' -print)
    [ -z "$left" ] || { echo "FAILED: ${package##*/} leaves $left"; exit 1; }
    echo "   ${package##*/}: installs, runs, is removed"
}

apk=$(one '*_x86_64.apk')
python3 "$here/apk.py" "$apk"
if [ "$(id -u)" != 0 ]; then
    echo "skipped: only root can install packages into another root"
else
    if clean=$("$here/debian-root.sh" bookworm); then
        cp -a "$clean" "$work/debian"
        try debian "$deb" --install --purge dpkg
    else
        echo "skipped: no clean Debian can be made here"
    fi
    try rpm "$(one '*.x86_64.rpm')" --install --erase rpm --dbpath /var/lib/rpm --nodeps --nosignature
    try arch "$(one '*.pkg.tar.zst')" -U -R pacman --dbpath "$work/arch/var/lib/pacman" \
        --config /dev/null --noconfirm --noprogressbar
    try alpine "$apk" add del apk --allow-untrusted --no-network --force-non-repository --initdb
fi

mkdir -p "$work/target/x86_64-unknown-linux-musl/release" "$work/unpacked"
dpkg-deb --extract "$deb" "$work/unpacked"
cp "$work/unpacked/usr/bin/tokenpass" "$work/target/x86_64-unknown-linux-musl/release/"
RELEASE_URL=$(dpkg-deb --field "$deb" Homepage) RELEASE_CONTACT=$(dpkg-deb --field "$deb" Maintainer) \
    DIST=$work/dist CARGO_TARGET_DIR=$work/target \
    bash packaging/release.sh --no-build x86_64-unknown-linux-musl >/dev/null
for file in "$deb" "$(one '*.x86_64.rpm')" "$(one '*.pkg.tar.zst')" "$apk" "$(one '*x86_64-unknown-linux-musl.tar.xz')"; do
    cmp "$file" "$work/dist/${file##*/}"
done
echo "   made again, all are the same"
