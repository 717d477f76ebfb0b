#!/usr/bin/env bash
# Makes what is released, in dist/ (or ${DIST}): archives, packages, the setup for Windows, manifests
# for package managers, install.sh, the SBOM, SHA256SUMS. The same commit gives the same
# bytes, as far as the compilers are the same.
#
#   packaging/release.sh [--no-build] TARGET…
#   packaging/release.sh --manifests
#
# Targets: x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-pc-windows-gnu
#   x86_64-apple-darwin aarch64-apple-darwin; both of Apple's make a universal one, too.
#   ARCH-unknown-linux-gnu is made for glibc 2.17 (2012) and later.
#   --no-build: take the programs that are in target/TARGET/release already.
#   --manifests: take the archives that are in dist/ already.
#
# Needs cargo with the targets, and cargo-zigbuild (Linux, and Apple's where this is no Mac)
# or mingw-w64 (Windows); nfpm for the Linux packages, makensis for the setup: what is
# missing is told and left out. Environment:
#   RELEASE_URL          the repository's web address (else `repository` of Cargo.toml)
#   RELEASE_CONTACT      the packages' maintainer: Name <address>
#   RELEASE_CARGO_FLAGS  more options of cargo
#   SOURCE_DATE_EPOCH    the time of all files (else that of the last commit)
#   SDKROOT              Apple's SDK, for the tray's frameworks where this is no Mac
#   SIGN                 a program that signs the Windows and macOS files it is given
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '== %s\n' "$*"; }
skip() { printf 'skipped: %s\n' "$*"; }
fail() { printf 'release.sh: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null; }

build=yes
case ${1:-} in
--no-build) build= && shift ;;
--manifests) manifests=yes && shift ;;
esac
[ $# -gt 0 ] || [ -n "${manifests:-}" ] || set -- "$(uname -m)-unknown-linux-musl"

field() { sed -n "s/^$1 = \"\(.*\)\"/\1/p" Cargo.toml | head -n 1; }
VERSION=$(field version)
URL=${RELEASE_URL:-$(field repository)}
[ -n "$URL" ] || fail "set RELEASE_URL, or \`repository\` in Cargo.toml"
CONTACT=${RELEASE_CONTACT:-TokenPass <tokenpass@example.com>}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
export TZ=UTC LC_ALL=C
umask 022

target_dir=${CARGO_TARGET_DIR:-$PWD/target}
dist=${DIST:-$PWD/dist}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$dist"

# No path of this machine in the binary.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
sysroot=$(rustc --print sysroot)
remap="--remap-path-prefix=$PWD=/tokenpass --remap-path-prefix=$cargo_home=/cargo --remap-path-prefix=$sysroot=/rust"
# What is not stripped has those of the C compiler, too.
has_paths() { grep --quiet --text --fixed-strings -e "$PWD/" -e "$target_dir/" -e "$cargo_home/" -e "$sysroot/" "$1"; }

compile() {
    local target=$1 cargo=(cargo build) flags=$remap
    case $target-$(uname -s) in
    *-windows-*) has x86_64-w64-mingw32-gcc || return 1 ;;
    *-apple-*-Darwin) ;;
    *) has cargo-zigbuild || return 1; cargo=(cargo-zigbuild zigbuild) ;;
    esac
    case $target in
    # zig takes rustc's `-static-pie` for `-static`: at the same address each time.
    *-musl) flags+=" -Clink-arg=-pie" ;;
    *-linux-gnu) target+=.2.17 ;;
    esac
    # In two calls: in one, both would have what the tray alone asks for.
    local program
    for program in "--bin tokenpass" "--bin tokenpass-tray --features tray"; do
        if [[ $target-$program == *apple*tray* ]] && [ "$(uname -s)" != Darwin ] && [ -z "${SDKROOT:-}" ]; then
            skip "$target: no SDKROOT, no tokenpass-tray"
            continue
        fi
        # shellcheck disable=SC2086 # several words
        RUSTFLAGS="${RUSTFLAGS:-} $flags" "${cargo[@]}" --release --locked --target "$target" \
            $program ${RELEASE_CARGO_FLAGS:-} || fail "$target: $program is not compiled"
    done
}

