#!/usr/bin/env bash
# typescript.sh build|lock_names_no_registry SOURCE_DIRECTORY TOOL_DIRECTORY
# Builds the TypeScript example in a copy, with what its lock file names.
set -euo pipefail
what=$1 source=$2 tool=$3
case $what in
  build)
    mkdir -p "$tool"
    if ! cmp -s "$source/package-lock.json" "$tool/package-lock.json"; then
      rm -rf "$tool/node_modules"
      cp "$source/package.json" "$source/.npmrc" "$source/package-lock.json" "$tool/"
      # A broken installation is repeated.
      (cd "$tool" && npm ci --ignore-scripts --no-fund --no-audit) || {
        rm -f "$tool/package-lock.json"
        {
          echo "error: the packages of the example could not be fetched"
          echo "       npm asks the registry $(npm config get registry)"
          echo "       Try 'npm ping', or set the registry that this machine may use with"
          echo "       'npm config set registry'. Then run the test again."
        } >&2
        exit 1
      }
    fi
    cp "$source/verify_passenger.ts" "$source/tsconfig.json" "$tool/"
    cd "$tool" && npm run --silent build
    ;;
  lock_names_no_registry)
    ! grep -n 'http.*\.tgz' "$source/package-lock.json"
    ;;
  *)
    echo "unknown: $what" >&2
    exit 2
    ;;
esac
