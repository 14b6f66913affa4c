#!/bin/sh
# Installs the Debian 12 packages that a purpose needs and that are not there yet.
# Usage: install-packages.sh PURPOSE...   build, test, lint, model
set -eu

packages_for() {
    case $1 in
    build) echo gcc make pkg-config libc6-dev libzmq3-dev liblmdb-dev libprotobuf-c-dev \
        protobuf-c-compiler libjemalloc-dev libsodium-dev libxxhash-dev libcsv-dev libjansson-dev ;;
    test) echo libcriterion-dev ;;
    lint) echo clang clang-tidy clang-format cppcheck ;;
    model) echo spin gcc ;;
    *) echo "install-packages: unknown purpose '$1'; use build, test, lint, model" >&2; exit 2 ;;
    esac
}

missing=
for purpose in "$@"; do
    for package in $(packages_for "$purpose"); do
        status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
        [ "$status" = "install ok installed" ] || missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "install-packages: this is no Debian; please install what these packages hold:$missing" >&2
    exit 1
fi
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
echo "install-packages: installing$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
