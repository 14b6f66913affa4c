#!/bin/sh
# Checks the models of the ring with spin: each must hold, and each of its mutants must be found, or
# the model could not have found the fault either. One line each; ends with "N passed, N failed".
set -u

models=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
passed=0
failed=0

# judge MODEL CLEAN|FOUND [-DSWITCH ...]
judge() {
    model=$1 wanted=$2
    shift 2
    name="$model${*:+ $*}"
    rm -f pan* ./*.trail
    : >pan.log
    if ! spin "$@" -a "$models/$model.pml" >spin.log 2>&1 ||
        ! "${CC:-cc}" -O1 -w -DSAFETY -o pan pan.c >>spin.log 2>&1 ||
        ! ./pan -m1000000 >pan.log 2>&1; then
        cat spin.log pan.log
        verdict=BROKEN
    elif grep -q 'max search depth too small\|Search not completed' pan.log &&
        [ "$wanted" = CLEAN ]; then
        verdict=INCOMPLETE
    elif grep -q 'errors: 0' pan.log; then
        verdict=CLEAN
    else
        verdict=FOUND
    fi
    states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' pan.log)
    error=$(sed -n 's/^pan:[0-9]*: \([a-z ]*[a-z]\).*/\1/p' pan.log | head -n 1)
    if [ "$verdict" = "$wanted" ]; then
        passed=$((passed + 1))
        word=ok
    else
        failed=$((failed + 1))
        word=FAILED
    fi
    if [ "$verdict" = FOUND ]; then
        echo "$word  $name: found, $error"
    else
        echo "$word  $name: $verdict, $states states"
    fi
}

judge ring CLEAN
judge ring FOUND -DGATE_OFF_BY_ONE
judge ring FOUND -DPUBLISH_BEFORE_WRITE
judge ring FOUND -DREAD_WINNER_TWICE
judge ring FOUND -DREUSE_UNACKNOWLEDGED
for kind in FUTEX EVENT_FD; do
    judge wait CLEAN -D$kind
    judge wait FOUND -D$kind -DNO_SECOND_LOOK
    judge wait FOUND -D$kind -DLOOK_BEFORE_RAISE
    judge wait FOUND -D$kind -DRING_BEFORE_PUBLISH
done
judge wait FOUND -DFUTEX -DWAIT_WITHOUT_COMPARING

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
