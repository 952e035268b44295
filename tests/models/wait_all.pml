/* Waiting for all of several auto-reset events at once: two wait-alls over the same events, one process that waits for the
 * last event alone, one that sets them, and an observer that only looks.
 *
 * Modelled: reserving object after object in their order, one commit bit for all, the clean-up, undoing; helpers that abort
 * what is undecided and finish what is decided; sleeping on the first event that is not set (MW), setting with wake-all where
 * MW is there, wake-one with the kernel's resending where only single waiters are; `peek`; being killed anywhere.
 * Abstracted: sequential consistency, sequence numbers, patience: see event.pml and reservation.pml. Time limits: a wait-all
 * that gives up does so while it holds nothing. */

#ifndef OBJECTS
#define OBJECTS 2
#endif
#ifndef SETS /* the setter sets event 0, 1, .., 0, 1, ..: so many in all */
#define SETS 2
#endif
#ifndef INITIALLY /* bits of the events set at the beginning */
#define INITIALLY 3
#endif
#ifndef KILLS
#define KILLS 1
#endif
#ifndef ABORTS
#define ABORTS 1
#endif
#ifndef MORTAL /* wait-alls 0 and 1, single waiter 2, setter 3 */
#define MORTAL 15
#endif
#ifndef PRESENT
#define PRESENT 15
#endif
#define N 4
#define SINGLE 2
#define SETTER 3
#define WORDS (OBJECTS + 1)
#define WORD_V(o) (o)
#define WORD_S OBJECTS
#define LAST (OBJECTS - 1)

#define SW 2
#define MW 4
#define SIG 8
#define BUMP(v) ((v) + 16)

/* Ghost: is the event set? Changed by the one step that sets it or takes it. */
byte set;
#define TRUE_TO(o) (((LOGICAL(o) & SIG) != 0) == HAS(set, o))
#if OBJECTS == 2
#define INVARIANT assert(TRUE_TO(0) && TRUE_TO(1))
#else
#define INVARIANT assert(TRUE_TO(0) && TRUE_TO(1) && TRUE_TO(2))
#endif
#define ALL (BIT(OBJECTS) - 1)

#include "kernel.pml"
#include "reservation.pml"

bool pending; /* the single waiter's list_op_pending points at S of the last event */

#ifdef PLANT_UNSORTED
#define NTH(i) ((i) + me * (LAST - 2 * (i))) /* wait-all 1 the other way round */
#else
#define NTH(i) (i)
#endif

proctype wait_all(byte me) {
    short v, st, target, registered;
    byte i, op;
    bool ok;
    {
        skip;
again:
        v = V[NTH(i)]; /* are all of them set? */
        if
        RESOLVE_FIRST(NTH(i), v, st, target, again)
        :: atomic { !(v & RES) && (v & SIG) ->
               if
               :: i < LAST -> i++; goto again
               :: else -> i = 0
               fi
           }
        :: atomic { !(v & RES) && !(v & SIG) ->
               if
               :: V[NTH(i)] == v -> registered = ((v & MW) -> v : BUMP(v) | MW); V[NTH(i)] = registered; v = 0; INVARIANT
               :: else -> goto again
               fi
           };
           goto sleep
        fi;
        atomic { v = 0; op++; status[me] = op << 2 };
reserve:
        v = V[NTH(i)];
        if
        RESOLVE_FIRST(NTH(i), v, st, target, reserve)
        :: atomic { !(v & RES) && !(v & SIG) -> goto undo }
        :: atomic { !(v & RES) && (v & SIG) ->
               old_v[ENTRY(me, NTH(i))] = v; new_v[ENTRY(me, NTH(i))] = BUMP(v) & ~SIG }
        fi;
        atomic { if :: V[NTH(i)] == v -> V[NTH(i)] = REF(me, op); ok = 1; INVARIANT :: else fi };
#ifndef PLANT_PLAIN_COMMIT
        atomic {
            if
            :: status[me] != (op << 2) -> i = i + ok; ok = 0; goto undo
            :: else
            fi
        };
#endif
        if
        :: atomic { !ok -> goto reserve }
        :: atomic { ok -> ok = 0; i++ }
        fi;
        if
        :: atomic { i < OBJECTS -> goto reserve }
        :: i == OBJECTS
        fi;
        atomic { /* the commit: all of them are taken, or none */
#ifdef PLANT_PLAIN_COMMIT
            status[me] = op << 2 | COMMITTED;
#else
            if
            :: status[me] == (op << 2) -> status[me] = status[me] | COMMITTED
            :: else -> goto undo
            fi;
#endif
            assert(set == ALL);
            set = 0;
            INVARIANT
        };
tidy:
        v = 0;
        atomic { i--; put_back(NTH(i), REF(me, op), new_v[ENTRY(me, NTH(i))]) };
        if
        :: atomic { i > 0 -> goto tidy }
        :: atomic { i == 0 -> op = 0; finished = finished | BIT(me); goto done }
        fi;
undo:
        v = 0;
        atomic { if :: status[me] == (op << 2) -> status[me] = status[me] | ABORTED :: else fi; INVARIANT };
put_one_back:
        if
        :: atomic { i > 0 -> i--; put_back(NTH(i), REF(me, op), old_v[ENTRY(me, NTH(i))]) };
            goto put_one_back
        :: i == 0
        fi;
        goto again;
sleep:
        atomic {
            if
            :: V[NTH(i)] == registered -> sleepers[WORD_V(NTH(i))] = sleepers[WORD_V(NTH(i))] | BIT(me)
            :: else -> registered = 0; i = 0; goto again
            fi
        };
end_asleep:
        atomic { HAS(woken, me) -> leave_queues(me); registered = 0; i = 0; goto again }
    } unless { HAS(killed, me) };
    atomic { leave_queues(me); v = 0; st = 0; target = 0; registered = 0; i = 0; op = 0; ok = 0 };
done:
    skip
}

