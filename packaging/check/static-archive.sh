#!/usr/bin/env bash
# Unpacks the archive with the static programs, and prints its folder, or why there is none:
# static-archive.sh INTO [ARCHITECTURE]     (ARCHITECTURE: else that of this machine)
set -euo pipefail
architecture=${2:-$(uname -m)}
archive=$(find "$DIST" -name "*-$architecture-unknown-linux-musl.tar.xz" | head -n 1)
[ -n "$archive" ] || { echo "there is no archive for $architecture"; exit 1; }
tar -xJf "$archive" -C "$1"
folder=$1/$(basename "$archive" .tar.xz)
for program in "$folder"/tokenpass "$folder"/tokenpass-tray; do
    if [ -e "$program" ] && grep -q INTERP <<<"$(readelf --wide --program-headers "$program")"; then
        echo "the programs are not the static ones (release.sh makes them)"
        exit 1
    fi
done
echo "$folder"
