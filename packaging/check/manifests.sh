#!/usr/bin/env bash
# The manifests and the workflow, without a build: all archives are made of a program that
# is none, and every address and path that a manifest names is one of them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

targets=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-unknown-linux-gnu
    x86_64-pc-windows-gnu x86_64-apple-darwin aarch64-apple-darwin)
for target in "${targets[@]}"; do
    mkdir -p "$work/target/$target/release"
    # The first bytes of a Mach-O file, for the universal one.
    for program in tokenpass{,.exe} tokenpass-tray{,.exe}; do
        printf '\xcf\xfa\xed\xfe\x07\x00\x00\x01\x03\x00\x00\x00' >"$work/target/$target/release/$program"
    done
done
mkdir "$work/dist"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
# If makensis is here, it replaces this one.
touch "$work/dist/tokenpass-$version-setup.exe"
RELEASE_URL=https://example.com/o/tokenpass DIST=$work/dist CARGO_TARGET_DIR=$work/target \
    bash packaging/release.sh --no-build "${targets[@]}" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }

python3 "$here/manifests.py" "$work/dist" "${targets[@]}"

if command -v ruby >/dev/null; then
    ruby -c "$work/dist/tokenpass.rb" >/dev/null
    echo "   the formula is Ruby"
else
    echo "skipped: there is no ruby to read the formula"
fi
if command -v shellcheck >/dev/null; then
    shellcheck --severity=warning packaging/*.sh packaging/check/*.sh "$work/dist/install.sh" "$work"/dist/steps/*
    echo "   shellcheck has nothing against the scripts and the steps of the workflow"
else
    echo "skipped: there is no shellcheck"
fi
