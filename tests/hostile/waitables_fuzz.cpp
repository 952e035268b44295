// The words of objects, and the slots of those who wait for them, written over at random while threads wait and signal:
// the answers may be wrong, but each call comes back, and nothing crashes.
#include "hostile/attempts.hpp"
#include "hostile/plant.hpp"
#include "process/waitables.hpp"

#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <random>
#include <unistd.h>

namespace fm::test {

namespace {

using generator = std::mt19937_64;

constexpr int64_t moment = millisecond;
constexpr uint64_t slot_bytes = 4096, first_slot = 4096;

/// One of each kind, which the entries of their names lead to.
struct objects {
    handle event = new_event("Local\\event"), mutex = new_mutex("Local\\mutex"), units = new_semaphore("Local\\units", 1, 5),
           timer = new_timer("Local\\timer");
    fm_handle all[4] = {event, mutex, units, timer};
};

/// One call, whatever it gives. None may take longer than its time, and a good deal more for a slow machine.
void call_something(generator &random, const objects &own) {
    fm_handle some[4];
    const auto count = static_cast<uint32_t>(1 + random() % 4);
    const auto first = random() % 4;
    for (uint32_t i = 0; i < count; ++i) some[i] = own.all[(first + i) % 4];
    const auto begun = std::chrono::steady_clock::now();
    const auto which = random() % 15;
    switch (which) {
    case 0: fm_wait(own.event, moment); break;
    case 1: fm_wait(own.mutex, moment); break;
    case 2: fm_wait(own.units, moment); break;
    case 3: fm_wait(own.timer, moment); break;
    case 4: fm_wait_any(some, count, moment, nullptr); break;
    case 5: fm_wait_all(some, count, moment); break;
    case 6: fm_event_set(own.event); break;
    case 7: fm_event_pulse(own.event); break;
    case 8: fm_event_reset(own.event); break;
    case 9: fm_semaphore_release(own.units, 1, nullptr); break;
    case 10: fm_timer_set(own.timer, -10 * static_cast<int64_t>(random() % 1000), random() % 3); break;
    case 11: fm_timer_cancel(own.timer); break;
    case 12: fm_signal_and_wait(own.event, own.units, moment); break;
    case 13: {
        fm_info info = {};
        info.struct_size = sizeof info;
        fm_query(some[0], &info);
        break;
    }
    default: break;
    }
    fm_mutex_release(own.mutex);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20)) << "call " << which;
}

uint64_t interesting(generator &random) {
    constexpr uint64_t one = 1;
    const uint64_t values[] = {0, 1, one << 27, one << 30, one << 31, one << 63, ~uint64_t(0), 0x7fffffff, 0xffffffff,
                               one << 32, random(), random() >> 32, random() % 4096, random() % 4096 << 32};
    return values[random() % std::size(values)];
}

/// Writes over 1 to 8 bytes, or one bit.
void scribble(generator &random, char *at, std::size_t size) {
    const std::size_t place = random() % size;
    const std::size_t aligned = place / 8 * 8;
    if (random() % 3 == 0) {
        at[place] = static_cast<char>(at[place] ^ 1 << random() % 8);
        return;
    }
    const uint64_t value = interesting(random);
    std::memcpy(at + aligned, &value, random() % 2 == 0 ? 8 : 4);
}

/// Scribbles while two threads call, for a while: "seed milliseconds words|slots|both".
int fuzz(const arguments &values) {
    const uint64_t seed = std::stoull(values.at(0));
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(std::stoi(values.at(1)));
    const bool words = values.at(2) != "slots", slots = values.at(2) != "words";
    const objects own;
    std::vector<std::unique_ptr<mapped_page>> pages, in_use;
    for (const char *each : {"event", "mutex", "units", "timer"})
        pages.push_back(std::make_unique<mapped_page>(local_entry(each)));
    const std::string registry = own_namespace() + "/filemap-" + std::to_string(geteuid()) + "/registry-1";
    std::atomic<bool> ended{false};
    std::atomic<unsigned> calls{0};
    std::vector<std::thread> threads;
    for (uint64_t i = 0; i < 2; ++i) threads.emplace_back([&, i] {
        generator random(seed * 10 + i);
        while (!ended) call_something(random, own), ++calls;
    });
    for (uint64_t slot = 1; slot < 40; ++slot)
        in_use.push_back(std::make_unique<mapped_page>(registry, first_slot + slot * slot_bytes));
    generator random(seed);
    while (std::chrono::steady_clock::now() < end) {
        if (words) scribble(random, pages[random() % 4]->data() + words_offset, sizeof(waitable_words));
        if (slots) scribble(random, in_use[random() % in_use.size()]->data(), slot_bytes);
        if (random() % 8 == 0) std::this_thread::sleep_for(std::chrono::microseconds(random() % 300));
    }
    ended = true;
    for (std::thread &each : threads) each.join();
    EXPECT_LT(20u, calls.load()) << "hardly anything was called";
    std::cout << calls << " calls" << std::endl;
    return role_result();
}

const role registered("fuzz_waitables", fuzz);

class hostile_waitables_fuzz : public testing::TestWithParam<std::tuple<const char *, int>> {};

} // namespace

TEST_P(hostile_waitables_fuzz, words_and_slots_at_random) {
    const shared_folder folder; // a registry of its own: the others' would be worth nothing afterwards
    child_options alone;
    alone.environment = {{"FILEMAP_DIR", folder.path()}, {"FILEMAP_HOSTILE_DIR", folder.path()}};
    expect_role_to_pass("fuzz_waitables", {std::to_string(std::get<1>(GetParam())), "1000", std::get<0>(GetParam())}, alone);
}

INSTANTIATE_TEST_SUITE_P(seeds, hostile_waitables_fuzz,
                         testing::Combine(testing::Values("words", "slots", "both"), testing::Range(1, 5)),
                         [](const auto &seed) { return std::get<0>(seed.param) + std::to_string(std::get<1>(seed.param)); });

} // namespace fm::test
