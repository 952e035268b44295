/* A slot of the registry changing hands: process 0 has it at the beginning, the others claim it as soon as it is free; each
 * does one change of the object with it, then ends, or is killed anywhere: the kernel does the same work for both.
 *
 * Modelled: two death words; claiming word 0 with its mark of death left on; settling what a predecessor left reserved; the
 * new generation; linking the words into the thread's robust list, each pending until it is on it; the kernel's walk (newest
 * word first, each marked where it holds the thread's id, then one sleeper woken; the pending word last). With -DVISITED
 * somebody meets the object and resolves what it finds; else a watcher sleeps on one of the death words until the first
 * owner is dead.
 * Abstracted: sequential consistency, sequence numbers, patience: see event.pml. Thread ids do not come round; a thread that
 * gets a dead one's id within the moment in which somebody falls asleep on him is not modelled. The object is always there
 * (the library skips a slot whose predecessor left reservations on objects that the claimer does not have). */

#ifndef CLAIMERS
#define CLAIMERS 2
#endif
#ifndef KILLS
#define KILLS 2
#endif
#define USERS (CLAIMERS + 1) /* 0: who has the slot at the beginning */
#define OTHER USERS          /* the visitor, or the watcher */
#define N (USERS + 1)
#define MORTAL (BIT(USERS) - 1)
#define WORDS 2

#include "kernel.pml"

/* A death word: [owner died][thread + 1] */
#define DIED 16
#define THREAD(word) ((word) & 15)
#define IS_DEAD(word) (((word) & DIED) || THREAD(word) == 0)
#define NOTHING 2 /* pending */

byte death[2];
byte generation = 1;
byte status; /* [operation][state 2] */
bool entries;
byte old_v, new_v;
byte V; /* [operation or value][RES] */
#define RES 1
#define REF(op) (RES | ((op) << 1))
#define UNDECIDED 0
#define COMMITTED 1
#define ABORTED 2
#define STATE(st) ((st) & 3)
#define OP(st) ((st) >> 2)

/* Ghosts: the object's value; who has the slot (+ 1), 0 after the mark on word 0; whether the first owner's is on it. */
byte value;
byte has_it = 1;
bool buried;
#define IS_COMMITTED (STATE(status) == COMMITTED && OP(status) == V >> 1)
#define INVARIANT assert((!(V & RES) && V == value) || ((V & RES) && IS_COMMITTED && new_v == value) || \
                         ((V & RES) && !IS_COMMITTED && old_v == value))

/* Inside an atomic step. */
inline abort(st) {
    if
    :: status == st -> status = st | ABORTED
    :: else
    fi;
    INVARIANT
}

/* Inside an atomic step. */
inline put_in_place(v) {
    if
    :: V == v -> V = (STATE(status) == COMMITTED -> new_v : old_v)
    :: else
    fi;
    INVARIANT
}

#define LINK(k, word) \
    pending = k; \
    death[k] = word; \
    linked = linked | BIT(k)

/* What the kernel does with a word of a dead thread. */
inline mark(k, on_list, reached) {
    atomic {
        ours = (on_list && THREAD(death[k]) == me + 1);
        if
        :: ours ->
            death[k] = DIED;
            if
            :: k == 0 -> has_it = 0; buried = 1
            :: else
            fi
        :: else
        fi
    };
    atomic {
        if
        :: ours -> wake_one(k, reached); reached = 0; ours = 0
        :: else
        fi
    }
}

/* From the newest word to the oldest. */
#ifdef PLANT_FIRST_WORD_LINKED_LAST
#define OLDEST 1
#else
#define OLDEST 0
#endif
#define NEWEST (1 - OLDEST)

