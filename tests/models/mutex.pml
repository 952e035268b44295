/* Mutexes whose owner may die: waiting, the owner's death reaching those who wait, taking over, releasing.
 *
 * Modelled: process 0 owns every mutex at the beginning and releases them or dies; each other one locks mutex `p % MUTEXES`,
 * releases it and goes, and may die anywhere. Taking and taking over by compare-and-swap; releasing with waiters by
 * reservation, fused commit and wake-up, clean-up; resolving of reservations; DEATH_WORDS robust words of each owner, of which
 * a waiter sleeps on one (`p % DEATH_WORDS`); the kernel's walk (marks a word, then wakes one of its sleepers, word after
 * word, word 0 last, then the pending word); the waiter it reached wakes the rest of its word before anything else; who has
 * slept and takes, or gives up, wakes one more, who looks again and then watches the new owner. Those in MULTI wait as a wait
 * for several objects does: MW, no pending word, nobody appointed.
 * With -DNET a sleeper also looks again by itself (the code: after 25 ms) where there is something new to see. Without it
 * the model says what holds by wake-ups alone: see README.md for the two cases that need the net.
 * Abstracted: sequential consistency, sequence numbers, patience: see event.pml and reservation.pml. Recursion is the owner's
 * own business. Slots do not change hands (slot.pml), so an owner is dead when a death word of his says so. */

#ifndef N
#define N 3
#endif
#ifndef MUTEXES
#define MUTEXES 1
#endif
#ifndef DEATH_WORDS
#define DEATH_WORDS 1
#endif
#ifndef MULTI /* bits of the processes that wait for several objects */
#define MULTI 0
#endif
#ifndef KILLS
#define KILLS 2
#endif
#ifndef ABORTS
#define ABORTS 0
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 0
#endif
#ifndef MORTAL
#define MORTAL 255
#endif
#ifdef PLANT_NO_NET
#undef NET
#endif
#define WORD_V(m) (m)
#define WORD_S(m) (MUTEXES + (m))
#define WORD_D(p, k) (2 * MUTEXES + (p) * DEATH_WORDS + (k))
#define WORDS (2 * MUTEXES + N * DEATH_WORDS)

#define OBJECTS MUTEXES
#define INVARIANT skip
#include "kernel.pml"
#include "reservation.pml"

/* V: [sequence][owner + 1, 3 bits][MW][SW][RES] */
#define SW 2
#define MW 4
#define OWNER(v) (((v) >> 3) & 7)
#define BUMP(v) ((v) + 64)
#define OWNED_BY(v, owner) (((v) & ~(7 << 3)) | ((owner) << 3))

byte marked[N];  /* bits of the death words that say that their owner died */
byte pending;    /* those whose list_op_pending points at S */
byte timeouts = TIMEOUTS;
byte holder[MUTEXES]; /* ghost: owner + 1, changed by the step that makes it so */

#define MINE (me % MUTEXES)
#define MY_WORD (me % DEATH_WORDS)
#define SINGLE (!HAS(MULTI, me))
#define DEAD(owner) ((marked[(owner) - 1] & (BIT(MY_WORD) | 1)) != 0)

#ifdef PLANT_NO_WATCHER
#define APPOINTS 0
#else
#define APPOINTS 1
#endif

#define RELEASED(m) assert(holder[m] == me + 1); holder[m] = 0

/* The kernel's walk over the robust list of a dead thread, then its pending word. */
inline walk(k, reached) {
    k = DEATH_WORDS;
    do
    :: k > 0 ->
        atomic { k--; marked[me] = marked[me] | BIT(k) };
        atomic { wake_one(WORD_D(me, k), reached) }
    :: else -> break
    od;
    atomic {
        if
        :: HAS(pending, me) ->
            wake_one(WORD_S(MINE), reached);
            pending = pending & ~BIT(me)
        :: else
        fi;
        reached = 0
    }
}

/* futex_waitv, word by word: S first, then those whose value tells whether the sleep is still right. */
#define QUEUE_ON_S(m) atomic { if :: SINGLE -> sleepers[WORD_S(m)] = sleepers[WORD_S(m)] | BIT(me) :: else fi }
#define QUEUE(word, condition) \
    atomic { \
        if \
        :: condition -> sleepers[word] = sleepers[word] | BIT(me) \
        :: else -> \
            if \
            :: HAS(woken, me) -> goto awake \
            :: else -> leave_queues(me); slept = 0; goto again \
            fi \
        fi }

