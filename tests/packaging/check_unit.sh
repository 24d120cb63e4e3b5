#!/usr/bin/env bash
# check_unit.sh UNIT: systemd rates how exposed the unit is; at most 2.0 of 10.
set -euo pipefail
report=$(systemd-analyze security --offline=yes --threshold=20 --no-pager "$1") || {
  echo "$report" | grep -E '✗|exposure' >&2
  echo "FAILED: the unit is too exposed" >&2
  exit 1
}
echo "$report" | tail -n 1
# The check must be able to fail.
weak=$(mktemp --suffix=.service)
trap 'rm -f "$weak"' EXIT
printf '[Service]\nExecStart=/usr/bin/true\n' >"$weak"
if systemd-analyze security --offline=yes --threshold=20 --no-pager "$weak" >/dev/null 2>&1; then
  echo "FAILED: an unprotected unit passes" >&2
  exit 1
fi
