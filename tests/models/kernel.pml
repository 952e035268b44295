/* What the models share: sleeping and waking as the Linux kernel does it, and sudden death. Owns the queues of sleepers;
 * must not know what the words mean.
 *
 * - A model numbers its processes 0..N-1 (N <= 6) and its futex words 0..WORDS-1. sleepers[w] is the set (bits) of those
 *   queued on word w, woken the set of those a wake-up has reached that have not run since.
 * - futex_waitv queues on one word after the other (each check with its queueing is one step, all of them together are
 *   not) and leaves every queue only when the sleeper runs again: until then it can swallow a second wake-up.
 * - Which sleeper a wake-up reaches is left open: the kernel's order (first come) is one of the possible ones.
 * - A killed process does not run again, stays queued for a moment (and swallows what reaches it), then leaves the queues,
 *   then the kernel walks its robust list, the pending word last. */

#define BIT(p) (1 << (p))
#define HAS(set, p) (((set) >> (p)) & 1)

byte sleepers[WORDS];
byte woken;
byte killed;   /* those that do not run any more */
byte finished; /* those that returned from their last call: killing them changes nothing here */

byte gone; /* scratch of an atomic step, 0 between steps */

/* FUTEX_WAKE 1: `reached` becomes 0 or 1. Inside an atomic step. */
inline wake_one(word, reached) {
    reached = 1;
    if
    :: HAS(sleepers[word], 0) -> gone = BIT(0)
    :: HAS(sleepers[word], 1) -> gone = BIT(1)
    :: HAS(sleepers[word], 2) -> gone = BIT(2)
    :: HAS(sleepers[word], 3) -> gone = BIT(3)
    :: HAS(sleepers[word], 4) -> gone = BIT(4)
    :: HAS(sleepers[word], 5) -> gone = BIT(5)
    :: sleepers[word] == 0 -> gone = 0; reached = 0
    fi;
    sleepers[word] = sleepers[word] & ~gone;
    woken = woken | gone;
    gone = 0
}

/* FUTEX_WAKE all. Inside an atomic step. */
inline wake_all(word) {
    woken = woken | sleepers[word];
    sleepers[word] = 0
}

/* A sleeper runs again, or is torn out of its sleep by SIGKILL: off every queue. Inside an atomic step. */
inline leave_queues(p) {
    gone = 0;
    do
    :: gone < WORDS -> sleepers[gone] = sleepers[gone] & ~BIT(p); gone++
    :: else -> break
    od;
    gone = 0;
    woken = woken & ~BIT(p)
}

/* SIGKILL at any moment to any process that still has work, at most KILLS times; it may also spare them. */
proctype killer() {
    byte victim, left = KILLS;
    do
    :: left > 0 ->
        atomic {
            select(victim : 0 .. N - 1);
            if
            :: !HAS(killed | finished, victim) && HAS(MORTAL, victim) -> killed = killed | BIT(victim); left--
            :: else
            fi;
            victim = 0
        }
    :: break
    od;
    left = 0
}
