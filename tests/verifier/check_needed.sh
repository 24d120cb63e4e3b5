#!/usr/bin/env bash
# check_needed.sh PROGRAM: the offline verifier needs libcrypto and the runtime of the language, no
# other library: nothing that talks to a network, reads a database or a configuration.
set -euo pipefail
allowed='libcrypto.so.3 libstdc++.so.6 libgcc_s.so.1 libm.so.6 libc.so.6 ld-linux-x86-64.so.2'
# What the sanitizers of the test build add.
allowed+=' libasan.so.8 libubsan.so.1'
needed=$(readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
grep -qx 'libcrypto.so.3' <<<"$needed" || { echo "libcrypto is not needed: is this the verifier?" >&2; exit 1; }
for library in $needed; do
  [[ " $allowed " == *" $library "* ]] || { echo "needs $library" >&2; exit 1; }
done
