#!/usr/bin/env bash
# Runs the tests with real clients against a binary: the libraries that web apps
# use, and a browser.
#
#   bash tests/clients/run.sh
#
# TOKENPASS_BIN names the binary (the debug build). Where there is no Node.js
# nothing is run, where there is no Chromium the browser's part is not.
set -euo pipefail

export TOKENPASS_BIN=${TOKENPASS_BIN:-${CARGO_TARGET_DIR:-$(dirname "$0")/../../target}/debug/tokenpass}
TOKENPASS_BIN=$(realpath "$TOKENPASS_BIN")
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

# Debian's own package, where it may be installed without asking anybody.
if ! command -v chromium >/dev/null && [ -e /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
    { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1 || true
fi
command -v chromium >/dev/null || echo "the browser's tests are skipped: chromium is not installed"

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
npm test --silent
