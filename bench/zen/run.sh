#!/bin/sh
# The same decision tables by Lianxin and by the ZEN engine of GoRules, on this machine: run.sh [ROWS ...]
#
# Installs the npm package @gorules/zen-engine below build/bench, builds what converts the tables, and
# asks both the same cases. Needs node and npm; nothing outside build/ is touched.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "run.sh: node and npm are needed (Debian: apt-get install nodejs npm)" >&2
    exit 1
fi
sh tools/install-packages.sh build >&2
make --no-print-directory CC=gcc CONFIG=release build/release-gcc/zen-export >&2
folder=build/bench/zen
mkdir -p "$folder"
[ -d "$folder/node_modules/@gorules/zen-engine" ] ||
    npm install --silent --no-fund --no-audit --prefix "$folder" @gorules/zen-engine@0.54 >&2
[ $# -gt 0 ] || set -- 500 2000 4096
for rows; do
    build/release-gcc/zen-export "$rows" 200 "$folder"
    node bench/zen/run.mjs "$folder"
done
