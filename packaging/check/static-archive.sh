#!/usr/bin/env bash
# Unpacks the archive with the static program for this machine, and prints its folder, or
# why there is none: static-archive.sh INTO
set -euo pipefail
archive=$(find "$DIST" -name "*-$(uname -m)-unknown-linux-musl.tar.xz" | head -n 1)
[ -n "$archive" ] || { echo "there is no archive for this machine"; exit 1; }
tar -xJf "$archive" -C "$1"
folder=$1/$(basename "$archive" .tar.xz)
if grep -q INTERP <<<"$(readelf --wide --program-headers "$folder/tokenpass")"; then
    echo "the program is not the static one (release.sh makes it)"
    exit 1
fi
echo "$folder"
