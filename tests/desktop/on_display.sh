#!/usr/bin/env bash
# on_display.sh COMMAND...: runs a command with a screen that nobody sees and a session bus of its
# own, on which assistive technology finds the programs.
set -euo pipefail
for program in Xvfb dbus-run-session; do
  command -v "$program" >/dev/null || {
    echo "error: $program is missing; ops/test installs the packages xvfb, dbus, at-spi2-core" >&2
    exit 1
  }
done
work=$(mktemp -d)
Xvfb -displayfd 3 -screen 0 1366x900x24 -nolisten tcp 3>"$work/display" 2>"$work/log" &
screen=$!
trap 'kill $screen 2>/dev/null || true; wait $screen 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 600); do
  [ -s "$work/display" ] && break
  kill -0 $screen 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.1
done
export DISPLAY=:$(cat "$work/display")
export XDG_RUNTIME_DIR=$work QT_QPA_PLATFORM=xcb QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 NO_AT_BRIDGE=0
dbus-run-session -- "$@"
