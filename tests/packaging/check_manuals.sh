#!/usr/bin/env bash
# check_manuals.sh PROGRAMS: the manual pages format without a warning and name every subcommand,
# and bash completes with what the programs print.
set -euo pipefail
programs=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

for program in paxid paxid-server paxid-audit-verify; do
  "$programs/$program" --print-man-page >"$work/$program.roff"
  # Long examples may stand out over the margin: "break" warns of layout, not of mistakes.
  groff -man -Tutf8 -Kutf8 -ww -Wbreak "$work/$program.roff" >"$work/$program.txt" 2>"$work/warnings" ||
    fail "groff refuses the page of $program"
  [ ! -s "$work/warnings" ] || { head "$work/warnings" >&2; fail "warnings on the page of $program"; }
  "$programs/$program" --print-completion >"$work/$program.bash"
done
"$programs/paxid" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' >"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 10 ] || fail "the help of paxid lists no subcommands"
while read -r command; do
  grep -q "^\.SS paxid ${command//-/\\\\-}$" "$work/paxid.roff" || fail "no section for paxid $command"
done <"$work/commands"

# complete WORD...: what bash offers for the last word
complete_paxid() {
  bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _paxid; echo "${COMPREPLY[@]}"' \
    complete "$work/paxid.bash" "$@"
}
[ "$(complete_paxid paxid boarding-pass wr)" = write ] || fail "a subcommand is not completed"
[[ "$(complete_paxid paxid boarding-pass write --symb)" = --symbology ]] || fail "an option is not completed"
[ -z "$(complete_paxid paxid boarding-pass --symb)" ] || fail "an option of another command is offered"
echo "manual pages and completion are right"
