/* An auto-reset event (or, with -DSEMAPHORE, a semaphore): setting, waiting for it alone, and being killed anywhere in it.
 *
 * Modelled: the state word changed only by compare-and-swap; setting without waiters; setting with waiters by reservation,
 * fused commit and wake-up (FUTEX_WAKE_OP), clean-up; anybody who meets a reservation aborting or finishing it; a waiter
 * that registers, sleeps in futex_waitv on S and V, times out or is woken and takes; the resending of a dead waiter's
 * wake-up by the kernel through the pending word S.
 * Abstracted: memory is sequentially consistent (the code uses acquire/release on words changed by compare-and-swap only;
 * weaker orders are not the model's matter). Sequence numbers do not wrap (27 and 30 bits: the runs are far shorter). The
 * two halves of V are compared together by the futex: the low half alone differs whenever V does, because each change bumps
 * it. A helper's patience with a live process is a budget (ABORTS) in place of 50 us; with a dead one it always ends. */

#ifndef WAITERS
#define WAITERS 2
#endif
#ifndef SETTERS
#define SETTERS 1
#endif
#ifndef SETS /* by each setter */
#define SETS 1
#endif
#ifndef KILLS
#define KILLS 1
#endif
#ifndef ABORTS
#define ABORTS 1
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 0
#endif
#define N (WAITERS + SETTERS)
#ifndef MORTAL /* whom the killer may choose */
#define MORTAL 255
#endif
#define WORDS 2
#define WORD_V 0
#define WORD_S 1

/* V: [sequence][units 2][SW][RES] */
#define SW 2
#define UNITS(v) (((v) >> 2) & 3)
#define UNIT 4
#define BUMP(v) ((v) + 16)
#ifdef SEMAPHORE
#define MAXIMUM 3
#else
#define MAXIMUM 1
#endif

/* Ghosts: what has happened, counted by the one step that makes it happen. */
byte given, taken;
#define INVARIANT assert(given - taken == UNITS(LOGICAL(0)))
#define OBJECTS 1

#include "kernel.pml"
#include "reservation.pml"

byte pending; /* those whose list_op_pending points at S */
byte timeouts = TIMEOUTS;

/* In the processes one step is a decision on what the process knows followed by one access to what all share. A label that
 * is jumped to from inside a step begins with a plain statement: a jump from one atomic sequence into another would weld
 * the two together. */
proctype setter(byte me) {
    short v, desired, st, target;
    byte op, sets = SETS;
    bool reached;
    {
        skip;
again:
        v = V[0];
        if
        RESOLVE_FIRST(0, v, st, target, again)
        :: atomic { /* set already: still a read-modify-write */
               !(v & RES) && UNITS(v) == MAXIMUM ->
               if
               :: V[0] == v -> V[0] = BUMP(v); INVARIANT; goto happened
               :: else -> goto again
               fi
           }
        :: atomic {
               !(v & RES) && UNITS(v) < MAXIMUM && !(v & SW) ->
               if
               :: V[0] == v -> V[0] = BUMP(v) + UNIT; given++; INVARIANT; goto happened
               :: else -> goto again
               fi
           }
        :: atomic { !(v & RES) && UNITS(v) < MAXIMUM && (v & SW) -> desired = BUMP(v) + UNIT }
        fi;
#ifdef PLANT_WAKE_AFTER_CAS
        atomic { if :: V[0] == v -> V[0] = desired; given++ :: else -> goto again fi };
        atomic { wake_one(WORD_V, reached); goto happened };
#endif
        atomic { op++; status[me] = op << 2 };
        atomic { old_v[ENTRY(me, 0)] = v; new_v[ENTRY(me, 0)] = desired };
        atomic { if :: V[0] == v -> V[0] = REF(me, op); INVARIANT :: else -> goto again fi };
        atomic { /* FUTEX_WAKE_OP */
            if
            :: STATE(status[me]) == UNDECIDED -> given++
            :: else
            fi;
            status[me] = status[me] | COMMITTED;
            wake_one(WORD_V, reached);
            INVARIANT
        };
#ifdef PLANT_NO_ABORT_CHECK
        st = COMMITTED;
#else
        st = STATE(status[me]);
#endif
        atomic {
            if
            :: V[0] == REF(me, op) -> V[0] = (st == COMMITTED -> desired : v)
            :: else
            fi;
            INVARIANT;
            if
            :: st != COMMITTED -> goto again
            :: st == COMMITTED && reached -> goto happened
            :: st == COMMITTED && !reached
            fi
        };
        atomic { if :: V[0] == desired -> V[0] = desired & ~SW; INVARIANT :: else fi }; /* SW stands for nobody any more */
happened:
        v = 0;
        atomic {
            desired = 0; st = 0; reached = 0; sets--;
            if
            :: sets > 0 -> goto again
            :: else -> op = 0; finished = finished | BIT(me); goto done
            fi
        }
    } unless { HAS(killed, me) };
    atomic { v = 0; desired = 0; op = 0; st = 0; target = 0; reached = 0; sets = 0 };
done:
    skip
}