proctype single_waiter(byte me) {
    short v, st, target, registered;
    bool reached;
    {
        pending = 1;
again:
        v = V[LAST];
        if
        RESOLVE_FIRST(LAST, v, st, target, again)
        :: atomic { !(v & RES) && (v & SIG) ->
               if
               :: V[LAST] == v -> V[LAST] = BUMP(v) & ~SIG; set = set & ~BIT(LAST); v = 0; INVARIANT
               :: else -> goto again
               fi
           };
           goto took
        :: atomic { !(v & RES) && !(v & SIG) ->
               if
               :: V[LAST] == v -> registered = ((v & SW) -> v : BUMP(v) | SW); V[LAST] = registered; v = 0; INVARIANT
               :: else -> goto again
               fi
           }
        fi;
        atomic { sleepers[WORD_S] = sleepers[WORD_S] | BIT(me) };
        atomic {
            if
            :: V[LAST] == registered -> sleepers[WORD_V(LAST)] = sleepers[WORD_V(LAST)] | BIT(me)
            :: else -> leave_queues(me); registered = 0; goto again
            fi
        };
end_asleep:
        atomic { HAS(woken, me) -> leave_queues(me); registered = 0; goto again };
took:
        pending = 0;
        atomic { finished = finished | BIT(me); goto done }
    } unless { HAS(killed, me) };
    atomic { leave_queues(me); v = 0; st = 0; target = 0; registered = 0 };
    atomic { if :: pending -> wake_one(WORD_S, reached); reached = 0; pending = 0 :: else fi };
done:
    skip
}

