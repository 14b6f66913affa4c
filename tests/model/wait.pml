/* wait - can a wake-up be lost? For spin; tests/model/run.sh runs it.
 *
 * One worker sleeps on its bell, two others publish ROUNDS times each and ring it (engine/ring/
 * wait.h). A lost wake-up leaves the sleeper waiting for ever while there is work: spin reports a
 * process that cannot reach its end. Once, at any moment or never, a socket stirs or a signal comes,
 * and the sleeper wakes for no reason.
 *
 * The futex: to wait is one step with the comparison of the word. The eventfd (-DEVENT_FD): a count
 * that poll(2) waits for and read(2) takes. All accesses to the word and the cursors are
 * sequentially consistent in the engine too, so for this protocol the model is exact.
 *
 * Mutants, each of which must be found: NO_SECOND_LOOK, LOOK_BEFORE_RAISE, RING_BEFORE_PUBLISH,
 * and for the futex WAIT_WITHOUT_COMPARING.
 */
#define ROUNDS  3
#define RINGERS 2

byte done[RINGERS];
bit sleeping;
bit queued;         /* the kernel's: the sleeper waits on the futex */
byte rung;          /* the eventfd's count */
byte stirrings = 1; /* how often the sleeper may still wake for no reason */

#define there_is_work (done[0] > taken[0] || done[1] > taken[1])

/* bell_wait() without its bell_lower(). */
inline wait()
{
#ifdef EVENT_FD
    if
    :: rung > 0 -> rung = 0
    :: atomic { stirrings > 0 -> stirrings-- }
    fi
#else
    atomic {
#ifdef WAIT_WITHOUT_COMPARING
        queued = 1
#else
        queued = sleeping
#endif
    };
    if
    :: !queued
    :: atomic { stirrings > 0 -> stirrings--; queued = 0 }
    fi
#endif
}

inline wake()
{
#ifdef EVENT_FD
    rung++
#else
    queued = 0
#endif
}

/* Looks at the cursors one after the other, as gate_limit() does. */
inline look()
{
    work = 0;
    if
    :: done[0] > taken[0] -> work = 1
    :: else
    fi;
    if
    :: done[1] > taken[1] -> work = 1
    :: else
    fi
}

proctype sleeper()
{
    byte taken[RINGERS];
    bit work;

    do
    :: taken[0] == ROUNDS && taken[1] == ROUNDS -> break
    :: else ->
        taken[0] = done[0];
        taken[1] = done[1];
        if
        :: taken[0] == ROUNDS && taken[1] == ROUNDS -> break
        :: else
        fi;
#ifdef LOOK_BEFORE_RAISE
        look();
        sleeping = 1;
#else
        sleeping = 1; /* W2, bell_raise() */
#ifdef NO_SECOND_LOOK
        work = 0;
#else
        look();
#endif
#endif
        if
        :: work
        :: else -> wait()
        fi;
        sleeping = 0 /* bell_lower() */
    od
}

inline ring()
{
    if
    :: sleeping -> /* W1 */
        atomic { was = sleeping; sleeping = 0 };
        if
        :: was -> wake()
        :: else
        fi
    :: else
    fi
}

proctype ringer(byte me)
{
    bit was;

    do
    :: done[me] == ROUNDS -> break
    :: else ->
#ifdef RING_BEFORE_PUBLISH
        ring();
        done[me]++
#else
        done[me]++; /* W1, cursor_publish() */
        ring()
#endif
    od
}

init
{
    atomic {
        run sleeper();
        run ringer(0);
        run ringer(1)
    }
}
