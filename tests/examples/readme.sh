#!/bin/sh
# Holds the two READMEs in step: the same blocks of code and the same links in the same order, the
# same words of code within sentences and tables, and as many headings; and every link, there and in
# docs/, leads somewhere. Each check of the pair is tried on a copy that lacks a line of its kind,
# too, where it must see that. One line a check; ends with "N passed, N failed".
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$root" || exit 1
passed=0
failed=0

verdict() { # NAME FINDINGS
    if [ -z "$2" ]; then
        echo "ok  $1"
        passed=$((passed + 1))
    else
        echo "FAILED  $1:"
        echo "$2" | sed 's/^/    /'
        failed=$((failed + 1))
    fi
}

# -- what is taken from a page ---------------------------------------------------------------------

blocks_of() {
    awk '/^```/ { inside = !inside } inside || /^    /' "$1"
}

prose_of() {
    awk '/^```/ { inside = !inside; next } !inside && !/^    /' "$1"
}

links_of() { # but for the one to the other language
    prose_of "$1" | grep -o ']([^)]*)' | grep -v README
}

words_of() { # grep finds each in its line; they may stand in another order in another language
    prose_of "$1" | grep -o '`[^`]*`' | sort
}

headings_of() {
    prose_of "$1" | grep -o '^#* '
}

# -- the pair --------------------------------------------------------------------------------------

compare() { # TAKER PAGE PAGE
    "$1" "$2" >"$work/one"
    "$1" "$3" >"$work/other"
    diff "$work/one" "$work/other"
}

pair() { # NAME TAKER A-LINE-OF-ITS-KIND
    findings=$(compare "$2" README.md README.zh-CN.md)
    awk -v kind="$3" '!done && $0 ~ kind { done = 1; next } 1' README.zh-CN.md >"$work/lacking"
    [ -n "$(compare "$2" README.md "$work/lacking")" ] || findings="$findings does not see '$3' gone"
    verdict "both READMEs have the same $1" "$findings"
}

pair "blocks" blocks_of '^    make demo'
pair "links" links_of 'docs/desk.md'
pair "words of code" words_of '^. `verify`'
pair "headings" headings_of '^## '

# -- links -----------------------------------------------------------------------------------------

for page in README.md README.zh-CN.md ARCHITECTURE.md docs/*.md; do
    findings=
    for link in $(prose_of "$page" | grep -o ']([^)]*)' | sed 's/^](//; s/)$//; s/#.*//'); do
        case $link in
        http*) continue ;;
        esac
        [ -e "$(dirname "$page")/$link" ] || findings="$findings $link"
    done
    verdict "the links of $page lead somewhere" "$findings"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
