#!/usr/bin/env bash
# Runs each fuzzer of a build for some seconds; a finding fails.   run.sh BUILD SECONDS
set -euo pipefail
build=$1
seconds=$2
count=0
for fuzzer in "$build"/fuzz/*_fuzz; do
  name=$(basename "$fuzzer")
  corpus=$build/corpus/$name
  mkdir -p "$corpus"
  log=$build/$name.log
  if ! "$fuzzer" -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=20 -verbosity=0 "$corpus" >"$log" 2>&1; then
    tail -n 40 "$log"
    echo "fuzz: $name found something; the input is named above" >&2
    exit 1
  fi
  count=$((count + 1))
done
[ "$count" -gt 0 ] || { echo "fuzz: no fuzzer was built in $build" >&2; exit 1; }
echo "fuzz: $count fuzzers ran $seconds s each without a finding"
