#!/bin/sh
# province.sh TSV CITY OUT - a province's tables, made from its places and one city's book.
#
#   TSV   places, a line each, as ../shared/data/jurisdictions/sichuan.tsv.xz has them: code, name,
#         tier, tier_no, parent, code12, kind, short_name; xz-packed or plain
#   CITY  a city of that province, whose functions, lines, categories, calendar, rules and
#         simulation it gets
#   OUT   a directory to be made; what is in it is overwritten
#
# For measuring how far an engine goes, and to begin with where a province's hotline is set up. The
# functions are repeated at every city. What the city's tables say of the city by name is said of
# each place instead, and stays as it is for the city itself. So the places are facts, and the names
# of units elsewhere follow a pattern: they are for those to mend who know them.
set -eu

[ $# -eq 3 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
tsv=$1 city=$2 out=$3
for file in "$tsv" "$city/functions.csv"; do
    [ -r "$file" ] || { echo "$0: $file cannot be read" >&2; exit 1; }
done
case $tsv in *.xz) command -v xz >/dev/null || { echo "$0: xz is missing (xz-utils)" >&2; exit 1; } ;; esac
mkdir -p "$out/rules"

places() {
    case $tsv in
    *.xz) xz -dc "$tsv" ;;
    *) cat "$tsv" ;;
    esac
}

# The city's code, and its name without the last character: 乐山.
code=$(awk -F, 'NR == 2 { sub("#", "", $1); print $1 }' "$city/places.csv")
name=$(awk -F, 'NR == 2 { sub("市$", "", $2); print $2 }' "$city/places.csv")

places | awk -F'\t' '
    BEGIN { print "code,name,kind,short_name" }
    NR > 1 { printf "#%s,%s,%s,%s\n", $1, $2, $7, $8 }' >"$out/places.csv"

# 乐山海关 becomes {place}海关, and 乐山市{place}生态环境局 becomes {place}生态环境局.
awk -F, -v OFS=, -v name="$name" '
    NR > 1 {
        for (i = 3; i <= 6; i++) {
            if (index($i, "{place}"))
                sub(name "市[{]place[}]", "{place}", $i)
            else
                sub(name "(大佛)?", "{place}", $i)
        }
    }
    { print }' "$city/functions.csv" >"$out/functions.csv"

# The city keeps its own names; everywhere a street has an office, not a government; and there is one
# desk, the province's, where a climb from any city ends.
{
    grep -v ",general," "$city/units.csv"
    awk -F, -v code="$code" '
        NR > 1 && $3 != "" && !index($3, "{place}") { printf "#%s,%s,%s,%s\n", code, $1, $3, $7 }
        ' "$city/functions.csv"
    places | awk -F'\t' '
        $3 == "city" { printf "#%s,desk,-,\n", $1 }
        $7 == "街道" { printf "#%s,general,%s办事处,地方各级人民代表大会和地方各级人民政府组织法\n", $1, $2 }'
} >"$out/units.csv"

cp "$city/lines.csv" "$city/categories.csv" "$city/calendar.csv" "$out"
cp "$city"/rules/*.csv "$out/rules"
cp -R "$city/simulation" "$out"

# A list of the city's counties means "in a county, whichever": all of the province's then.
counties=$(places | awk -F'\t' '$3 == "county" { printf "%s#%s", n++ ? ", " : "", $1 }')
awk -v code="$code" -v counties="$counties" '
    {
        county = "#" code "[0-9][0-9]"
        gsub("\"" county "(, " county ")+\"", "\"" counties "\"")
        print
    }' "$city/rules/assign.csv" >"$out/rules/assign.csv"
