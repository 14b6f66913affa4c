/* ring - is the ring of stages safe? For spin; tests/model/run.sh runs it.
 *
 *                      +-> left  -+
 *      ingress (0) ----|          |---> store ---> publish
 *         ^            +-> right -+       |           |
 *         +------------- acknowledge -----+---- reuse-+
 *
 * Five threads over CAPACITY slots, in every order that interleaving allows. A gate with two cursors
 * stands before store, since the lowest of several is where a gate can go wrong. Left does the even
 * commands and right the odd ones.
 *
 * A section holds the number (from 1) of the command it was written for; TORN while it is being
 * written. Shown, by the assertions:
 *   - no section is read before it was written whole, nor changed while it is read;
 *   - no slot is written again before publish and acknowledge were done with it;
 * and, since every process must reach its end: all commands come through, in order.
 *
 * Spin interleaves whole steps, so this proves the counting, not the memory orders: those are for
 * ThreadSanitizer (tests/stress).
 *
 * Mutants, each of which must be found: GATE_OFF_BY_ONE, PUBLISH_BEFORE_WRITE, READ_WINNER_TWICE,
 * REUSE_UNACKNOWLEDGED.
 */
#define CAPACITY 2
#define COMMANDS 5
#define TORN     255

#define INGRESS 0
#define LEFT    1
#define RIGHT   2
#define STORE   3
#define PUBLISH 4

#ifdef GATE_OFF_BY_ONE
#define LEAD (CAPACITY + 1)
#else
#define LEAD CAPACITY
#endif

byte done[5];

/* The sections of a slot, one writer each. */
byte arrival[CAPACITY];
byte routing[CAPACITY];
byte receipt[CAPACITY];

/* Not in the engine, only here to judge: the command that publish, and acknowledge, left behind. */
byte published[CAPACITY];
byte acknowledged[CAPACITY];

#define slot(number)   ((number) % CAPACITY)
#define lowest(a, b)   ((a) < (b) -> (a) : (b))
#define before(number) ((number) < CAPACITY -> 0 : (number) + 1 - CAPACITY)

/* As gate_limit() does: each cursor is read once. */
inline gate_limit(limit, a, b)
{
#ifdef READ_WINNER_TWICE
    if
    :: done[a] < done[b] -> limit = done[a]
    :: else -> limit = done[b]
    fi
#else
    limit = done[a];
    seen = done[b];
    limit = lowest(limit, seen)
#endif
}

inline write(section, number)
{
    section = TORN;
    section = number + 1
}

/* Reading takes time: looks at the beginning and at the end. */
inline read(section, number)
{
    assert(section == number + 1);
    assert(section == number + 1)
}

inline do_one(number)
{
    if
    :: me == LEFT || me == RIGHT ->
        if
        :: number % 2 == me - LEFT ->
            read(arrival[slot(number)], number);
            write(routing[slot(number)], number)
        :: else
        fi
    :: me == STORE ->
        read(arrival[slot(number)], number);
        read(routing[slot(number)], number);
        write(receipt[slot(number)], number)
    :: me == PUBLISH ->
        read(arrival[slot(number)], number);
        read(receipt[slot(number)], number);
        published[slot(number)] = number + 1
    fi
}

/* A batch is all the gate allows, or the first few of them. */
proctype stage(byte me; byte gate_a; byte gate_b)
{
    byte next, limit, seen, at;

    do
    :: next == COMMANDS -> break
    :: next < COMMANDS && lowest(done[gate_a], done[gate_b]) > next ->
        gate_limit(limit, gate_a, gate_b);
        do
        :: limit > next + 1 -> limit--
        :: break
        od;
#ifdef PUBLISH_BEFORE_WRITE
        done[me] = limit;
#endif
        at = next;
        do
        :: at < limit ->
            do_one(at);
            at++
        :: else -> break
        od;
        next = limit;
        done[me] = next
    od
}

/* The first and the last: it fills slots, and answers for those that store has passed. */
proctype ingress()
{
    byte next, limit, answered, seen;

    do
    :: next == COMMANDS && answered == COMMANDS -> break
    :: done[STORE] > answered ->
        seen = done[STORE];
        do
        :: answered < seen ->
            read(receipt[slot(answered)], answered);
            acknowledged[slot(answered)] = answered + 1;
            answered++
        :: else -> break
        od
    :: next < COMMANDS && done[PUBLISH] + LEAD > next ->
        limit = done[PUBLISH] + LEAD;
#ifndef REUSE_UNACKNOWLEDGED
        limit = lowest(limit, answered + CAPACITY);
#endif
        do
        :: next < lowest(limit, COMMANDS) ->
            assert(published[slot(next)] == before(next));
            assert(acknowledged[slot(next)] == before(next));
            write(arrival[slot(next)], next);
            next++
        :: else -> break
        od;
        done[INGRESS] = next
    od
}

init
{
    atomic {
        run ingress();
        run stage(LEFT, INGRESS, INGRESS);
        run stage(RIGHT, INGRESS, INGRESS);
        run stage(STORE, LEFT, RIGHT);
        run stage(PUBLISH, STORE, STORE)
    }
}
