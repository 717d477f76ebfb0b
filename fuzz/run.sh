#!/usr/bin/env bash
# Fuzzes every reader of foreign bytes, from the seeds of `tests/fuzz`:
#
#     fuzz/run.sh [SECONDS [TARGET...]]
#
# SECONDS is for each target, 5 if not given. What is found stands in
# `fuzz/artifacts`; it becomes a line of `FOUND` in `tests/fuzz/main.rs`.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo fuzz --version >/dev/null 2>&1; then
    echo "skipped: there is no cargo-fuzz; \`cargo install cargo-fuzz\` gets it"
    exit
fi

seconds=${1:-5}
targets=("${@:2}")
if [ ${#targets[@]} = 0 ]; then
    mapfile -t targets < <(cargo fuzz list)
fi

# One of them keeps a wallet in files.
[ ! -d /dev/shm ] || export TMPDIR=/dev/shm

cargo test --quiet --test fuzz write_seeds -- --ignored >/dev/null
# Without a sanitizer, the stable compiler will do: what they look for is no
# matter of safe code.
cargo fuzz build --sanitizer none
for target in "${targets[@]}"; do
    echo "== $target"
    log=$(mktemp)
    if ! cargo fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" \
        -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 >"$log" 2>&1; then
        tail -n 60 "$log"
        exit 1
    fi
    # How far the seeds reach, and all that was tried: of the program's edges.
    grep -oE '(INITED|DONE) +cov: [0-9]+' "$log"
    grep number_of_executed_units "$log"
    rm "$log"
done