/* futex_waitv queues on S before V: nobody may be on V who would miss what is sent again through S. */
#ifdef PLANT_S_AFTER_V
#define FIRST_WORD WORD_V
#define SECOND_WORD WORD_S
#else
#define FIRST_WORD WORD_S
#define SECOND_WORD WORD_V
#endif
#ifdef PLANT_NO_RESEND
#define ON_S 0
#else
#define ON_S 1
#endif

#if defined(SEMAPHORE) && !defined(PLANT_NO_PASS_ON)
#define PASSES_ON 1
#else
#define PASSES_ON 0
#endif

/* One word of futex_waitv: compared and queued on in one step; a value that has changed ends the sleep. */
#define QUEUE(word) \
    atomic { \
        if \
        :: word == WORD_V && V[0] != registered -> slept = slept | (PASSES_ON && HAS(woken, me)); leave_queues(me); goto again \
        :: word == WORD_V && V[0] == registered -> sleepers[word] = sleepers[word] | BIT(me) \
        :: word == WORD_S && ON_S -> sleepers[word] = sleepers[word] | BIT(me) \
        :: word == WORD_S && !ON_S \
        fi }

proctype waiter(byte me) {
    short v, registered, st, target;
    bool late, slept, reached;
    {
        if
        :: ON_S -> pending = pending | BIT(me)
        :: !ON_S
        fi;
again:
        v = V[0];
        if
        RESOLVE_FIRST(0, v, st, target, again)
        :: atomic {
               !(v & RES) && UNITS(v) > 0 ->
               if
               :: V[0] == v -> V[0] = BUMP(v) - UNIT; taken++; v = 0; INVARIANT
               :: else -> goto again
               fi
           };
           goto took
        :: atomic { !(v & RES) && UNITS(v) == 0 && late -> goto leave }
        :: atomic {
               !(v & RES) && UNITS(v) == 0 && !late ->
               if
               :: V[0] == v -> registered = ((v & SW) -> v : BUMP(v) | SW); V[0] = registered; v = 0; INVARIANT
               :: else -> goto again
               fi
           }
        fi;
        QUEUE(FIRST_WORD);
        QUEUE(SECOND_WORD);
end_asleep:
        atomic {
            if
            :: HAS(woken, me)
            :: timeouts > 0 && !HAS(woken, me) -> timeouts--; late = 1
            fi;
            leave_queues(me); registered = 0; slept = PASSES_ON; goto again
        };
took:
#if PASSES_ON
        v = V[0]; /* two wake-ups may have hit this one sleeper */
        if
        RESOLVE_FIRST(0, v, st, target, took)
        :: atomic {
               !(v & RES) ->
               if
               :: slept && UNITS(v) > 0 && (v & SW) -> wake_one(WORD_V, reached); reached = 0
               :: else
               fi
           }
        fi;
#endif
leave:
        v = 0;
        atomic {
            pending = pending & ~BIT(me); slept = 0; late = 0; finished = finished | BIT(me);
            goto done
        }
    } unless { HAS(killed, me) };
    atomic { leave_queues(me); v = 0; registered = 0; st = 0; target = 0; slept = 0; late = 0 };
    atomic {
        if
        :: HAS(pending, me) -> wake_one(WORD_S, reached); pending = pending & ~BIT(me); reached = 0
        :: else
        fi
    };
done:
    skip
}

/* Nothing can move any more: who lives and has not returned is a waiter asleep, and rightly so. */
proctype quiescence() {
    timeout;
    INVARIANT;
    assert(UNITS(LOGICAL(0)) == 0 || ((killed | finished) & (BIT(WAITERS) - 1)) == BIT(WAITERS) - 1);
    assert(((killed | finished) >> WAITERS) == BIT(SETTERS) - 1)
}

init {
    byte p;
    atomic {
        do
        :: p < WAITERS -> run waiter(p); p++
        :: p >= WAITERS && p < N -> run setter(p); p++
        :: p == N -> break
        od;
        run killer();
        run quiescence();
        p = 0
    }
}
