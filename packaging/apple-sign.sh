#!/usr/bin/env bash
# Signs a file for macOS: `apple-sign.sh FILE` with the identity in APPLE_IDENTITY;
# `apple-sign.sh import` first brings the certificate (CERTIFICATE, base64 of a PKCS#12
# file, and its PASSWORD) into a keychain of its own.
set -euo pipefail
if [ "$1" = import ]; then
    keychain=$RUNNER_TEMP/release.keychain-db
    secret=$(openssl rand -hex 16)
    security create-keychain -p "$secret" "$keychain"
    security unlock-keychain -p "$secret" "$keychain"
    base64 --decode <<<"$CERTIFICATE" >"$RUNNER_TEMP/certificate.p12"
    security import "$RUNNER_TEMP/certificate.p12" -k "$keychain" -P "$PASSWORD" -T /usr/bin/codesign
    rm "$RUNNER_TEMP/certificate.p12"
    security set-key-partition-list -S apple-tool:,apple: -s -k "$secret" "$keychain" >/dev/null
    security list-keychains -d user -s "$keychain" login.keychain-db
else
    codesign --force --timestamp --options runtime --sign "$APPLE_IDENTITY" "$1"
fi
