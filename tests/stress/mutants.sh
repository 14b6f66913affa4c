#!/bin/sh
# Would the stress test notice? Weakens engine/ring/cursor.h in a copy, one change at a time, and
# runs tests/stress against each: ThreadSanitizer must report it. The shipped header comes first and
# must be clean. Prints one line each and "N passed, N failed" at the end.
#
#   mutants.sh [SEED]
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$root" || exit 1
seed=${1:-1}
slots=20000
passed=0
failed=0

# build: the stress test with whatever stands in $work/ring before the shipped headers.
build() {
    "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=thread -I"$work" -Iengine \
        -o "$work/stress" tests/stress/*.c engine/ring/*.c engine/base/*.c -lpthread
}

# judge NAME CLEAN|RACE [SED-EXPRESSION]
judge() {
    mkdir -p "$work/ring"
    : | tee "$work/out" >"$work/err"
    sed "${3:-}" engine/ring/cursor.h >"$work/ring/cursor.h"
    if [ $# -eq 3 ] && cmp -s engine/ring/cursor.h "$work/ring/cursor.h"; then
        verdict=UNCHANGED
    elif ! build; then
        verdict=BROKEN
    else
        TSAN_OPTIONS=exitcode=66 "$work/stress" "$seed" "$slots" >"$work/out" 2>"$work/err"
        case $? in
        0) verdict=CLEAN ;;
        66) verdict=RACE ;;
        *) verdict=DIED ;;
        esac
    fi
    reports=$(grep -c 'WARNING: ThreadSanitizer: data race' "$work/err")
    if [ "$verdict" = "$2" ]; then
        passed=$((passed + 1))
        echo "ok  $1: $verdict, $reports reports"
    else
        failed=$((failed + 1))
        echo "FAILED  $1: $verdict instead of $2"
        cat "$work/out" "$work/err"
    fi
}

judge "as shipped" CLEAN
judge "P relaxed" RACE '/\/\* P \*\//s/memory_order_seq_cst/memory_order_relaxed/'
judge "O relaxed" RACE '/\/\* O \*\//s/memory_order_seq_cst/memory_order_relaxed/'
judge "one slot too many" RACE 's/lowest + gate->lead;/lowest + gate->lead + (gate->lead > 0);/'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
