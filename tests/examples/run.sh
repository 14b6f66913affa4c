#!/bin/sh
# Runs the examples of the documentation against an engine: run.sh BUILD
#
# Each adapter submits a case, which is accepted; submits it again, which is a duplicate with the
# same number; gives the same id to another case, a conflict; and a place that does not exist, which
# is invalid. Then one of its requests is lost and one answered with "try again", and it is to have
# sent the same case three times. The department's example sees what the adapters submitted, and
# after a restart nothing of it again but, maybe, the event at which it was killed.
#
# An example whose language or packages are not installed is skipped: for Python python3-zmq,
# python3-protobuf and protobuf-compiler; for Node the packages zeromq and protobufjs, in NODE_PATH,
# in a node_modules beside the Makefile, or global. Everything is bounded in time. One line a check;
# ends with "N passed, N failed, N skipped".
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
build=${1:?run.sh BUILD}
work=$(mktemp -d)
front=ipc://$work/front
unit=511126000000.environment
pids=
passed=0
failed=0
skipped=0

finish() {
    for pid in $pids; do
        kill "$pid" 2>/dev/null
    done
    wait
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

passes() { # NAME
    echo "ok  $1"
    passed=$((passed + 1))
}

fails() { # NAME WHY
    echo "FAILED  $1: $2"
    failed=$((failed + 1))
}

skips() { # NAME WHY
    echo "skipped  $1: $2"
    skipped=$((skipped + 1))
}

# -- an engine, which says when it is ready --------------------------------------------------------

mkfifo "$work/says"
timeout 300 "$build/lianxin" serve --city cities/leshan --store "$work/store" --front "$front" \
    --feed "ipc://$work/feed" 2>"$work/says" &
pids=$!
exec 3<"$work/says"
said=
while IFS= read -r line <&3; do
    said="$said $line"
    case $line in
    *"ready:"*) break ;;
    esac
done
case $said in
*"ready:"*) ;;
*)
    echo "FAILED  the engine does not start:$said"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
    ;;
esac

# -- what is installed -----------------------------------------------------------------------------

# The packages of Debian belong to the Python of Debian, which need not be the first in the path.
python=
for each in python3 /usr/bin/python3; do
    [ -z "$python" ] && "$each" -c 'import zmq, google.protobuf' 2>/dev/null && python=$each
done
if [ -n "$python" ] && ! protoc --proto_path=proto --python_out="$work" proto/lianxin.proto \
    2>/dev/null; then
    python=
fi
no_python="needs python3-zmq, python3-protobuf and protobuf-compiler"

# Modules are looked for beside the script, so the script goes beside the modules.
node=
if command -v node >/dev/null; then
    mkdir -p "$work/docs/examples" "$work/proto"
    cp docs/examples/*.mjs "$work/docs/examples"
    cp proto/lianxin.proto "$work/proto"
    for each in $(echo "${NODE_PATH:-}" | tr ':' ' ') "$root/node_modules" \
        "$(npm root --global 2>/dev/null)"; do
        if [ -z "$node" ] && [ -d "$each/zeromq" ] && [ -d "$each/protobufjs" ]; then
            ln -s "$each" "$work/node_modules"
            node=node
        fi
    done
fi
no_node="needs node with the packages zeromq and protobufjs"

# -- adapters --------------------------------------------------------------------------------------

export PYTHONPATH="$work" PYTHONDONTWRITEBYTECODE=1

run() { # COMMAND ...
    timeout 60 "$@" 2>&1
}

expect() { # NAME PATTERN OUTPUT
    case $3 in
    $2) passes "$1" ;;
    *) fails "$1" "'$3' is not like '$2'" ;;
    esac
}

forgets() { # LANGUAGE COMMAND ...
    language=$1
    shift
    if [ -z "$python" ]; then
        skips "$language sends again what is lost" "$no_python"
        return
    fi
    timeout 60 "$python" tests/examples/forgetful.py "ipc://$work/$language" "$front" &
    forgetful=$!
    output=$(run "$@" "$language-3" 夹江县 "ipc://$work/$language")
    if wait "$forgetful"; then
        expect "$language sends again what is lost" "accepted * $unit" "$output"
    else
        fails "$language sends again what is lost" "with other content"
    fi
}

adapter() { # LANGUAGE COMMAND ...
    language=$1
    shift
    first=$(run "$@" "$language-1" 夹江县/漹城街道 "$front")
    expect "$language submits" "accepted * $unit" "$first"
    expect "$language submits again" "duplicate ${first#accepted }" \
        "$(run "$@" "$language-1" 夹江县/漹城街道 "$front")"
    expect "$language gives an id twice" "conflict: $language-1 is *" \
        "$(run "$@" "$language-1" 夹江县 "$front")"
    expect "$language submits nonsense" "invalid: place '999999': *" \
        "$(run "$@" "$language-2" 999999 "$front")"
    forgets "$language" "$@"
    adapters=$((adapters + 1))
}

adapters=0
adapter c "$build/examples/submit"
if [ -n "$python" ]; then
    adapter python "$python" docs/examples/submit.py
else
    skips "python submits" "$no_python"
fi
if [ -n "$node" ]; then
    adapter node "$node" "$work/docs/examples/submit.mjs"
else
    skips "node submits" "$no_node"
fi

# -- a department ----------------------------------------------------------------------------------

# Waits for the lines of events, and kills the watcher at the last.
watches() { # NAME FIRST LAST
    mkfifo "$work/$1"
    timeout 60 "$python" docs/examples/watch.py "$unit" "$work/cursor" "$front" \
        "ipc://$work/feed" >"$work/$1" &
    watcher=$!
    pids="$pids $watcher"
    seen=
    while read -r sequence rest <&4; do
        seen="$seen $sequence"
        [ "$sequence" = "$3" ] && break
    done 4<"$work/$1"
    kill "$watcher"
    again=" $(($2 - 1))"
    case $seen in
    "$again $2"*) seen=${seen#"$again"} ;;
    esac
    expect "a department sees events $2 to $3" " $(seq -s ' ' "$2" "$3")" "$seen"
}

if [ -n "$python" ]; then
    watches first 1 $((adapters * 2))
    run "$build/examples/submit" late 夹江县 "$front" >/dev/null
    watches second $((adapters * 2 + 1)) $((adapters * 2 + 1))
else
    skips "a department sees events" "$no_python"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
