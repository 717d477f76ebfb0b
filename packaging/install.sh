#!/bin/sh
# Installs TokenPass for the user who runs it, without root: the archive for this
# machine, whose checksum is verified, unpacked below ~/.local.
#
#   sh install.sh [--to DIR]      (DIR: instead of ~/.local)
#
# TOKENPASS_DOWNLOAD is where the archives and SHA256SUMS are, if not at the latest
# release.
set -eu

downloads=${TOKENPASS_DOWNLOAD:-@URL@/releases/latest/download}
prefix=${HOME}/.local

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
    --to)
        [ $# -gt 1 ] || fail "--to needs a folder"
        prefix=$2
        shift 2
        ;;
    *) fail "unknown option: $1" ;;
    esac
done

case $(uname -s)-$(uname -m) in
Linux-x86_64 | Linux-amd64) target=x86_64-unknown-linux-musl ;;
Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
Darwin-*) target=universal-apple-darwin ;;
*) fail "there is no archive for $(uname -s) on $(uname -m): build it with cargo" ;;
esac

fetch() {
    if command -v curl >/dev/null; then
        curl --fail --silent --show-error --location "$1" --output "$2"
    elif command -v wget >/dev/null; then
        wget --quiet "$1" --output-document "$2"
    else
        fail "neither curl nor wget is here"
    fi
}

digest() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1"
    elif command -v shasum >/dev/null; then
        shasum -a 256 "$1"
    else
        fail "neither sha256sum nor shasum is here: nothing can be verified"
    fi | cut -d ' ' -f 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fetch "$downloads/SHA256SUMS" "$work/SHA256SUMS" || fail "no SHA256SUMS at $downloads"
line=$(grep -E "^[0-9a-f]{64}  tokenpass-[0-9A-Za-z.+-]*-$target\.tar\.(xz|gz)\$" "$work/SHA256SUMS" | head -n 1)
[ -n "$line" ] || fail "SHA256SUMS names no archive for $target"
wanted=${line%% *}
archive=${line##* }

fetch "$downloads/$archive" "$work/$archive" || fail "no $archive at $downloads"
found=$(digest "$work/$archive")
[ "$found" = "$wanted" ] || fail "$archive is not what SHA256SUMS says: nothing was installed
  wanted $wanted
  found  $found"

case $archive in
*.xz) command -v xz >/dev/null || fail "xz is not here to unpack $archive" ;;
esac
tar -xf "$work/$archive" -C "$work"
unpacked=$work/${archive%.tar.*}

mkdir -p "$prefix/bin" "$prefix/share/man/man1" "$prefix/share/bash-completion/completions" \
    "$prefix/share/fish/vendor_completions.d" "$prefix/share/zsh/site-functions"
for program in tokenpass tokenpass-tray; do
    [ -f "$unpacked/$program" ] || continue
    # A running program cannot be written over, but renamed over.
    cp "$unpacked/$program" "$prefix/bin/.$program.new"
    chmod 755 "$prefix/bin/.$program.new"
    mv -f "$prefix/bin/.$program.new" "$prefix/bin/$program"
done
cp "$unpacked"/man/*.1 "$prefix/share/man/man1/"
cp "$unpacked/completions/tokenpass.bash" "$prefix/share/bash-completion/completions/tokenpass"
cp "$unpacked/completions/tokenpass.fish" "$prefix/share/fish/vendor_completions.d/"
cp "$unpacked/completions/_tokenpass" "$prefix/share/zsh/site-functions/"
if [ -f "$unpacked/tokenpass-tray.desktop" ]; then
    # The desktop may know another PATH: the whole path, quoted as such files have it.
    tray=$(printf %s "$prefix/bin/tokenpass-tray" | sed 's/[\\"`$]/\\&/g; s/\\/\\\\/g; s/%/%%/g')
    mkdir -p "$prefix/share/applications"
    while IFS= read -r line; do
        case $line in Exec=*) line="Exec=\"$tray\" --wait" ;; esac
        printf '%s\n' "$line"
    done <"$unpacked/tokenpass-tray.desktop" >"$prefix/share/applications/tokenpass-tray.desktop"
fi

"$prefix/bin/tokenpass" --version
echo "installed as $prefix/bin/tokenpass"
case :$PATH: in
*:"$prefix/bin":*) ;;
*) echo "$prefix/bin is not in your PATH: add it" ;;
esac
