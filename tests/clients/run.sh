#!/usr/bin/env bash
# Runs the tests with real clients against a binary: the libraries that web apps
# use, programs that sign people in, and a browser.
#
#   bash tests/clients/run.sh
#
# TOKENPASS_BIN names the binary (the debug build). Where there is no Node.js
# nothing is run; what else is missing is said, and its part is not run.
set -euo pipefail

target=$(realpath -m "${CARGO_TARGET_DIR:-$(dirname "$0")/../../target}")
TOKENPASS_BIN=$(realpath "${TOKENPASS_BIN:-$target/debug/tokenpass}")
export TOKENPASS_BIN
cd "$(dirname "$0")"

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "skipped: Node.js is not installed"
    exit 0
fi
major=$(node --print 'process.versions.node.split(".")[0]')
if [ "$major" -lt 20 ]; then
    echo "skipped: Node.js 20 or newer is needed, this is $major"
    exit 0
fi

# Debian's own packages, where they may be installed without asking anybody.
packages="chromium apache2 libapache2-mod-auth-openidc git-credential-oauth python3-venv"
if [ -e /etc/debian_version ] && [ "$(id -u)" = 0 ] && ! dpkg-query --show $packages >/dev/null 2>&1; then
    # Apache is wanted for a test, not as this machine's web server.
    { apt-get update && RUNLEVEL=1 apt-get install -y --no-install-recommends $packages; } >/dev/null 2>&1 || true
fi
command -v chromium >/dev/null || echo "the browser's tests are skipped: chromium is not installed"

# Python's, beside this script.
if python3 -c 'import ensurepip, venv' 2>/dev/null; then
    if ! [ .venv/requirements.txt -nt python/requirements.txt ]; then
        python3 -m venv --clear .venv
        .venv/bin/pip install --quiet --requirement python/requirements.txt
        cp python/requirements.txt .venv
    fi
else
    echo "the tests of Python's clients are skipped: python3 with venv is not installed"
fi

# The app in Rust, which is no part of TokenPass's own build.
if command -v cargo >/dev/null; then
    cargo build --quiet --locked --manifest-path rust/Cargo.toml --target-dir "$target"
    export OPENIDCONNECT_BIN=$target/debug/tokenpass-openidconnect-client
else
    echo "the test of a client in Rust is skipped: cargo is not installed"
fi

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
npm test --silent
echo "the same with the newest @bsv/sdk"
npm run --silent test:newest
