#!/usr/bin/env bash
# The agent's property list parses; the macOS archives have Mach-O files, the universal one
# both; what is for Apple's processors is signed, at least by the linker.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - packaging/launchd/tokenpass.plist <<'END'
import plistlib, sys
with open(sys.argv[1], "rb") as file:
    agent = plistlib.load(file)
assert agent["Label"] == "tokenpass" and agent["RunAtLoad"] is True, agent
assert agent["ProgramArguments"][1] == "serve", agent
END
echo "   the property list parses"
found=
for archive in "$DIST"/*apple-darwin.tar.gz; do
    [ -e "$archive" ] || continue
    found=yes
    tar -xzf "$archive" -C "$work"
    case $archive in
    *x86_64-apple*) parts=(x86_64) ;;
    *aarch64-apple*) parts=(arm64) ;;
    *universal-apple*) parts=(universal x86_64 arm64) ;;
    esac
    folder=$work/$(basename "$archive" .tar.gz)
    [ -e "$folder/tokenpass-tray" ] || echo "skipped: there is no tokenpass-tray in ${archive##*/}"
    for program in "$folder"/tokenpass*; do
        kind=$(file -b "$program")
        for part in Mach-O "${parts[@]}"; do
            grep -q "$part" <<<"$kind" || { echo "FAILED: $program: $kind"; exit 1; }
        done
        why=$(python3 packaging/check/signed.py "$program" 2>&1) || { echo "FAILED: $why"; exit 1; }
        echo "   ${archive##*/}: ${program##*/} is Mach-O, ${parts[*]}"
    done
done
[ -n "$found" ] || echo "skipped: there are no archives for macOS"
