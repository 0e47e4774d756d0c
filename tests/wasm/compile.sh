#!/usr/bin/env bash
# The core modules must build for wasm32 without exceptions, run-time types and threads.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
compile() {
  local name=$1
  clang++-19 --target=wasm32-wasi -std=c++23 -stdlib=libc++ -fno-exceptions -fno-rtti -O1 -c \
    -Isrc -Iinclude -isystem .deps/sqlite -D_WASI_EMULATED_SIGNAL -Wall -Werror -Wno-unused-command-line-argument \
    -o "$out/$(echo "$name" | tr / _).o" "$name" || { echo "wasm32: $name does not compile"; return 1; }
}
export -f compile
export out
find src/base src/fsx src/wal src/pack src/btree src/pages src/store src/sqlite -name '*.cc' |
  grep -vE '_(test|bench|fuzz)\.cc$|src/fsx/(posix_disk|local_ownership)\.cc' |
  xargs -P 2 -I{} bash -c 'compile {}' || failed=1
[ $failed = 0 ] && echo "wasm32: the core modules compile"
exit $failed
