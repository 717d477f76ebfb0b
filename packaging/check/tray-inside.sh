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

# It may be there before the panel is, and before the wallet.
"$TOKENPASS" tray --wait &
tray=$!
until_ "it does not wait for a panel" test -e "$TOKENPASS_HOME/tray.lock"

xfwm4 --compositor=off &
xfce4-panel --disable-wm-check >/dev/null &
panel=$!
"$(echo /usr/lib/*/xfce4/notifyd/xfce4-notifyd)" &
until_ "no panel comes" on_bus org.kde.StatusNotifierWatcher
until_ "nobody shows notifications" on_bus org.freedesktop.Notifications

"$TOKENPASS" register >/dev/null
serve() {
    "$TOKENPASS" serve --unlock --listen 127.0.0.1:0 >"$HOME/url" 2>>"$HOME/log" &
    server=$!
    until_ "no server" test -s "$HOME/url"
    url=$(cat "$HOME/url")
}
serve
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
xdotool key Down Return
until_ "the click does not lock the server" server_is false
until_ "the icon stays open" is_without "$GREEN"
shows "$GREY" || fail "the icon is not closed"
screen locked
say "a click on the menu locked the server"

asks https://app.example
until_ "no badge" shows "$AMBER" 10
sleep 1
screen question
# The notification, in the right half of a screen that is black otherwise; the button that
# approves is the left one of two at its bottom.
read -r width height left top < <(import -window root png:- | convert - -crop 400x500+400+40 +repage \
    -bordercolor black -border 1 -trim -format '%w %h %X %Y\n' info: | tr -d +)
[ "$width" -gt 200 ] || fail "no notification"
xdotool mousemove "$((400 + left - 1 + width - 149))" "$((40 + top - 1 + height - 31))" click 1
until_ "the click does not approve the origin" origin_is approved https://app.example
until_ "the badge stays" is_without "$AMBER"
say "a click in the notification approved the origin"

# What is decided elsewhere is asked no more.
asks https://other.example
until_ "no badge for the second page" shows "$AMBER" 10
"$TOKENPASS" origin deny --yes https://other.example >/dev/null
until_ "the badge stays after a refusal" is_without "$AMBER"

kill -9 "$server"
rm "$HOME/url"
serve
until_ "the icon does not find the next server" shows "$GREEN"
kill "$server"
until_ "the icon does not see that the server went" is_without "$GREEN"
screen gone
rm "$HOME/url"
serve
until_ "the icon does not see that the server came" shows "$GREEN"
say "a server that was killed, one that went and one that came are seen"

kill "$panel"
wait "$panel" || true
xfce4-panel --disable-wm-check >/dev/null &
until_ "the icon does not come with another panel" shows "$GREEN"
say "another panel shows it too"

process=$(pgrep -P "$tray")
ticks() { awk '{print $14 + $15}' "/proc/$process/stat"; }
lines=$(wc -l <"$HOME/log")
before=$(ticks)
sleep 10
say "10 seconds at rest: $(($(ticks) - before)) hundredths of a second of CPU," \
    "$(($(wc -l <"$HOME/log") - lines)) requests, $(awk '/^VmRSS/ {print $2}' "/proc/$process/status") kB in memory"

mv "$TOKENPASS_HOME" "$TOKENPASS_HOME.away"
until_ "the icon does not see that the wallet went" is_without "$GREEN"
mv "$TOKENPASS_HOME.away" "$TOKENPASS_HOME"
"$TOKENPASS" login --server >/dev/null
until_ "the icon does not see that the wallet is back" shows "$GREEN"

# shellcheck disable=SC2046 # two words
xdotool mousemove $(place "$GREEN") click 1
sleep 1
screen last
xdotool key Up Return
wait "$tray" || fail "it ends with $?"
until_ "the icon stays" is_without "$GREEN"
say "it goes with the wallet, comes back with it, and quits when it is told to"
