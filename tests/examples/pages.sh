#!/bin/sh
# Runs the commands in pages of the documentation, and writes what they print into the pages, so
# that nothing there is made up: pages.sh BUILD PAGE...
#
# In a block marked `console`, a line that begins with "$ " is a command, and what follows up to the
# next one is what it printed, standard error first. Each page gets an engine of its own for
# cities/leshan with an empty store, and a folder of its own to work in that shows cities, docs,
# proto, and the engine's store. A page in another language is not run: X.zh-CN.md is given the
# blocks that came out of X.md.
#
# Tickets are named in commands by the number that an earlier command printed; since numbers hold
# the date, the one with the same serial of the day is taken instead. `git diff` shows what changed.
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
build=$root/${1:?pages.sh BUILD PAGE...}
shift
work=$(mktemp -d)
engine=

finish() {
    [ -n "$engine" ] && kill "$engine" && wait "$engine"
    engine=
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# Stands for the program, and knows where this page's engine is.
program() { # FOLDER
    cat <<EOF
#!/bin/sh
command=\$1
shift
case "\$command \$*" in
watch*) set -- "\$@" --front ipc://$1/front --feed ipc://$1/feed ;;
city* | verify* | serve* | --* | help* | *" --city "* | *" --store "*) ;;
"rules check "* | "rules cover "*) ;;
*) set -- "\$@" --front ipc://$1/front ;;
esac
exec $build/lianxin "\$command" "\$@"
EOF
}

run_commands() { # PAGE
    awk '
        function number_in(line) {
            return match(line, digits "-" "[0-9][0-9][0-9][0-9][0-9][0-9]-[0-9]")
        }
        function learn(line) {
            while (number_in(line)) {
                numbers[substr(line, RSTART + 9, 6)] = substr(line, RSTART, RLENGTH)
                line = substr(line, RSTART + RLENGTH)
            }
        }
        function current(line,    done, number) {
            while (number_in(line)) {
                number = substr(line, RSTART, RLENGTH)
                if (substr(number, 10, 6) in numbers)
                    number = numbers[substr(number, 10, 6)]
                done = done substr(line, 1, RSTART - 1) number
                line = substr(line, RSTART + RLENGTH)
            }
            return done line
        }
        function run(command,    line, pipe) {
            print "$ " command
            pipe = "{ " command "; } 2>stderr >stdout; cat stderr stdout"
            while ((pipe | getline line) > 0) {
                learn(line)
                print line
            }
            close(pipe)
        }
        BEGIN { digits = "[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]" }
        /^```/ { inside = $0 == "```console" }
        inside && /^\$ / { run(current(substr($0, 3))); next }
        !inside || /^```/
    ' "$1"
}

serve() { # FOLDER
    mkfifo "$1/says"
    "$build/lianxin" serve --city "$root/cities/leshan" --store "$1/store" \
        --front "ipc://$1/front" --feed "ipc://$1/feed" 2>"$1/says" &
    engine=$!
    exec 3<"$1/says"
    while IFS= read -r line <&3; do
        case $line in
        *"ready:"*) return 0 ;;
        esac
        echo "$line" >&2
    done
    return 1
}

# The other page, with this one's console blocks in place of its own, the first for the first.
give_blocks() { # PAGE OTHER
    awk '
        FNR == 1 { pages++; count = 0 }
        /^```/ {
            inside = !inside
            console = inside && $0 == "```console"
            count += console
        }
        pages == 1 { if (console) blocks[count] = blocks[count] $0 "\n"; next }
        !console
        console && /^```/ { printf "%s", blocks[count] }
    ' "$1" "$2"
}

for page; do
    case $page in
    *.zh-CN.md) continue ;;
    esac
    folder=$work/$(basename "$page" .md)
    mkdir -p "$folder/bin" "$folder/desk"
    program "$folder" >"$folder/bin/lianxin"
    chmod +x "$folder/bin/lianxin"
    ln -s "$root/cities" "$root/docs" "$root/proto" "$folder/store" "$folder/desk"
    serve "$folder" || exit 1
    (cd "$folder/desk" && PATH=$folder/bin:$PATH run_commands "$root/$page") >"$work/page" || exit 1
    kill "$engine" && wait "$engine"
    engine=
    cat "$work/page" >"$root/$page"
    chinese=$root/${page%.md}.zh-CN.md
    if [ -e "$chinese" ]; then
        give_blocks "$root/$page" "$chinese" >"$work/page" || exit 1
        cat "$work/page" >"$chinese"
    fi
done
