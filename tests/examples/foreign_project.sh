#!/usr/bin/env bash
# Installs the client library into an empty directory and builds the C++ example there, as somebody
# else's project; then runs it.
#   foreign_project.sh BUILD_DIRECTORY EXAMPLE_DIRECTORY WORK_DIRECTORY LAUNCHER RUN_COMMAND...
set -euo pipefail
build=$1 example=$2 work=$3 launcher=$4
shift 4
rm -rf "$work"
cmake --install "$build" --component sdk --prefix "$work/installed" >/dev/null
# Nothing generated, nothing of gRPC: not in what a user includes.
if grep -rlE 'pb\.h|grpcpp' "$work/installed/include"; then
  echo "the headers above know generated code" >&2
  exit 1
fi
cp -r "$example" "$work/source"
cmake -S "$work/source" -B "$work/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/installed" \
  -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" >/dev/null
cmake --build "$work/build"
exec "$@" "$work/build/verify_passenger"
