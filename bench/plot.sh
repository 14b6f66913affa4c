#!/bin/sh
# Draws what a result of `lianxin bench --json` has to show: plot.sh RESULT.json FOLDER
#
#       NAME-latency.svg    the latency histogram, p50, p99 and p99.9 marked
#       NAME-timeline.svg   cases acknowledged and received a second, and p99
#       NAME-rates.svg      latency by rate, of a series over rates
#       NAME-years.svg      throughput and latency by years in the store, of a series over years
#       NAME-starts.svg     how long a start takes, by years in the store
#
# NAME is the result's file name. The program that reads it is $LIANXIN, or what `make` built. Says
# which it drew, one a line.
set -eu
export LC_ALL=C.UTF-8 # numbers with a point

root=$(cd "$(dirname "$0")/.." && pwd)
result=${1:?plot.sh RESULT.json FOLDER}
folder=${2:?plot.sh RESULT.json FOLDER}
program=${LIANXIN:-$root/build/release-gcc/lianxin}
name=$(basename "$result" .json)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

if ! command -v gnuplot >/dev/null; then
    echo "plot.sh: there is no gnuplot; sh tools/install-packages.sh bench installs it" >&2
    exit 1
fi

# Without what gnuplot says of itself, and blanks.
draw() { # PLOT
    (cd "$work" && gnuplot "$1.gnuplot") >"$work/picture"
    sed '/<title>Gnuplot/d; /^<desc>/d; s/[[:blank:]]*$//; /^$/d' "$work/picture" \
        >"$folder/$name-$1.svg"
    echo "$folder/$name-$1.svg"
}

# A result need not have all kinds of columns; one that cannot be read is told of by the first.
has() { # KIND
    "$program" bench series "$result" "$1" >"$work/$1" 2>/dev/null
}

"$program" bench series "$result" marks >"$work/marks"
cp "$root"/bench/plots/*.gnuplot "$work"
mkdir -p "$folder"
if has histogram; then
    draw latency
fi
if has timeline; then
    draw timeline
fi
has series || exit 0

# Does every entry say it? Columns have numbers here.
all_have() { # COLUMN
    awk -v column="$1" 'NR > 1 && $column == "?" { lacks = 1 } END { exit lacks }' "$work/series"
}

# A ramp tries its rates in the order of what it found.
if all_have 1; then
    { head -n 1 "$work/series" && tail -n +2 "$work/series" | sort -g; } >"$work/sorted"
    mv "$work/sorted" "$work/series"
    draw rates
elif all_have 2; then
    grep -q '"restart"' "$work/marks" || draw years
    draw starts
fi
