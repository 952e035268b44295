/* What the models share: the state words V, and the revocable reservations through which several of them change together, or
 * one changes together with a wake-up. Must not know what the other bits of V mean.
 *
 * Needs N, OBJECTS, ABORTS, and INVARIANT: what has to hold after each step that changes a V or a status.
 * A helper's patience with a living process (50 us in the code) is a budget of ABORTS for all; with a dead one it always
 * ends. Sequence numbers do not wrap: the code's have 27 and 30 bits, the runs of a model a handful of steps. */

/* V: what the model says it is while RES is 0; reserved: [operation][process 3][RES] */
#define RES 1
#define REF(p, op) (RES | ((p) << 1) | ((op) << 4))
#define REF_BY(v) (((v) >> 1) & 7)
#define REF_OP(v) ((v) >> 4)

/* status: [operation][state 2]; 3: aborted, and then the late OR of a commit */
#define UNDECIDED 0
#define COMMITTED 1
#define ABORTED 2
#define STATE(st) ((st) & 3)
#define OP(st) ((st) >> 2)

short V[OBJECTS];
short status[N];
short old_v[N * OBJECTS], new_v[N * OBJECTS];
#define ENTRY(p, o) ((p) * OBJECTS + (o))

byte patience = ABORTS;

/* What `V[o]` says to everybody, reserved or not. */
#define IS_COMMITTED(v) (STATE(status[REF_BY(v)]) == COMMITTED && OP(status[REF_BY(v)]) == REF_OP(v))
#define LOGICAL(o) (!(V[o] & RES) -> V[o] : \
    (IS_COMMITTED(V[o]) -> new_v[ENTRY(REF_BY(V[o]), o)] : old_v[ENTRY(REF_BY(V[o]), o)]))

/* The first alternative of a decision on the loaded value `v` of V[o]: a reservation is resolved, and V[o] loaded again.
 * Undecided: wait, or abort it. Decided: put the decided value in its place. */
#define RESOLVE_FIRST(o, v, st, target, again) \
    :: atomic { v & RES -> st = status[REF_BY(v)] }; \
        if \
        :: atomic { OP(st) != REF_OP(v) && V[o] != v -> st = 0 } \
        :: atomic { OP(st) == REF_OP(v) && STATE(st) == UNDECIDED && (V[o] != v || status[REF_BY(v)] != st) -> st = 0 } \
        :: atomic { OP(st) == REF_OP(v) && STATE(st) == UNDECIDED && MAY_ABORT(REF_BY(v)) -> abort(v, st); st = 0 } \
        :: atomic { OP(st) == REF_OP(v) && STATE(st) != UNDECIDED -> \
               target = (STATE(st) == COMMITTED -> new_v[ENTRY(REF_BY(v), o)] : old_v[ENTRY(REF_BY(v), o)]); st = 0 }; \
            atomic { \
                if \
                :: V[o] == v && OP(status[REF_BY(v)]) == REF_OP(v) -> V[o] = target \
                :: else \
                fi; \
                target = 0; INVARIANT } \
        fi; \
        goto again

#ifdef PLANT_NO_HELP
#define MAY_ABORT(p) (!HAS(killed, p) && patience > 0)
#else
#define MAY_ABORT(p) (HAS(killed, p) || patience > 0)
#endif

/* Inside an atomic step. */
inline abort(v, st) {
    if
    :: status[REF_BY(v)] == st ->
        status[REF_BY(v)] = st | ABORTED;
        if
        :: HAS(killed, REF_BY(v))
        :: else -> patience--
        fi
    :: else
    fi;
    INVARIANT
}

/* The clean-up of one's own reservation. Inside an atomic step. */
inline put_back(o, reference, value) {
    if
    :: V[o] == reference -> V[o] = value
    :: else
    fi;
    INVARIANT
}
