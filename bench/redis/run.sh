#!/bin/sh
# The cases of a year through Redis Streams, on this machine: run.sh [--cases N] [--runs N] [--json] ...
#
# Installs Redis and its client library from Debian where they are missing, builds what measures, and
# runs it. Each Redis is started fresh on a socket below build/bench and ended again; an installed one
# is not touched.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
sh tools/install-packages.sh build redis >&2
make --no-print-directory CC=gcc CONFIG=release build/release-gcc/redis >&2
mkdir -p build/bench

# Debian's redis-server would start a Redis of its own as a service. The program is in redis-tools,
# too, under another name; it goes by the name that it is called with.
server=$(command -v redis-server || true)
if [ -z "$server" ]; then
    server=$root/build/bench/redis-server
    ln -sf /usr/bin/redis-check-rdb "$server"
fi
exec build/release-gcc/redis --program "$server" "$@"
