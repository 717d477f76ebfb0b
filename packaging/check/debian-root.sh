#!/usr/bin/env bash
# Prints the path of a clean Debian, which is made once: debian-root.sh SUITE
set -euo pipefail
cache=${CHECK_CACHE:-/var/tmp/tokenpass-check}
root=$cache/$1
if [ ! -e "$root.made" ]; then
    command -v debootstrap >/dev/null && [ "$(id -u)" = 0 ] || exit 1
    rm -rf "$root"
    mkdir -p "$cache"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,curl \
        "$1" "$root" >"$root.log" 2>&1
    touch "$root.made"
fi
echo "$root"