# Everything that is in an archive beside the programs.
documents() {
    mkdir -p "$1/man" "$1/completions"
    cp LICENSE README.md CHANGELOG.md "$1/"
    cp man/*.1 "$1/man/"
    cp completions/* "$1/completions/"
}

dated() { find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

tarball() {
    tar -C "$work" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        --format=ustar -cf - "$1"
}

archive() {
    local target=$1
    shift
    local name=tokenpass-$VERSION-$target
    mkdir -p "$work/$name"
    documents "$work/$name"
    cp "$@" "$work/$name/"
    case $target in
    *linux*)
        cp -r packaging/systemd "$work/$name/systemd"
        [ ! -e "$work/$name/tokenpass-tray" ] || cp packaging/tray/tokenpass-tray.desktop "$work/$name/"
        tarball "$name" | xz -9 -T1 >"$dist/$name.tar.xz"
        ;;
    *apple*) tarball "$name" | gzip -9n >"$dist/$name.tar.gz" ;;
    *windows*)
        dated "$work/$name"
        rm -f "$dist/$name.zip"
        (cd "$work" && find "$name" -type f | sort | zip -9 -q -X -@ "$dist/$name.zip")
        ;;
    esac
    say "$name"
}

packages() {
    local target=$1
    shift
    has nfpm || { skip "no nfpm: no deb, rpm, apk and Arch packages"; return; }
    local stage=$work/stage-$target arch program packager
    case $target in x86_64-*) arch=amd64 ;; *) arch=arm64 ;; esac
    mkdir -p "$stage/man"
    cp -r completions "$stage/"
    cp "$@" "$stage/"
    for page in man/*.1; do gzip -9nc "$page" >"$stage/man/${page##*/}.gz"; done
    gzip -9nc CHANGELOG.md >"$stage/changelog.gz"
    {
        echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
        echo "Upstream-Name: TokenPass"
        echo "Source: $URL"
        echo
        echo "Files: *"
        echo "Copyright: $(sed -n 's/^Copyright (c) //p' LICENSE)"
        echo "License: Expat"
        sed '1,/^Permission is/{/^Permission is/!d}; s/^$/./; s/^/ /' LICENSE
    } >"$stage/copyright"
    dated "$stage"
    for program in "$@"; do
        program=${program##*/}
        sed "s|@VERSION@|$VERSION|g; s|@URL@|$URL|g; s|@CONTACT@|$CONTACT|g; s|@ARCH@|$arch|g; s|@STAGE@|$stage|g" \
            "packaging/nfpm/$program.yaml" >"$work/nfpm.yaml"
        for packager in deb rpm apk archlinux; do
            nfpm package --config "$work/nfpm.yaml" --packager "$packager" --target "$dist" >/dev/null
        done
    done
    say "packages of $target"
}

setup() {
    has makensis || { skip "no makensis: no setup for Windows"; return; }
    [ $# = 2 ] || { skip "no tokenpass-tray: no setup for Windows"; return; }
    mkdir -p "$work/setup"
    cp "$@" LICENSE "$work/setup/"
    dated "$work/setup"
    makensis -V2 -DVERSION="$VERSION" -DSTAGE="$work/setup" \
        -DOUT="$dist/tokenpass-$VERSION-setup.exe" packaging/windows/tokenpass.nsi
    signed "$dist/tokenpass-$VERSION-setup.exe"
    say "tokenpass-$VERSION-setup.exe"
}

signed() {
    local file
    for file in "$@"; do
        if [ -n "${SIGN:-}" ]; then
            "$SIGN" "$file"
        else
            skip "SIGN is not set: ${file##*/} is not signed"
        fi
    done
}

# The programs that were made for a target: the tray is where it could be built.
made() {
    local program
    programs=()
    for program in "$1/tokenpass$2" "$1/tokenpass-tray$2"; do
        [ -f "$program" ] || { skip "there is no $program"; continue; }
        [ -z "$build" ] || ! has_paths "$program" || fail "paths of this machine are in $program"
        programs+=("$program")
    done
    [ -f "$1/tokenpass$2" ]
}

apple=()
for target in "$@"; do
    extension=
    [[ $target != *windows* ]] || extension=.exe
    if [ -n "$build" ] && ! compile "$target"; then
        skip "$target is not built here"
        continue
    fi
    made "$target_dir/$target/release" "$extension" || continue
    case $target in
    *linux*)
        archive "$target" "${programs[@]}"
        [[ $target == *gnu ]] || packages "$target" "${programs[@]}"
        ;;
    *windows*)
        signed "${programs[@]}"
        archive "$target" "${programs[@]}"
        setup "${programs[@]}"
        ;;
    *apple*)
        signed "${programs[@]}"
        archive "$target" "${programs[@]}"
        apple+=("$target_dir/$target/release")
        ;;
    esac
done

# Each program of two folders as one, for both processors.
universal() {
    local program
    programs=()
    for program in tokenpass tokenpass-tray; do
        [ -f "$1/$program" ] && [ -f "$2/$program" ] || continue
        if has lipo; then
            lipo -create "$1/$program" "$2/$program" -output "$work/universal/$program"
        else
            python3 packaging/universal.py "$1/$program" "$2/$program" "$work/universal/$program"
        fi
        chmod 755 "$work/universal/$program"
        programs+=("$work/universal/$program")
    done
}

if [ ${#apple[@]} = 2 ]; then
    mkdir "$work/universal"
    universal "${apple[@]}"
    archive universal-apple-darwin "${programs[@]}"
fi

python3 packaging/sbom.py "$VERSION" >"$dist/tokenpass-$VERSION.cdx.json"

# The one place where a template gets its version and hashes. Where a file was not made,
# what needs its hash is left out.
fill() {
    local template=$1 out=$2 place file text
    text=$(sed "s|@VERSION@|$VERSION|g; s|@URL@|$URL|g" "$template")
    while place=$(grep -oE '@SHA256:[^@]+@' <<<"$text" | head -n 1) && [ -n "$place" ]; do
        file=${place#@SHA256:}
        file=tokenpass-$VERSION-${file%@}
        [ -f "$dist/$file" ] || { skip "${template#packaging/}: there is no $file"; return 0; }
        text=${text//$place/$(sha256sum "$dist/$file" | cut -d ' ' -f 1)}
    done
    printf '%s\n' "$text" >"$dist/$out"
}
fill packaging/install.sh install.sh
fill packaging/homebrew/tokenpass.rb tokenpass.rb
fill packaging/scoop/tokenpass.json tokenpass.json
for manifest in packaging/winget/*.yaml; do fill "$manifest" "${manifest##*/}"; done

(cd "$dist" && find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' | sed 's|^\./||' | sort | xargs sha256sum >SHA256SUMS)
say "dist/SHA256SUMS: $(wc -l <"$dist/SHA256SUMS") files"
