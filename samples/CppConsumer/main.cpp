// The consumer: takes messages out of a small ring in shared memory that a producer fills, and prints them. A mutex
// guards the ring; one event says that there is something in it, another that there is room. Either program may be
// started first.
// Knows of the producer only what both must know: the names, the places in the mapping, and who sets which event.
#include <filemap.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr const char *ring_name = "Local\\SampleRing";
constexpr const char *lock_name = "Local\\SampleRingLock";
constexpr const char *item_name = "Local\\SampleRingItem"; // set by the producer: there is something, or no more
constexpr const char *room_name = "Local\\SampleRingRoom"; // set by the consumer: something was taken

// The mapping begins with the counters, each 8 bytes: every change of one is a single store. The slots follow.
constexpr std::uint64_t map_size = 4096;
constexpr std::uint64_t written_at = 0;   // items put since the beginning
constexpr std::uint64_t taken_at = 8;     // items taken since the beginning
constexpr std::uint64_t finished_at = 16; // 1: no more will be put
constexpr std::uint64_t slots_at = 64;
constexpr std::uint64_t slot_count = 8;
constexpr std::uint64_t slot_size = 64;
using slot = std::array<char, slot_size>; // a text in UTF-8 that ends with NUL

struct arguments {
    std::chrono::seconds patience{60}; // how long to wait for a producer
    std::uint64_t pause_at = 0;        // stop where this item is next, owning the mutex; 0 = never
};

void say(const std::string &text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

arguments parse(int count, char **words) {
    arguments parsed;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view word = words[i];
        if (word == "--patience") parsed.patience = std::chrono::seconds(std::atoll(words[i + 1]));
        if (word == "--pause-at") parsed.pause_at = std::strtoull(words[i + 1], nullptr, 10);
    }
    return parsed;
}

/// FNV-1a over the bytes of all items: the producer, which put them in in the same order, has the same.
std::uint32_t checksum(std::uint32_t sum, std::string_view text) {
    for (const char byte : text) sum = (sum ^ static_cast<unsigned char>(byte)) * 16777619u;
    return sum;
}

enum class found { item, end, nothing };

class consumer {
public:
    explicit consumer(const arguments &asked) : asked_(asked) {
        if (mapping_.existed()) {
            say(std::string("The ring (") + ring_name + ") is opened: the other side has started\n");
        } else {
            say(std::string("The ring (") + ring_name + ") is created\n");
            say("Nobody is there to put: start CppProducer or CSProducer in another terminal\n");
        }
    }

    int run() {
        std::uint32_t sum = 2166136261u;
        std::uint64_t items = 0;
        for (;;) {
            std::string text;
            const found what = take(text);
            if (what == found::nothing) return give_up(items);
            if (what == found::end) break;
            say(text + "\n");
            sum = checksum(sum, text);
            ++items;
        }
        char line[64];
        std::snprintf(line, sizeof line, "%llu items taken, checksum 0x%08x\n", static_cast<unsigned long long>(items),
                      sum);
        say(line);
        return 0;
    }

private:
    /// Waits for an item and takes it; the end where the producer has finished, nothing where patience ends.
    found take(std::string &text) {
        for (;;) {
            {
                const std::lock_guard lock(mutex_);
                look_after_abandonment();
                const std::uint64_t number = count(taken_at);
                if (number + 1 == asked_.pause_at) pause();
                if (number != count(written_at)) {
                    text = take_locked(number);
                    return found::item;
                }
                if (count(finished_at) != 0) return found::end;
            }
            if (!item_.wait_for(asked_.patience)) return found::nothing;
        }
    }

    /// The counter last: whoever dies before has taken nothing, and the item goes to the next.
    std::string take_locked(std::uint64_t number) {
        const auto bytes = view_.read<slot>(slots_at + number % slot_count * slot_size);
        const std::string text(bytes.begin(), std::find(bytes.begin(), bytes.end(), '\0'));
        view_.write(taken_at, number + 1);
        room_.set();
        return text;
    }

    /// A process that ends while it owns the mutex leaves it to the next, who is told, once, and has to see whether
    /// what it guards is sound. Here it is whenever the counters are, as each is changed by one store.
    void look_after_abandonment() {
        if (mutex_.abandoned()) {
            say("The mutex was abandoned: a process ended while it owned it\n");
            say("The ring is looked at, and goes on being used; start another producer if that was yours\n");
            mutex_.clear_abandoned();
        }
        if (count(written_at) - count(taken_at) > slot_count)
            throw std::runtime_error("the counters of the ring are not sound: end all programs that use it");
    }

    void pause() {
        say("Paused, owning the mutex: press ENTER to go on");
        std::getchar();
        asked_.pause_at = 0;
    }

    int give_up(std::uint64_t items) {
        say("Nothing was put for " + std::to_string(asked_.patience.count()) + " s, after " + std::to_string(items) +
            " items taken: start CppProducer or CSProducer, and this program again\n");
        return 1;
    }

    std::uint64_t count(std::uint64_t place) const { return view_.read<std::uint64_t>(place); }

    // Whoever comes first creates them; the memory is zero at first, which is an empty ring.
    arguments asked_;
    fm::mutex mutex_ = fm::mutex::open_or_create(lock_name);
    fm::event item_ = fm::event::open_or_create(item_name);
    fm::event room_ = fm::event::open_or_create(room_name);
    fm::mapping mapping_ = fm::mapping::open_or_create(ring_name, map_size);
    fm::view view_ = mapping_.map(fm::access::write);
};

} // namespace

int main(int count, char **words) {
    try {
        return consumer(parse(count, words)).run();
    } catch (const std::exception &why) {
        say(std::string("The process throws the error: ") + why.what() + "\n");
        return 1;
    }
}
