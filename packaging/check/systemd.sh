#!/usr/bin/env bash
# Boots Debian in systemd-nspawn and installs the service there as somebody whose home
# has a name that is hard to quote.
#
#   packaging/check/systemd.sh BINARY [SUITE…]    (suites: bookworm trixie)
#
# As root. Root file systems are made once, by debootstrap, in ${CHECK_CACHE:-/var/tmp}.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "$1")
shift
cache=${CHECK_CACHE:-/var/tmp/tokenpass-check}

for tool in systemd-nspawn debootstrap nsenter; do
    command -v "$tool" >/dev/null || { echo "skipped: there is no $tool"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: only root can boot a system"; exit 0; }

root_of() {
    local root=$cache/$1
    [ -e "$root.made" ] || {
        rm -rf "$root"
        mkdir -p "$cache"
        debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,curl \
            "$1" "$root" >"$root.log" 2>&1
        touch "$root.made"
    }
    echo "$root"
}

for suite in "${@:-bookworm trixie}"; do
    for suite in $suite; do
        root=$(root_of "$suite") || { echo "skipped: no root file system of $suite can be made"; continue; }
        machine=tokenpass-$suite-$$
        # What is written in there is gone afterwards.
        SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --directory="$root" --volatile=overlay \
            --machine="$machine" --register=no --keep-unit --capability=all --private-network \
            --bind-ro="$binary:/mnt/tokenpass" --bind-ro="$here/systemd-inside.sh:/mnt/inside.sh" \
            --console=pipe --boot </dev/null >"$cache/$suite.console" 2>&1 &
        nspawn=$!
        trap 'kill "$nspawn" 2>/dev/null || true' EXIT
        init=
        for _ in $(seq 100); do
            init=$(pgrep -P "$nspawn" || true)
            [ -n "$init" ] && nsenter -t "$init" -a systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' && break
            sleep 0.2
        done
        echo "== $suite: $(nsenter -t "$init" -a systemctl --version | head -1)"
        nsenter -t "$init" -a bash /mnt/inside.sh
        kill -s SIGRTMIN+4 "$init"
        wait "$nspawn" || true
        trap - EXIT
    done
done
