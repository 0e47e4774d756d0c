#!/usr/bin/env bash
# Runs one test program of this folder.   run.sh PYTHON DOSQL SCRIPT
set -euo pipefail
python=$1
export DOSQL_BINARY=$2
needed='import duckdb, duckdb_extension_avro, duckdb_extension_iceberg, pyiceberg'
if ! "$python" -c "$needed" 2>/dev/null; then
  echo "lake tests: $python has no PyIceberg and DuckDB; ./dev test --all installs them" >&2
  exit 1
fi
exec "$python" -B "$(dirname "$0")/$3" -v
