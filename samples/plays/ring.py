"""Producer and consumer share a ring of messages in a mapping, with a mutex and two events; either may come first."""
from .scene import Scene

PRODUCERS = {"C++": "CppProducer", "C#": "CSProducer"}
CONSUMERS = {"C++": "CppConsumer", "C#": "CSConsumer"}
SLOTS = 8  # of the ring: so many items are put before one is taken
ITEMS = 24  # in a play: three times around the ring

TO_START = {"producer": "Nobody is there to take: start CppConsumer or CSConsumer in another terminal\n",
            "consumer": "Nobody is there to put: start CppProducer or CSProducer in another terminal\n"}
OPENED = "The ring (Local\\SampleRing) is opened: the other side has started\n"
PAUSED = "Paused, owning the mutex: press ENTER to go on"
OTHER = {"producer": "consumer", "consumer": "producer"}


def created(role):
    return "The ring (Local\\SampleRing) is created\n" + TO_START[role]


def abandoned(role):
    return f"""The mutex was abandoned: a process ended while it owned it
The ring is looked at, and goes on being used; start another {OTHER[role]} if that was yours
"""


def items(producer, first, last):
    """What a producer puts, from item `first` to item `last`, both of them included."""
    return [f"Item {number} from {producer}" for number in range(first, last + 1)]


def lines(texts):
    return "".join(text + "\n" for text in texts)


def count_and_checksum(texts, done):
    """FNV-1a over the bytes of all texts."""
    checksum = 2166136261
    for byte in "".join(texts).encode():
        checksum = (checksum ^ byte) * 16777619 % 2**32
    return f"{len(texts)} items {done}, checksum 0x{checksum:08x}\n"


def put(texts):
    return count_and_checksum(texts, "put") + "All of them are taken\n"


def taken(texts):
    return lines(texts) + count_and_checksum(texts, "taken")


def start_producer(cast, language, *arguments):
    return cast.start(f"{language} producer", PRODUCERS[language], *arguments)


def start_consumer(cast, language, *arguments):
    return cast.start(f"{language} consumer", CONSUMERS[language], *arguments)


def pairing(cast, producer, consumer):
    first = start_producer(cast, producer, str(ITEMS))
    first.says(created("producer"))
    texts = items(producer, 1, ITEMS)
    start_consumer(cast, consumer).ends_with(0, OPENED + taken(texts))
    first.ends_with(0, created("producer") + put(texts))


def consumer_first(cast, producer, consumer):
    first = start_consumer(cast, consumer)
    first.says(created("consumer"))
    texts = items(producer, 1, ITEMS)
    start_producer(cast, producer, str(ITEMS)).ends_with(0, OPENED + put(texts))
    first.ends_with(0, created("consumer") + taken(texts))


def consumer_killed(cast, producer, consumer, successor):
    """The consumer owns the mutex and the producer waits for it; that one is told, and the successor misses nothing."""
    first = start_consumer(cast, consumer, "--pause-at", "1")
    first.waits_after(created("consumer") + PAUSED, PAUSED)
    survivor = start_producer(cast, producer, str(ITEMS))
    survivor.says(OPENED)
    first.is_killed()
    survivor.says(OPENED + abandoned("producer"))
    texts = items(producer, 1, ITEMS)
    start_consumer(cast, successor).ends_with(0, OPENED + taken(texts))
    survivor.ends_with(0, OPENED + abandoned("producer") + put(texts))


def producer_killed(cast, producer, consumer, successor):
    """The producer owns the mutex and has put three. The consumer is told, and takes those and the successor's."""
    first = start_producer(cast, producer, "--pause-at", "4")
    first.waits_after(created("producer") + PAUSED, PAUSED)
    survivor = start_consumer(cast, consumer)
    survivor.says(OPENED)
    first.is_killed()
    before, after = items(producer, 1, 3), items(successor, 4, ITEMS)
    survivor.says(OPENED + abandoned("consumer") + lines(before))
    start_producer(cast, successor, str(len(after))).ends_with(0, OPENED + put(after))
    survivor.ends_with(0, OPENED + abandoned("consumer") + taken(before + after))


def producer_alone(cast, language):
    start_producer(cast, language, "--patience", "1").ends_with(1, created("producer") + (
        f"Nothing was taken for 1 s, after {SLOTS} items put: "
        "start CppConsumer or CSConsumer, and this program again\n"))


def consumer_alone(cast, language):
    start_consumer(cast, language, "--patience", "1").ends_with(1, created("consumer") + (
        "Nothing was put for 1 s, after 0 items taken: "
        "start CppProducer or CSProducer, and this program again\n"))


def scenes(_stage):
    for producer in PRODUCERS:
        for consumer in CONSUMERS:
            yield Scene(f"{producer} producer, {consumer} consumer", pairing, (producer, consumer),
                        "a ring with a mutex and two events: producers down, consumers across")
    # Each with the other language's, so that every program is once on each side.
    for one, other in zip(PRODUCERS, reversed(CONSUMERS)):
        yield Scene(f"{other} consumer first, then {one} producer", consumer_first, (one, other))
        yield Scene(f"{one} producer, {other} consumer killed while it owns the mutex, {one} consumer", consumer_killed,
                    (one, other, one))
        yield Scene(f"{other} consumer, {one} producer killed while it owns the mutex, {other} producer",
                    producer_killed, (one, other, other))
    for language in PRODUCERS:
        yield Scene(f"{language} producer without a consumer", producer_alone, (language,))
        yield Scene(f"{language} consumer without a producer", consumer_alone, (language,))
