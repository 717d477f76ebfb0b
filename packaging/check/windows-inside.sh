#!/usr/bin/env bash
# The part of windows.sh that runs where Windows is, or Wine: PROGRAMS [SETUP]
# (PROGRAMS: the folder that they are in)
set -euo pipefail
programs=$1
setup=${2:-}
work=$(mktemp -d)
trap 'windows taskkill /F /IM tokenpass.exe >/dev/null 2>&1 || true; cd /; rm -rf "$work"' EXIT
cd "$work"
cp "$programs"/tokenpass*.exe .
fail() { echo "FAILED: $*"; exit 1; }
# shellcheck disable=SC2086 # several words, or none
windows() { ${WINE:-} "$@"; }
# There may be a console, at which nobody sits.
t() { windows ./tokenpass.exe --no-input "$@" | tr -d '\r'; }
export TOKENPASS_HOME=home TOKENPASS_PASSWORD='seven quiet herons'
export MSYS_NO_PATHCONV=1

id=$(t register -q)
[ "$(t identity list | cut -f 1)" = "$id" ] || fail "register"
address=$(t key --host example.com --json | grep -oE '"address":"[^"]+"' | cut -d '"' -f 4)
signature=$(t sign hello --host example.com)
[ "$(t verify hello --address "$address" --signature "$signature")" = valid ] || fail "verify"
sealed=$(t encrypt secret --host example.com)
[ "$(t decrypt "$sealed" --host example.com)" = secret ] || fail "decrypt"
echo 'a long passphrase' >passphrase
t export -q --format bep --output wallet.bep --backup-password-file passphrase
[ "$(t import -q --home other --backup wallet.bep --backup-password-file passphrase)" = "$id" ] || fail "import"
t doctor >/dev/null || fail "doctor"
echo "   registers, signs, verifies, encrypts, imports a backup"

if [ -e tokenpass-tray.exe ]; then
    [ "$(windows ./tokenpass-tray.exe --version | tr -d '\r')" = "$(t --version | sed 's/ /-tray /')" ] || fail "the tray"
    echo "   the tray is of the same version"
else
    echo "skipped: there is no tokenpass-tray.exe"
fi

windows ./tokenpass.exe serve --listen 127.0.0.1:0 --log off >url 2>/dev/null </dev/null &
for _ in $(seq 100); do [ -s url ] && break; sleep 0.2; done
url=$(tr -d '\r' <url)
curl --silent --fail "$url/api/health" >/dev/null || fail "no answer over HTTP"
# Only the owner's program may do this: the system has to say whose the connection is.
t login -q --server || fail "the owner's program is not recognised"
token=$(t auth --host example.com --scopes sign)
over_http=$(curl --silent "$url/api/sign" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    -d '{"message":"hello"}' | grep -oE '"sig":"[^"]+"' | cut -d '"' -f 4)
[ "$over_http" = "$signature" ] || fail "over HTTP it is '$over_http', not '$signature'"
if t serve >/dev/null 2>&1; then fail "a second server starts"; fi
echo "   serves; the signature over HTTP is that of the command line; one server a home"
windows taskkill /F /IM tokenpass.exe >/dev/null 2>&1 || true

key='HKCU\Software\Microsoft\Windows\CurrentVersion\Run'
t service uninstall -q # of a run that was interrupted
t service install -q --listen 21765
windows reg query "$key" /v TokenPass | grep -q 'service' || fail "no entry in the Run key"
# As Windows does it at the login.
line=$(windows reg query "$key" /v TokenPass | tr -d '\r' | sed -n 's/.*REG_SZ *//p')
echo "$line" >login.cmd
windows cmd /c login.cmd </dev/null >/dev/null 2>&1 &
for _ in $(seq 50); do curl --silent --fail http://127.0.0.1:21765/api/health >/dev/null && break; sleep 0.2; done
curl --silent --fail http://127.0.0.1:21765/api/health >/dev/null || fail "the service does not run"
t service status >/dev/null || fail "service status"
windows taskkill /F /IM tokenpass.exe >/dev/null 2>&1 || true
t service uninstall -q
if windows reg query "$key" /v TokenPass >/dev/null 2>&1; then fail "the entry in the Run key is left"; fi
echo "   the Run key is set, starts the service, and is removed"

[ -n "$setup" ] || { echo "skipped: there is no setup (is makensis here?)"; exit 0; }
unset TOKENPASS_HOME
windows "$setup" /S
local=$(windows cmd /c 'echo %LOCALAPPDATA%' | tr -d '\r')
folder=$local'\Programs\TokenPass'
exists() {
    printf '@if exist "%s" echo yes\r\n' "$1" >exists.cmd
    windows cmd /c exists.cmd 2>/dev/null | grep -q yes
}
exists "$folder\\tokenpass.exe" || fail "nothing was set up"
windows reg query 'HKCU\Environment' /v Path | grep -qF 'Programs\TokenPass' || fail "not in PATH"
windows reg query "$key" /v TokenPass >/dev/null || fail "the setup set no Run key"
uninstall='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\TokenPass'
windows reg query "$uninstall" /v Publisher | grep -q TokenPass || fail "no publisher"
windows reg query "$key" /v TokenPassTray | grep -qF 'TokenPass\tokenpass-tray.exe' || fail "the setup starts no tray"
shortcut=$(windows cmd /c 'echo %APPDATA%' | tr -d '\r')'\Microsoft\Windows\Start Menu\Programs\TokenPass.lnk'
exists "$shortcut" || fail "there is no shortcut"
tray_runs() { windows tasklist 2>/dev/null | grep -q '^tokenpass-tray'; }
tray_runs || fail "the tray does not run"
# Over one that runs.
windows "$setup" /S
tray_runs || fail "the tray does not run after a second setup"
windows taskkill /F /IM tokenpass.exe >/dev/null 2>&1 || true
# As the uninstaller that Windows calls: without the copy of itself that it waits for.
windows "$folder\\uninstall.exe" /S "_?=$folder"
for left in tokenpass.exe tokenpass-tray.exe tokenpass-tray.old.exe; do
    exists "$folder\\$left" && fail "$left is left"
done
exists "$shortcut" && fail "the shortcut is left"
tray_runs && fail "the tray is left running"
if windows reg query "$key" /v TokenPass >/dev/null 2>&1; then fail "the Run key is left"; fi
if windows reg query "$key" /v TokenPassTray >/dev/null 2>&1; then fail "the tray's Run key is left"; fi
windows "$setup" /S /NOTRAY /NOSERVICE
if windows reg query "$key" 2>/dev/null | grep -q TokenPass; then fail "the setup sets a Run key that is not wanted"; fi
windows "$folder\\uninstall.exe" /S "_?=$folder"
if windows reg query 'HKCU\Environment' /v Path 2>/dev/null | grep -qF 'Programs\TokenPass'; then fail "PATH is left"; fi
echo "   the setup installs and removes silently"