proctype setter(byte me) {
    short v, st, target, desired;
    byte o, op, sets = SETS;
    bool reached;
    {
        skip;
again:
        v = V[o];
        if
        RESOLVE_FIRST(o, v, st, target, again)
        :: atomic { !(v & RES) && ((v & SIG) || !(v & (SW | MW))) ->
               if
               :: V[o] == v -> V[o] = BUMP(v) | SIG; set = set | BIT(o); INVARIANT
               :: else -> goto again
               fi
           };
           goto happened
        :: atomic { !(v & RES) && !(v & SIG) && (v & (SW | MW)) ->
               desired = (BUMP(v) | SIG) & ((v & MW) -> ~(SW | MW) : ~0) }
        fi;
        atomic { op++; old_v[ENTRY(me, o)] = v; new_v[ENTRY(me, o)] = desired; status[me] = op << 2 };
        atomic { if :: V[o] == v -> V[o] = REF(me, op); INVARIANT :: else -> goto again fi };
        atomic { /* FUTEX_WAKE_OP */
            if
            :: STATE(status[me]) == UNDECIDED -> set = set | BIT(o)
            :: else
            fi;
            status[me] = status[me] | COMMITTED;
            if
            :: v & MW -> wake_all(WORD_V(o)); reached = 1
            :: else -> wake_one(WORD_V(o), reached)
            fi;
            INVARIANT
        };
        st = STATE(status[me]);
        atomic {
            desired = (st == COMMITTED -> desired : v);
            put_back(o, REF(me, op), desired);
            if
            :: st != COMMITTED -> goto again
            :: else
            fi
        };
        atomic { if :: !reached && V[o] == desired -> V[o] = desired & ~SW; INVARIANT :: else fi };
happened:
        v = 0;
        atomic {
            desired = 0; st = 0; reached = 0; sets--; o = (o == LAST -> 0 : o + 1);
            if
            :: sets > 0 -> goto again
            :: else -> op = 0; o = 0; finished = finished | BIT(me); goto done
            fi
        }
    } unless { HAS(killed, me) };
    atomic { v = 0; st = 0; target = 0; desired = 0; o = 0; op = 0; sets = 0; reached = 0 };
done:
    skip
}

#ifdef OBSERVER
/* `peek`: what an object says, without touching it. `seen` is what is really so at the moment that the answer belongs to. */
#define PEEK(o, v, st, value, seen, again) \
    if \
    :: atomic { !(v & RES) -> value = v; st = 0 } \
    :: atomic { v & RES -> st = status[REF_BY(v)] }; \
        if \
        :: atomic { OP(st) != REF_OP(v) -> goto again } \
        :: atomic { OP(st) == REF_OP(v) -> \
               value = (STATE(st) == COMMITTED -> new_v[ENTRY(REF_BY(v), o)] : old_v[ENTRY(REF_BY(v), o)]) } \
        fi; \
        atomic { if :: status[REF_BY(v)] != st -> goto again :: else -> seen = set fi }; \
        atomic { if :: V[o] != v -> goto again :: else fi } \
    fi

/* Event 0, event 1, event 0 again: where nothing has happened to it meanwhile, the two answers were true together. */
proctype observer() {
    short v, first, st, first_st, value, first_value;
    byte seen, nothing;
    skip;
again_first:
    atomic { first = V[0]; nothing = set };
    PEEK(0, first, first_st, first_value, nothing, again_first);
again_second:
    atomic { v = V[1]; seen = set };
    PEEK(1, v, st, value, seen, again_second);
    atomic {
        if
        :: V[0] == first && (!(first & RES) || status[REF_BY(first)] == first_st) ->
            assert(((first_value & SIG) != 0) == HAS(seen, 0) && ((value & SIG) != 0) == HAS(seen, 1))
        :: else
        fi;
        v = 0; first = 0; st = 0; first_st = 0; value = 0; first_value = 0; seen = 0; nothing = 0
    }
}
#endif

/* Nothing can move any more: nobody who lives sleeps while what it waits for is there. */
proctype quiescence() {
    timeout;
    INVARIANT;
    assert(set != ALL || HAS(killed | finished, 0) || !HAS(PRESENT, 0));
    assert(set != ALL || HAS(killed | finished, 1) || !HAS(PRESENT, 1));
    assert(!HAS(set, LAST) || HAS(killed | finished, SINGLE) || !HAS(PRESENT, SINGLE));
    assert(HAS(killed | finished, SETTER))
}

init {
    byte o;
    atomic {
        set = INITIALLY & ALL;
        do
        :: o < OBJECTS -> V[o] = (HAS(INITIALLY, o) -> SIG : 0); o++
        :: else -> break
        od;
        o = 0;
        if :: HAS(PRESENT, 0) -> run wait_all(0) :: else fi;
        if :: HAS(PRESENT, 1) -> run wait_all(1) :: else fi;
        if :: HAS(PRESENT, SINGLE) -> run single_waiter(SINGLE) :: else fi;
        run setter(SETTER);
        run killer();
#ifdef OBSERVER
        run observer();
#endif
        run quiescence()
    }
}