proctype user(byte me) {
    byte seen, st, op, pending = NOTHING;
    byte linked = (me == 0) * 3; /* words on the robust list */
    bool reached, ours;
    {
        if
        :: me == 0 -> goto change
        :: me != 0
        fi;
end_waiting: /* for a slot: the code goes on to another one */
        THREAD(death[0]) == 0;
again:
        seen = death[0];
        if
        :: atomic { THREAD(seen) != 0 -> seen = 0 }; goto end_waiting
        :: THREAD(seen) == 0
        fi;
#ifndef PLANT_NO_PENDING
        pending = 0;
#endif
        atomic {
            if
#ifdef PLANT_ALIVE_BEFORE_GENERATION
            :: death[0] == seen -> death[0] = me + 1;
#else
            :: death[0] == seen -> death[0] = (me + 1) | DIED;
#endif
                assert(has_it == 0); has_it = me + 1; seen = 0
            :: else -> goto again
            fi
        };
#ifndef PLANT_NO_SETTLING
        if
        :: atomic { entries -> st = status };
            atomic { if :: STATE(st) == UNDECIDED -> abort(st) :: else fi; st = 0 };
            seen = V;
            atomic { if :: (seen & RES) -> put_in_place(seen) :: else fi; seen = 0 };
            entries = 0
        :: !entries
        fi;
#endif
        generation++;
        LINK(OLDEST, (me + 1) | (OLDEST == 0 -> DIED : 0));
        LINK(NEWEST, (me + 1) | (NEWEST == 0 -> DIED : 0));
        death[0] = me + 1;
        pending = NOTHING;
change:
        seen = V;
        atomic { entries = 0; op = OP(status) + 1; status = op << 2 };
        atomic {
            assert(!(seen & RES)); /* nobody else changes the object, and of a predecessor nothing may be left */
            old_v = seen;
            new_v = seen + 2
        };
        entries = 1;
        atomic { if :: V == seen -> V = REF(op); INVARIANT :: else fi };
        atomic { if :: status == op << 2 -> status = status | COMMITTED; value = new_v :: else fi; INVARIANT };
        atomic { put_in_place(REF(op)) };
        entries = 0;
        atomic { finished = finished | BIT(me); goto done }
    } unless { HAS(killed, me) };
done:
    atomic { seen = 0; st = 0; op = 0 };
    mark(NEWEST, HAS(linked, NEWEST), reached);
    mark(OLDEST, HAS(linked, OLDEST), reached);
    if
    :: atomic { pending != NOTHING && death[pending] == 0 -> wake_one(pending, reached); reached = 0 }
    :: pending != NOTHING && death[pending] != 0 -> mark(pending, true, reached)
    :: pending == NOTHING
    fi;
    atomic { pending = NOTHING; linked = 0 }
}

#ifndef VISITED
/* Is the first owner, [slot, generation 1], alive? Then sleep on word `k` of his. */
proctype watcher(byte me; byte k) {
    byte seen;
    bool was_buried;
    skip;
again:
    atomic { seen = death[k]; was_buried = buried };
    if
    :: IS_DEAD(seen) -> goto done
    :: else
    fi;
    if
    :: IS_DEAD(death[0]) -> goto done
    :: else
    fi;
    if
    :: generation != 1 -> goto done
    :: else
    fi;
    assert(!was_buried);
    atomic {
        if
        :: death[k] == seen -> sleepers[k] = sleepers[k] | BIT(me)
        :: else -> goto again
        fi
    };
end_asleep:
    atomic { HAS(woken, me) -> leave_queues(me); goto again };
done:
    atomic { seen = 0; was_buried = 0; finished = finished | BIT(me) }
}
#else
/* Somebody meets the object and makes it settled. */
proctype visitor(byte me) {
    byte v, st;
    skip;
again:
    v = V;
    if
    :: atomic { !(v & RES) -> goto done }
    :: atomic { v & RES -> st = status }
    fi;
    if
    :: atomic { OP(st) != v >> 1 && V != v -> goto again }
    :: atomic { OP(st) == v >> 1 && STATE(st) == UNDECIDED && (V != v || status != st) -> goto again }
    :: atomic { OP(st) == v >> 1 && STATE(st) == UNDECIDED -> abort(st); goto again }
    :: atomic { OP(st) == v >> 1 && STATE(st) != UNDECIDED -> st = (STATE(st) == COMMITTED -> new_v : old_v) };
        atomic { if :: V == v && OP(status) == v >> 1 -> V = st :: else fi; INVARIANT; goto again }
    fi;
done:
    atomic { v = 0; st = 0; finished = finished | BIT(me) }
}
#endif

/* Nothing can move any more: everybody has come to his end, and the slot can be claimed. */
proctype quiescence() {
    timeout;
    INVARIANT;
    assert((killed | finished) == BIT(N) - 1);
    assert(has_it == 0 && THREAD(death[0]) == 0)
}

init {
    byte p;
    atomic {
        death[0] = 1;
        death[1] = 1;
        do
        :: p < USERS -> run user(p); p++
        :: else -> break
        od;
#ifdef VISITED
        run visitor(OTHER);
#else
        if
        :: run watcher(OTHER, 0)
        :: run watcher(OTHER, 1)
        fi;
#endif
        run killer();
        run quiescence();
        p = 0
    }
}
