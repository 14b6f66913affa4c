#!/bin/sh
# Installs what Lianxin needs of Debian 12 and is not there yet. Silent where nothing is missing.
#
#   install-packages.sh [build] [test] [lint] [model] [bench] [redis]     none named: build
#
#   build   compiler, libraries and the protobuf generator
#   test    Criterion, for the unit tests; Expat, for those of other people's tables in XML; clang and
#           its runtime, for fuzzing
#   lint    clang, clang-tidy, clang-format, cppcheck; hiredis, whose header the peer includes
#   model   spin, for the models of the ring
#   bench   gnuplot, for the plots
#   redis   Redis and its client library, for the peer in bench/redis
#
# Needs root, or sudo. Elsewhere than on Debian and its kin it says what to install by hand.
set -eu

# The generator is a package of its own: libprotobuf-c-dev does not bring it. gcc only recommends
# libc6-dev, and clang what a sanitizer or libFuzzer runs on.
packages_of() {
    case $1 in
    build)
        echo make gcc libc6-dev protobuf-c-compiler libprotobuf-c-dev libzmq3-dev liblmdb-dev \
            libjemalloc-dev libsodium-dev libxxhash-dev libcsv-dev libjansson-dev \
            libopencc-dev libopencc-data
        ;;
    test) echo libcriterion-dev libexpat1-dev clang libclang-rt-dev ;;
    lint) echo clang clang-tidy clang-format cppcheck libhiredis-dev ;;
    model) echo spin gcc libc6-dev ;;
    bench) echo gnuplot-nox ;;
    redis) echo redis-tools libhiredis-dev ;;
    *)
        echo "install-packages.sh: $1 is none of build, test, lint, model, bench, redis" >&2
        return 2
        ;;
    esac
}

[ $# -gt 0 ] || set -- build
wanted=
for group; do
    names=$(packages_of "$group")
    wanted="$wanted $names"
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian system. Lianxin needs what these Debian 12 packages hold:" >&2
    printf '    %s\n' $wanted >&2
    exit 1
fi

# dpkg-query fails where it does not know a package at all; that one is missing, then.
installed=$(dpkg-query --show --showformat '${db:Status-Status}/${Package}\n' $wanted \
    2>/dev/null || true)
missing=
for name in $wanted; do
    case "
$installed
" in
    *"
installed/$name
"*) ;;
    *) missing="$missing $name" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "Missing:$missing. Neither root nor sudo is at hand; as root:" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

# A list that cannot be fetched need not be the one that counts: the installation tells.
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 \
        -o DPkg::Lock::Timeout=120 "$@" >/dev/null
}
echo "Installing$missing"
apt update || true
if ! apt install --no-install-recommends $missing; then
    echo "apt-get could not install:$missing" >&2
    exit 1
fi
