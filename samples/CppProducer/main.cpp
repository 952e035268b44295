// The producer: puts messages into a small ring in shared memory, for a consumer to take out. A mutex guards the ring;
// one event says that there is something in it, another that there is room. Either program may be started first.
// Knows of the consumer only what both must know: the names, the places in the mapping, and who sets which event.
#include <filemap.hpp>

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
    std::uint64_t items = 20;
    std::chrono::seconds patience{60}; // how long to wait for a consumer
    std::uint64_t pause_at = 0;        // stop where this item is next, owning the mutex; 0 = never
};

void say(const std::string &text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

arguments parse(int count, char **words) {
    arguments parsed;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--patience" && i + 1 < count)
            parsed.patience = std::chrono::seconds(std::atoll(words[++i]));
        else if (word == "--pause-at" && i + 1 < count)
            parsed.pause_at = std::strtoull(words[++i], nullptr, 10);
        else
            parsed.items = std::strtoull(words[i], nullptr, 10);
    }
    return parsed;
}

/// FNV-1a over the bytes of all items: the consumer, which takes them out in the same order, gets the same.
std::uint32_t checksum(std::uint32_t sum, std::string_view text) {
    for (const char byte : text) sum = (sum ^ static_cast<unsigned char>(byte)) * 16777619u;
    return sum;
}

class producer {
public:
    explicit producer(const arguments &asked) : asked_(asked) {
        if (mapping_.existed()) {
            say(std::string("The ring (") + ring_name + ") is opened: the other side has started\n");
        } else {
            say(std::string("The ring (") + ring_name + ") is created\n");
            say("Nobody is there to take: start CppConsumer or CSConsumer in another terminal\n");
        }
    }

    int run() {
        std::uint32_t sum = 2166136261u;
        for (std::uint64_t i = 0; i < asked_.items; ++i) {
            const std::string text = put();
            if (text.empty()) return give_up(i);
            sum = checksum(sum, text);
        }
        char line[64];
        std::snprintf(line, sizeof line, "%llu items put, checksum 0x%08x\n",
                      static_cast<unsigned long long>(asked_.items), sum);
        say(line);
        return finish();
    }

private:
    /// Waits for room and puts the next item: its text, or "" where patience ends.
    std::string put() {
        for (;;) {
            {
                const std::lock_guard lock(mutex_);
                look_after_abandonment();
                const std::uint64_t number = count(written_at);
                if (number + 1 == asked_.pause_at) pause();
                if (number - count(taken_at) < slot_count) return put_locked(number);
            }
            if (!room_.wait_for(asked_.patience)) return {};
        }
    }

    /// The item first and the counter last: whoever dies in between has put nothing.
    std::string put_locked(std::uint64_t number) {
        const std::string text = "Item " + std::to_string(number + 1) + " from C++";
        slot bytes{};
        text.copy(bytes.data(), bytes.size() - 1);
        view_.write(slots_at + number % slot_count * slot_size, bytes);
        view_.write(finished_at, std::uint64_t{0});
        view_.write(written_at, number + 1);
        item_.set();
        return text;
    }

    /// The ring goes with its last handle, so it is kept until everything is taken.
    int finish() {
        for (;;) {
            {
                const std::lock_guard lock(mutex_);
                look_after_abandonment();
                view_.write(finished_at, std::uint64_t{1});
                item_.set();
                if (count(taken_at) == count(written_at)) break;
            }
            if (!room_.wait_for(asked_.patience)) return give_up(asked_.items);
        }
        say("All of them are taken\n");
        return 0;
    }

    /// A process that ends while it owns the mutex leaves it to the next, who is told, once, and has to see whether
    /// what it guards is sound. Here it is whenever the counters are, as each is changed by one store.
    void look_after_abandonment() {
        if (mutex_.abandoned()) {
            say("The mutex was abandoned: a process ended while it owned it\n");
            say("The ring is looked at, and goes on being used; start another consumer if that was yours\n");
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
        say("Nothing was taken for " + std::to_string(asked_.patience.count()) + " s, after " + std::to_string(items) +
            " items put: start CppConsumer or CSConsumer, and this program again\n");
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
        return producer(parse(count, words)).run();
    } catch (const std::exception &why) {
        say(std::string("The process throws the error: ") + why.what() + "\n");
        return 1;
    }
}
