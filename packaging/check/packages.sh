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

# What a package has put into a root, run there and gone again.
runs() { chroot "$1" /usr/bin/tokenpass --version >/dev/null; }
gone() { [ -z "$(find "$1" -name '*tokenpass*' ! -path '*/var/*' ! -path "$1/packages/*" | head)" ]; }

if [ "$(id -u)" != 0 ]; then
    echo "skipped: only root can install packages into another root"
else
    if root=$("$here/debian-root.sh" bookworm); then
        cp -a "$root" "$work/debian"
        mkdir "$work/debian/packages"
        cp "$deb" "$work/debian/packages/"
        chroot "$work/debian" dpkg --install "/packages/${deb##*/}" >/dev/null
        runs "$work/debian"
        chroot "$work/debian" dpkg --purge tokenpass >/dev/null
        gone "$work/debian"
        echo "   deb: installs, runs, is removed"
    else
        echo "skipped: no clean Debian can be made here"
    fi

    rpm=$(one '*.x86_64.rpm')
    # A program that is not static needs a root with its libraries.
    base() { mkdir -p "$1"; ldd "$TOKENPASS" 2>/dev/null | grep -oE '/[^ ]+' | while read -r library; do
        mkdir -p "$1$(dirname "$library")"; cp -L "$library" "$1$library"; done; }
    if command -v rpm >/dev/null; then
        base "$work/rpm"
        call() { rpm --root "$work/rpm" --dbpath /var/lib/rpm --nodeps "$@"; }
        call --install --nosignature "$rpm"
        runs "$work/rpm"
        call --erase tokenpass
        gone "$work/rpm"
        echo "   rpm: installs, runs, is removed"
    else
        echo "skipped: there is no rpm"
    fi

    arch=$(one '*.pkg.tar.zst')
    if command -v pacman >/dev/null; then
        base "$work/arch"
        mkdir -p "$work/arch/var/lib/pacman"
        call() { pacman --root "$work/arch" --dbpath "$work/arch/var/lib/pacman" --config /dev/null --noconfirm --noprogressbar "$@" >/dev/null; }
        call -U "$arch"
        runs "$work/arch"
        call -R tokenpass
        gone "$work/arch"
        echo "   Arch: installs, runs, is removed"
    else
        echo "skipped: there is no pacman"
    fi

    apk=$(one '*.apk')
    if command -v apk >/dev/null; then
        base "$work/alpine"
        call() { apk --root "$work/alpine" --allow-untrusted --no-network --force-non-repository "$@" >/dev/null; }
        call --initdb add "$apk"
        runs "$work/alpine"
        call del tokenpass
        gone "$work/alpine"
        echo "   apk: installs, runs, is removed"
    else
        # It is a tar file in parts.
        files=$(tar --ignore-zeros -tzf "$apk" 2>/dev/null)
        grep -q '^usr/bin/tokenpass$' <<<"$files"
        echo "skipped: there is no apk to install one; its files are in place"
    fi
fi

mkdir -p "$work/target/x86_64-unknown-linux-musl/release" "$work/unpacked"
dpkg-deb --extract "$deb" "$work/unpacked"
cp "$work/unpacked/usr/bin/tokenpass" "$work/target/x86_64-unknown-linux-musl/release/"
RELEASE_URL=$(dpkg-deb --field "$deb" Homepage) RELEASE_CONTACT=$(dpkg-deb --field "$deb" Maintainer) \
    DIST=$work/dist CARGO_TARGET_DIR=$work/target \
    bash packaging/release.sh --no-build x86_64-unknown-linux-musl >/dev/null
for file in "$deb" "$(one '*.x86_64.rpm')" "$(one '*.pkg.tar.zst')" "$(one '*_x86_64.apk')" "$(one '*x86_64-unknown-linux-musl.tar.xz')"; do
    cmp "$file" "$work/dist/${file##*/}"
done
echo "   made again, all are the same"
