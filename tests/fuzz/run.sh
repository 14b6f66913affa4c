#!/bin/sh
# Runs one fuzz program, NAME, beginning with tests/fuzz/corpus/NAME and the words of NAME.dict: one
# line where all is well, and all it said where it is not, with the input that did it beside the
# program.
#
#   run.sh PROGRAM OPTION...      options of libFuzzer
#
# What is found anew is kept beside the program, for the next run, unless the runs are counted: those
# are to be the same every time.
set -eu

program=$1
shift
name=$(basename "$program")
found=$program.found
case " $* " in
*" -runs="*)
    found=$(mktemp -d)
    trap 'rm -rf "$found"' EXIT
    trap 'exit 1' HUP INT TERM
    ;;
esac
mkdir -p "$found"
if ! "$program" -max_len=4096 -timeout=10 -dict="tests/fuzz/$name.dict" -print_final_stats=1 \
    -artifact_prefix="$program-" "$@" "$found" "tests/fuzz/corpus/$name" >"$program.log" 2>&1; then
    cat "$program.log"
    exit 1
fi
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$program.log")
echo "fuzz/$name: $runs inputs, nothing found"
