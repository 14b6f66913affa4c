#!/bin/sh
# Holds the arrows between modules, and what must be nowhere but at home.
#
#       base <- domain <- slot <- {wire, store}           domain: text <- city <- rules <- decide <- check, the rest
#       base <- ring
#       {ring, slot, wire, store, domain} <- stages <- engine
#       base <- client
#       all of these but stages and engine <- bench
#
# Each rule is tried twice: on the tree, where it must find nothing, and on a copy in which each
# breach it forbids is planted in turn, where it must find it. One line a rule; ends with
# "N passed, N failed".
set -u

root=$(cd "$(dirname "$0")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' HUP INT TERM
cp -r "$root/engine" "$root/proto" "$root/bench" "$copy" || exit 1
passed=0
failed=0

verdict() { # NAME FINDINGS BLIND
    if [ -n "$2" ]; then
        echo "FAILED  $1:"
        echo "$2" | sed 's/^/    /'
    elif [ -n "$3" ]; then
        echo "FAILED  $1: does not see$3"
    else
        echo "ok  $1"
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
}

# Appends a line to a file of the copy, asks the finder, and takes the line back.
sees() { # FILE LINE FINDER ...
    file=$1 line=$2
    shift 2
    printf '%s\n' "$line" >>"$copy/$file"
    seen=$(cd "$copy" && "$@")
    cp "$root/$file" "$copy/$file"
    [ -n "$seen" ]
}

# -- arrows ----------------------------------------------------------------------------------------

modules="base ring domain slot wire store stages engine client bench"

files_of() {
    case $1 in
    slot) echo engine/slot.h ;;
    engine) echo engine/engine.h engine/engine.c engine/sockets.h engine/sockets.c ;;
    client) find proto -name '*.[hc]' | sort ;;
    bench) find bench -name '*.[hc]' | sort ;;
    *) find "engine/$1" -name '*.[hc]' | sort ;;
    esac
}

header_of() { # any header of a module, as others include it
    case $1 in
    slot | engine) echo "$1.h" ;;
    client) echo lianxin.h ;;
    bench) echo bench/bench.h ;;
    *) (cd "$root/engine" && find "$1" -name '*.h' | sort | head -n 1) ;;
    esac
}

