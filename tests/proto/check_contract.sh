#!/usr/bin/env bash
# check_contract.sh WHAT TOOL_DIRECTORY PROTO_DIRECTORY
# The checks of the published contract that CMakeLists.txt beside this file registers.
set -euo pipefail
export DO_NOT_TRACK=1
here=$(cd "$(dirname "$0")" && pwd)
what=$1 tool=$2 protos=$3
buf=$(echo "$tool"/node_modules/@bufbuild/buf-linux-*/bin/buf)

# refused COMMAND...: succeeds when buf ran and found something (status 100), not when it failed.
refused() {
  local status=0
  "$@" || status=$?
  [ $status -eq 100 ] || { echo "expected findings (100), got status $status" >&2; exit 1; }
}

# mutated SED_EXPRESSION FILE: a copy of the protos with one edit; prints its directory.
mutated() {
  local copy=$tool/mutated.$what
  rm -rf "$copy"
  cp -r "$protos" "$copy"
  sed -i "$1" "$copy/$2"
  ! cmp -s "$protos/$2" "$copy/$2" || { echo "the edit changed nothing in $2" >&2; exit 1; }
  echo "$copy"
}

case $what in
  install)
    mkdir -p "$tool"
    if [ -x "$buf" ] && cmp -s "$here/package-lock.json" "$tool/package-lock.json"; then exit 0; fi
    cp "$here/package.json" "$here/.npmrc" "$tool/"
    # The lock goes in last, so that a broken installation is repeated.
    cp "$here/package-lock.json" "$tool/package-lock.json"
    status=0
    (cd "$tool" && npm ci --ignore-scripts --no-fund --no-audit) || status=$?
    # npm may end well without having fetched anything: buf's binary is optional to it.
    buf=$(echo "$tool"/node_modules/@bufbuild/buf-linux-*/bin/buf)
    [ $status -eq 0 ] && [ -x "$buf" ] && exec "$buf" --version
    rm -f "$tool/package-lock.json"
    {
      echo "error: buf could not be downloaded (npm ci: status $status), so the contract is not checked"
      echo "       npm asks the registry $(npm config get registry)"
      echo "       Try 'npm ping'; behind a proxy set 'npm config set proxy', or set the registry that"
      echo "       this machine may use with 'npm config set registry'. Then run the test again."
    } >&2
    exit 1
    ;;
  lint)
    cd "$protos" && "$buf" lint
    ;;
  breaking)
    cd "$protos" && "$buf" breaking --against "$here/baseline.binpb"
    ;;
  breaking_is_noticed)
    copy=$(mutated 's/double confidence = 3;/float confidence = 3;/' paxid/v1/verification_service.proto)
    cd "$copy"
    refused "$buf" breaking --against "$here/baseline.binpb"
    ;;
  missing_comment_is_noticed)
    copy=$(mutated '/Number of leaves the checkpoint covers/d' paxid/v1/audit_service.proto)
    cd "$copy"
    refused "$buf" lint
    ;;
  lock_names_no_registry)
    ! grep -n 'http' "$here/package-lock.json"
    ;;
  *)
    echo "unknown check: $what" >&2
    exit 2
    ;;
esac
