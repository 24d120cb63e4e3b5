#!/usr/bin/env bash
# check_hardening.sh PROGRAMS: every shipped program is position-independent, has its tables
# read-only after the start, a stack that is not executable, guarded frames and checked copies.
set -euo pipefail
programs=$1
fail() { echo "FAILED: $*" >&2; exit 1; }

# check FILE: what is missing, a word for each
check() {
  local header dynamic segments symbols
  header=$(readelf -hW "$1") dynamic=$(readelf -dW "$1") segments=$(readelf -lW "$1")
  symbols=$(readelf --dyn-syms -W "$1")
  grep -q 'Type: *DYN' <<<"$header" && grep -q 'Flags:.* PIE' <<<"$dynamic" || echo pie
  grep -q GNU_RELRO <<<"$segments" && grep -qE 'BIND_NOW|Flags:.* NOW|Flags: NOW' <<<"$dynamic" || echo relro
  grep -qE 'GNU_STACK.* RW +0x' <<<"$segments" || echo stack
  grep -q __stack_chk_fail <<<"$symbols" || echo canary
  grep -qE '__(memcpy|memset|snprintf|vsnprintf|read|fdelt)_chk@' <<<"$symbols" || echo fortify
}

for program in paxid-server paxid paxid-audit-verify; do
  missing=$(check "$programs/$program" | tr '\n' ' ')
  case $program in
    # Too small to copy into a buffer whose size the compiler knows.
    paxid-audit-verify) missing=${missing/fortify /} ;;
  esac
  [ -z "$missing" ] || fail "$program lacks $missing"
done
# The check must be able to fail.
weak=$(mktemp)
trap 'rm -f "$weak"' EXIT
echo 'int main() { return 0; }' | g++ -x c++ -no-pie -fno-stack-protector -z norelro -z execstack -o "$weak" - 2>/dev/null
[ "$(check "$weak" | wc -l)" -eq 5 ] || fail "an unprotected program passes: $(check "$weak" | tr '\n' ' ')"
echo "the programs are hardened"