# Includes that leave a module for one it may not know. What is in angle brackets counts where it
# names one of ours.
find_arrows() { # MODULE ALLOWED
    awk -v allowed=" $2 " -v modules=" $modules " '
        /^[ \t]*#[ \t]*include/ {
            quoted = $0 ~ /"/
            path = $0
            sub(/^[^"<]*["<]/, "", path)
            sub(/[">].*/, "", path)
            module = path
            sub(/^engine\//, "", module)
            sub(/\/.*/, "", module)
            sub(/\.h$/, "", module)
            if (path ~ /pb-c\.h$/)
                next
            if (path ~ /^(proto\/)?(lianxin|front|message|units)\.h$/)
                module = "client"
            if ((quoted || index(modules, " " module " ")) && !index(allowed, " " module " "))
                print FILENAME ":" FNR ": " $0
        }' $(files_of "$1")
}

arrow() { # MODULE ALLOWED
    findings=$(cd "$root" && find_arrows "$1" "$2")
    blind=
    file=$(cd "$root" && files_of "$1" | tr ' ' '\n' | head -n 1)
    for module in $modules; do
        case " $2 " in
        *" $module "*) continue ;;
        esac
        header=$(header_of "$module")
        for line in "#include \"$header\"" "# include <$header>"; do
            sees "$file" "$line" find_arrows "$1" "$2" || blind="$blind $line"
        done
    done
    sees "$file" '#include "../tools/command.h"' find_arrows "$1" "$2" || blind="$blind ../tools"
    verdict "$1 knows only: $2" "$findings" "$blind"
}

arrow base "base"
arrow ring "ring base"
arrow domain "domain base"
arrow slot "domain base"
arrow wire "wire slot domain base"
arrow store "store slot domain base"
arrow stages "stages wire store slot ring domain base"
arrow engine "engine sockets stages wire store slot ring domain base"
arrow client "client base"
arrow bench "bench client commit wire store slot ring domain base" # commit.h is the Makefile's

# -- rooms of domain ------------------------------------------------------------------------------

find_rooms() { # ROOM FORBIDDEN
    find "engine/domain/$1" -name '*.[hc]' | sort |
        xargs grep -nE "#[ \t]*include[ \t]*[\"<](engine/)?domain/($2)"
}

room() { # ROOM FORBIDDEN HEADERS
    findings=$(cd "$root" && find_rooms "$1" "$2")
    blind=
    file=$(cd "$root" && find "engine/domain/$1" -name '*.c' | sort | head -n 1)
    for header in $3; do
        line="#include \"$header\""
        sees "$file" "$line" find_rooms "$1" "$2" || blind="$blind $line"
    done
    verdict "domain/$1 knows nothing of what is built on it" "$findings" "$blind"
}

decision='(policy|decide|explain|why_not|tickets|needs)\.h|check/'
room text "city/|rules/|$decision" "domain/city/city.h domain/rules/facts.h domain/decide.h"
room city "rules/|$decision" "domain/rules/rules.h domain/policy.h"
room rules "$decision" "domain/decide.h domain/tickets.h domain/check/check.h"
room check "(explain|tickets|needs)\.h" "domain/explain.h domain/tickets.h"

# -- absences --------------------------------------------------------------------------------------

find_words() { # PATTERN ALLOWED-FILES
    find engine -name '*.[hc]' | sort | grep -vE "^engine/($2)\$" | xargs grep -nE "$1"
}

# Each line of PLANTS is tried in one file of every module where it is not allowed.
absent() { # NAME PATTERN ALLOWED-FILES PLANTS
    findings=$(cd "$root" && find_words "$2" "$3")
    blind=
    for module in base ring domain slot wire store stages engine; do
        file=$(cd "$root" && files_of "$module" | tr ' ' '\n' | grep -vE "^engine/($3)\$" |
            tail -n 1)
        [ -n "$file" ] || continue
        while IFS= read -r line; do
            sees "$file" "$line" find_words "$2" "$3" || blind="$blind '$line' in $file;"
        done <<EOF
$4
EOF
    done
    verdict "$1" "$findings" "$blind"
}

absent "protobuf-c only in wire/" \
    'pb-c\.h|protobuf-c/' 'wire/.*' \
    '#include "lianxin.pb-c.h"
#include <protobuf-c/protobuf-c.h>'

absent "LMDB only in store/" \
    '<lmdb\.h>|\bmdb_[a-z_]+\(' 'store/.*' \
    '#include <lmdb.h>
mdb_txn_abort(txn);'

absent "ZeroMQ only in stages/ and sockets.c" \
    '<zmq\.h>|\bzmq_[a-z_]+\(' 'stages/.*|sockets\.c' \
    '#include <zmq.h>
zmq_close(socket);'

absent "atomics and memory orders only in ring/ and base/counters.h" \
    'memory_order|_Atomic|stdatomic\.h|\batomic_|__atomic_|__sync_' 'ring/.*|base/counters\.h' \
    'atomic_load_explicit(&word, memory_order_relaxed);
static _Atomic int word;
__sync_synchronize();'

absent "no fences, no volatile, no locks" \
    'atomic_thread_fence|\bvolatile\b|pthread_(mutex|rwlock|spin|cond|barrier)|\bmtx_|\bsem_wait' \
    'none' \
    'atomic_thread_fence(memory_order_seq_cst);
static volatile int word;
pthread_mutex_lock(&mutex);'

absent "threads only in ring/stage.c" \
    'pthread_create|thrd_create|\bfork\(' 'ring/stage\.c' \
    'pthread_create(&thread, NULL, run, NULL);
fork();'

absent "the time only in base/clock.c" \
    '\b(clock_gettime|gettimeofday|timespec_get|ftime|clock|time)\((NULL|&|0|CLOCK|\)|[a-z]+,)' \
    'base/clock\.c' \
    'clock_gettime(CLOCK_MONOTONIC, &now);
clock_gettime(id, &now);
gettimeofday(&now, NULL);
time(NULL);'

absent "ring/ knows numbers, and not what a slot holds" \
    '\b(struct (slot|ticket|arrival|routing|receipt|policy|store))\b' \
    '(base|domain|wire|store|stages)/.*|slot\.h|engine\.[hc]' \
    'void look(struct slot *slot);'

# Where memory is allocated otherwise than from an arena, and why nothing does so for a case.
allocators='
base/arena.c               the arenas themselves
domain/city/sheet.c        rows of a table, while it is read
domain/rules/table_check.c rows in order, while a book is loaded
domain/rules/match.c       scratch while a table is compiled
domain/city/units.c        scratch while units are laid out
domain/text/room.h         compiled keywords, what a thread scans with, scratch while they are compiled
domain/text/trie.c         cells, while keywords are compiled
store/store.c              the store itself, when it is opened
store/policies.c           lists of feeds, when the store is opened or gets a policy
store/reader.c             a reader, when it is opened
store/look.c               a look, when it is opened
store/verify.c             an offline walk
stages/6_publish.c         feeds, at start and when a new book brings units that nobody had before
stages/outbox.c            likewise
'
allocators=$(echo "$allocators" | sed -n 's/^\([a-z0-9_/]*\)\.\([ch]\) .*/\1\\.\2/p' | paste -sd '|' -)
absent "memory from arenas, but where the list says" \
    '\b(malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|strn?dup|v?asprintf|alloca)\(' \
    "$allocators" \
    'void *memory = malloc(64);
void *zeroed = calloc(1, 64);
char *copy = strdup(name);'

absent "address space only from store/space" \
    '\b(mmap|mremap|sbrk)\(' 'store/space\.c' \
    'void *at = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, -1, 0);'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
