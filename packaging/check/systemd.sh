#!/usr/bin/env bash
# Boots Debian in systemd-nspawn and installs the service there as somebody whose home
# has a name that is hard to quote.
#
#   TOKENPASS=BINARY packaging/check/systemd.sh [SUITE…]    (suites: bookworm trixie)
#
# As root, with systemd-nspawn and debootstrap.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${CHECK_CACHE:-/var/tmp/tokenpass-check}

for tool in systemd-nspawn debootstrap nsenter; do
    command -v "$tool" >/dev/null || { echo "skipped: there is no $tool"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: only root can boot a system"; exit 0; }

[ $# -gt 0 ] || set -- bookworm trixie
for suite in "$@"; do
    root=$("$here/debian-root.sh" "$suite") || { echo "skipped: no root file system of $suite can be made"; continue; }
    machine=tokenpass-$suite-$$
    # What is written in there is gone afterwards.
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --directory="$root" --volatile=overlay \
        --machine="$machine" --register=no --keep-unit --capability=all --private-network \
        --bind-ro="$TOKENPASS:/mnt/tokenpass" --bind-ro="$here/systemd-inside.sh:/mnt/inside.sh" \
        --console=pipe --boot </dev/null >"$cache/$suite.console" 2>&1 &
    nspawn=$!
    trap 'kill "$nspawn" 2>/dev/null || true' EXIT
    init='' booted=''
    for _ in $(seq 600); do
        init=$(pgrep -P "$nspawn" || true)
        # "degraded", which it says with an exit code, is as good here.
        state=$([ -n "$init" ] && nsenter -t "$init" -a systemctl is-system-running 2>/dev/null || true)
        case $state in running | degraded) booted=yes && break ;; esac
        sleep 0.2
    done
    if [ -z "$booted" ]; then
        echo "skipped: $suite does not boot here: $(tail -n 1 "$cache/$suite.console")"
        kill "$nspawn" 2>/dev/null || true
        continue
    fi
    echo "== $suite: $(nsenter -t "$init" -a systemctl --version | head -1)"
    nsenter -t "$init" -a bash /mnt/inside.sh
    kill -s SIGRTMIN+4 "$init"
    wait "$nspawn" || true
    trap - EXIT
done