proctype locker(byte me) {
    short v, desired, st, target;
    short slept; /* the value slept on */
    byte m, op, k;
    bool reached, gone_dead, late, slow;
    {
        if
        :: atomic { me == 0 -> goto release }
        :: atomic { me != 0 -> m = MINE }
        fi;
        if
        :: atomic { SINGLE -> pending = pending | BIT(me) }
        :: !SINGLE
        fi;
again:
        v = V[m];
        if
        RESOLVE_FIRST(m, v, st, target, again)
        :: atomic {
               !(v & RES) && OWNER(v) == 0 ->
               if
               :: V[m] == v -> V[m] = OWNED_BY(BUMP(v), me + 1); assert(holder[m] == 0); holder[m] = me + 1; v = 0
               :: else -> goto again
               fi
           };
           goto took
        :: atomic { !(v & RES) && OWNER(v) != 0 -> gone_dead = DEAD(OWNER(v)) }
        fi;
        atomic {
            if
            :: !gone_dead && late -> goto leave
            :: gone_dead && V[m] == v -> /* taking over: this is the answer "abandoned" */
                assert(holder[m] == OWNER(v) && HAS(killed, OWNER(v) - 1));
                V[m] = OWNED_BY(BUMP(v), me + 1); holder[m] = me + 1; v = 0; gone_dead = 0; goto took
            :: gone_dead && V[m] != v -> gone_dead = 0; goto again
            :: !gone_dead && !late && V[m] == v ->
                slept = ((v & (SINGLE -> SW : MW)) -> v : BUMP(v) | (SINGLE -> SW : MW));
                V[m] = slept; v = 0
            :: !gone_dead && !late && V[m] != v -> goto again
            fi
        };
#ifndef PLANT_S_AFTER_V
        QUEUE_ON_S(m);
#endif
        QUEUE(WORD_V(m), V[m] == slept);
        QUEUE(WORD_D(OWNER(slept) - 1, MY_WORD), !HAS(marked[OWNER(slept) - 1], MY_WORD));
#ifdef PLANT_S_AFTER_V
        QUEUE_ON_S(m);
#endif
end_asleep:
        atomic {
            if
            :: HAS(woken, me)
            :: timeouts > 0 && !HAS(woken, me) -> timeouts--; late = 1
#ifdef NET
            :: !HAS(woken, me) && (V[m] != slept || DEAD(OWNER(slept)))
#endif
            fi
        };
awake:
        atomic { leave_queues(me) };
#ifndef PLANT_NO_PASS_ON
        atomic {
            if
            :: HAS(marked[OWNER(slept) - 1], MY_WORD) -> wake_all(WORD_D(OWNER(slept) - 1, MY_WORD))
            :: else
            fi
        };
#endif
        slept = 0;
        slow = 1;
        goto again;
took:
        v = 0;
        atomic { /* whoever sleeps since an earlier owner's days watches the wrong death word: one of them looks again */
            if
            :: APPOINTS && SINGLE && slow && (LOGICAL(m) & SW) -> wake_one(WORD_S(m), reached); reached = 0
            :: else
            fi;
            slow = 0
        };
        pending = pending & ~BIT(me);
        goto release;
leave:
        v = 0;
        atomic {
            if
            :: APPOINTS && SINGLE && (LOGICAL(m) & SW) -> wake_one(WORD_S(m), reached); reached = 0
            :: else
            fi
        };
        atomic { pending = pending & ~BIT(me); slow = 0; late = 0; m = 0; finished = finished | BIT(me); goto done };
release:
        v = V[m];
        if
        RESOLVE_FIRST(m, v, st, target, release)
        :: atomic {
               !(v & RES) && !(v & (SW | MW)) ->
               if
               :: V[m] == v -> V[m] = OWNED_BY(BUMP(v), 0); RELEASED(m)
               :: else -> goto release
               fi
           };
           goto released
        :: atomic {
               !(v & RES) && (v & (SW | MW)) ->
               desired = OWNED_BY(BUMP(v), 0) & ((v & MW) -> ~(SW | MW) : ~0)
           }
        fi;
        atomic { op++; old_v[ENTRY(me, m)] = v; new_v[ENTRY(me, m)] = desired; status[me] = op << 2 };
        atomic { if :: V[m] == v -> V[m] = REF(me, op) :: else -> goto release fi };
        atomic { /* FUTEX_WAKE_OP */
            if
            :: STATE(status[me]) == UNDECIDED -> RELEASED(m)
            :: else
            fi;
            status[me] = status[me] | COMMITTED;
            if
            :: v & MW -> wake_all(WORD_V(m)); reached = 1
            :: else -> wake_one(WORD_V(m), reached)
            fi
        };
        st = STATE(status[me]);
        atomic {
            if
            :: V[m] == REF(me, op) -> V[m] = (st == COMMITTED -> desired : v)
            :: else
            fi;
            if
            :: st != COMMITTED -> goto release
            :: else
            fi
        };
        atomic {
            if
            :: !reached && V[m] == desired -> V[m] = desired & ~SW
            :: else
            fi
        };
released:
        v = 0;
        atomic {
            desired = 0; st = 0; reached = 0;
            if
            :: me == 0 && m + 1 < MUTEXES -> m++; goto release
            :: else -> m = 0; op = 0; finished = finished | BIT(me); goto done
            fi
        }
    } unless { HAS(killed, me) };
    atomic { leave_queues(me); v = 0; desired = 0; st = 0; target = 0; slept = 0; m = 0; op = 0; gone_dead = 0; reached = 0; late = 0; slow = 0 };
    walk(k, reached);
done:
    skip
}

/* Nothing can move any more: then everybody who lives has had the mutex and has gone. */
proctype quiescence() {
    timeout;
    assert((killed | finished) == BIT(N) - 1)
}

init {
    byte p;
    atomic {
        do
        :: p < MUTEXES -> V[p] = OWNED_BY(0, 1); holder[p] = 1; p++
        :: else -> break
        od;
        p = 0;
        do
        :: p < N -> run locker(p); p++
        :: else -> break
        od;
        run killer();
        run quiescence();
        p = 0
    }
}
