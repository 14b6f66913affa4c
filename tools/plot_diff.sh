#!/bin/sh
# Draws what another book would change for the units: plot_diff.sh PROGRAM PICTURE
#
# A made-up day of 20,000 cases is decided by Leshan's book and by a copy in which what is left of urban
# management is the townships', and noise is urban management's. The picture is the page's of `lianxin
# rules diff --html`.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
program=${1:?plot_diff.sh PROGRAM PICTURE}
picture=${2:?plot_diff.sh PROGRAM PICTURE}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$root"

"$program" simulate day --cases 20000 --date 2026-11-25 --store "$work/store" >/dev/null
cp -r cities/leshan "$work/mine"
sed -i -e '/^urban,/s/county,urban,-/township,general,urban/' \
    -e '/^noise,/s/county,environment,police/county,urban,environment/' "$work/mine/rules/assign.csv"
"$program" rules diff cities/leshan "$work/mine" --store "$work/store" --html "$work/page" >/dev/null

# The third chart, with a ground and a font of its own.
awk '
    /<svg/ { charts++; sub(/<svg /, "<svg font-family=\"sans-serif\" fill=\"#1f2933\" style=\"background:#fff\" ") }
    charts == 3 { print }
    charts == 3 && /<\/svg>/ { exit }
' "$work/page" >"$work/picture"
grep -q '</svg>' "$work/picture"
cp "$work/picture" "$picture"
