#!/usr/bin/env bash
# What tray.sh does where there is a screen and a bus.
set -euo pipefail
export TOKENPASS_HOME=$HOME/wallet TOKENPASS_INSECURE_TEST_KDF_ITERATIONS=1 TOKENPASS_PASSWORD='seven quiet herons'
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

GREEN='#2ea043' GREY='#8e959e' AMBER='#e89a16'
HEIGHT=36 # of the panel

say() { printf '   %s\n' "$*"; }
fail() { printf 'failed: %s\n' "$*"; screen failed; exit 1; }
screen() { import -window root "$PICTURES/tray-$1.png"; }
# Waits until something holds.
until_() { local what=$1; shift; for _ in $(seq 150); do "$@" && return; sleep 0.2; done; fail "$what"; }
on_bus() { gdbus call --session --dest org.freedesktop.DBus --object-path / --method org.freedesktop.DBus.NameHasOwner "$1" | grep -q true; }

# Pixels of a colour in the panel.
pixels() { import -window root -crop "800x$HEIGHT+0+0" -depth 8 txt:- | grep -ci " $1" || true; }
shows() { [ "$(pixels "$1")" -ge "${2:-20}" ]; }
is_without() { [ "$(pixels "$1")" -lt 4 ]; }
# Where the middle of such pixels is.
place() {
    import -window root -crop "800x$HEIGHT+0+0" -depth 8 txt:- | sed -n "s/^\([0-9]*\),\([0-9]*\):.* $1.*/\1 \2/Ip" |
        awk '{x += $1; y += $2} END {print int(x / NR), int(y / NR)}'
}
server_is() { [ "$(curl -s "$url/api/status" | grep -o '"unlocked":[a-z]*')" = "\"unlocked\":$1" ]; }
origin_is() { "$TOKENPASS" origin list 2>/dev/null | grep -q "^$1.*$2"; }
asks() { curl -s -o "$HOME/answer" -H "Origin: $1" -H 'Content-Type: application/json' -d '{"host":"'"${1#*//}"'"}' "$url/api/auth"; }

# There is a bus now, and no panel.
code=0
said=$("$TRAY" --home "$HOME/none" 2>&1 </dev/null) || code=$?
[ "$code" = 1 ] && [ "$(wc -l <<<"$said")" = 1 ] && grep -q '^error: no panel here shows icons' <<<"$said" ||
    fail "without a panel: $code, $said"
say "no panel: $said"

xfwm4 --compositor=off &
xfce4-panel --disable-wm-check &
/usr/lib/*/xfce4/notifyd/xfce4-notifyd &
until_ "no panel comes" on_bus org.kde.StatusNotifierWatcher
until_ "nobody shows notifications" on_bus org.freedesktop.Notifications

"$TOKENPASS" register --name Alice >/dev/null
serve() {
    "$TOKENPASS" serve --unlock --listen 127.0.0.1:0 >"$HOME/url" &
    server=$!
    until_ "no server" test -s "$HOME/url"
    url=$(cat "$HOME/url")
}
serve
"$TOKENPASS" tray &
until_ "no icon in the panel" shows "$GREEN"
screen unlocked
say "the icon is in the panel: $(pixels "$GREEN") green pixels"

code=0
said=$("$TRAY" 2>&1) || code=$?
[ "$code" = 6 ] || fail "a second tray: $code, $said"
say "a second one: $said"

# shellcheck disable=SC2046 # two words
xdotool mousemove $(place "$GREEN") click 1
sleep 1
screen menu
