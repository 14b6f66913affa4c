#!/bin/sh
# Holds the pages that are there in Chinese too in step with the English ones, X.zh-CN.md with X.md:
# the same blocks of code and the same links in the same order, the same words of code within
# sentences and tables, and as many headings. A link to X.zh-CN.md is the same as one to X.md, so
# each page may lead on in its own language. And every link, there and in docs/, leads somewhere.
#
# Each comparison is tried on a copy that lacks a line of its kind, too, where it must see that.
# One line a check; ends with "N passed, N failed".
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

links_of() { # whatever the language; so those of a pair to each other are the same
    prose_of "$1" | grep -o ']([^)]*)' | sed 's/\.zh-CN\.md/.md/'
}

words_of() { # grep finds each in its line; they may stand in another order in another language
    prose_of "$1" | grep -o '`[^`]*`' | sort
}

headings_of() {
    prose_of "$1" | grep -o '^##* '
}

# -- pairs -----------------------------------------------------------------------------------------

compare() { # TAKER PAGE PAGE
    "$1" "$2" >"$work/one"
    "$1" "$3" >"$work/other"
    diff "$work/one" "$work/other"
}

pair() { # PAGE NAME TAKER A-LINE-OF-ITS-KIND
    chinese=${1%.md}.zh-CN.md
    findings=$(compare "$3" "$1" "$chinese")
    awk -v kind="$4" '!done && $0 ~ kind { done = 1; next } 1' "$chinese" >"$work/lacking"
    [ -n "$(compare "$3" "$1" "$work/lacking")" ] || findings="$findings does not see '$4' gone"
    verdict "$1 and $chinese have the same $2" "$findings"
}

pair README.md "blocks" blocks_of '^    make demo'
pair README.md "links" links_of 'docs/desk'
pair README.md "words of code" words_of '^. `verify`'
pair README.md "headings" headings_of '^## '

pair docs/desk.md "blocks" blocks_of '^. lianxin desk'
pair docs/desk.md "links" links_of 'examples/desk'
pair docs/desk.md "words of code" words_of '`explain`'
pair docs/desk.md "headings" headings_of '^## '

pair docs/book.md "blocks" blocks_of '^. lianxin rules check'
pair docs/book.md "links" links_of 'examples/sms'
pair docs/book.md "words of code" words_of '^. `calendar.csv`'
pair docs/book.md "headings" headings_of '^### '

for page in README.md docs/desk.md docs/book.md; do
    chinese=${page%.md}.zh-CN.md
    findings=
    grep -q "^\[中文\]($(basename "$chinese"))" "$page" || findings="the English one does not"
    grep -q "^\[English\]($(basename "$page"))" "$chinese" || findings="$findings the Chinese one does not"
    verdict "$page and $chinese lead to each other" "$findings"
done

# -- links -----------------------------------------------------------------------------------------

for page in *.md docs/*.md; do
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
