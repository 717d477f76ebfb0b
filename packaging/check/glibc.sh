#!/usr/bin/env bash
# The binary that is linked with the system's glibc asks for none after 2.17, and runs.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archive=$(find "$DIST" -name "*-$(uname -m)-unknown-linux-gnu.tar.xz" | head -n 1)
[ -n "$archive" ] || { echo "skipped: there is no archive for glibc"; exit 0; }
tar -xJf "$archive" -C "$work"
binary=$(echo "$work"/*/tokenpass)
floor=$(objdump -T "$binary" | grep -oE 'GLIBC_[0-9.]+' | sort -Vu | tail -n 1)
newest=$(printf 'GLIBC_2.17\n%s\n' "$floor" | sort -V | tail -n 1)
[ "$newest" = GLIBC_2.17 ] || { echo "FAILED: it needs $floor"; exit 1; }
"$binary" --version >/dev/null
echo "   needs $floor at the most, and runs"
