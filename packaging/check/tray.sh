#!/usr/bin/env bash
# The icon in a real panel on a screen that nobody sees: its pixels, a click on its menu, a
# click in a notification; and what is said where there is no panel.
#
#   TOKENPASS=BINARY TRAY=BINARY packaging/check/tray.sh
#
#   TRAY      (else both are those of the archive, if they are static; else it is the one
#             beside TOKENPASS)
#   PICTURES  a folder for the screenshots (else they are thrown away)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for tool in Xvfb xfwm4 xfce4-panel dbus-run-session gdbus xdotool import curl; do
    command -v "$tool" >/dev/null || { echo "skipped: there is no $tool"; exit 0; }
done
[ -x "$(echo /usr/lib/*/xfce4/notifyd/xfce4-notifyd)" ] || { echo "skipped: there is no xfce4-notifyd"; exit 0; }

work=$(mktemp -d)
xvfb=
trap '[ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true; rm -rf "$work"' EXIT
if [ -z "${TRAY:-}" ]; then
    folder=$("$here/static-archive.sh" "$work") && TOKENPASS=$folder/tokenpass
    TRAY=$TOKENPASS-tray
fi
TRAY=$(realpath -m "$TRAY")
[ -x "$TRAY" ] || { echo "skipped: there is no tokenpass-tray (cargo build --features tray)"; exit 0; }
export TRAY TOKENPASS PICTURES=${PICTURES:-$work}
export HOME=$work XDG_RUNTIME_DIR=$work/run XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache XDG_DATA_HOME=$work/data
export NO_AT_BRIDGE=1
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS TOKENPASS_HOME TOKENPASS_SESSION
mkdir -m 700 "$XDG_RUNTIME_DIR"

# A panel with nothing in it but icons.
channel=$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml
mkdir -p "$channel"
cat >"$channel/xfce4-panel.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
END

Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
xvfb=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY

# Without a bus.
code=0
said=$("$TRAY" --home "$work/none" 2>&1 </dev/null) || code=$?
[ "$code" = 1 ] && [ "$(wc -l <<<"$said")" = 1 ] && grep -q '^error: there is no session bus' <<<"$said" ||
    { echo "without a bus: $code, $said"; exit 1; }
echo "   no bus: $said"

dbus-run-session -- bash "$here/tray-inside.sh" 2>"$work/errors" || { code=$?; tail -n 40 "$work/errors" >&2; exit "$code"; }
