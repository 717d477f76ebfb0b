#!/bin/sh
# Makes the table of benches/README.md: sizes, then the load run, by turns with
# OTHER, the `tokenpass` of another version, if one is named.
#
#   benches/bench.sh [SECONDS [OTHER]]
set -eu
cd "$(dirname "$0")/.."
cargo build --release --locked --bin tokenpass --example load
target=${CARGO_TARGET_DIR:-target}/release

printf 'size of the program                  %9d bytes\n' "$(wc -c <"$target/tokenpass")"
if [ -n "${2:-}" ]; then
    printf 'size of the other                    %9d bytes\n' "$(wc -c <"$2")"
fi
"$target/examples/load" "${1:-20}" ${2:+"$2"}
