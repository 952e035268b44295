// Events, mutexes, semaphores and timers that could be opened, in states that make no sense: an answer is never more than
// wrong. No call crashes, hangs or looks beyond the words.
#include "hostile/waitable_entries.hpp"

#include <chrono>

namespace fm::test {

namespace {

/// Every operation there is, of whatever kind, on an object in whatever state: each may fail, in bounded time.
void operate(fm_handle object, fm_handle sound) {
    constexpr int64_t moment = 2 * millisecond;
    fm_info info = {};
    info.struct_size = sizeof info;
    fm_query(object, &info);
    fm_handle both[] = {sound, object}, turned[] = {object, sound};
    const auto calls = {
        std::function<fm_status()>([&] { return fm_wait(object, 0); }),
        std::function<fm_status()>([&] { return fm_wait(object, moment); }),
        std::function<fm_status()>([&] { return fm_wait_any(both, 2, moment, nullptr); }),
        std::function<fm_status()>([&] { return fm_wait_all(turned, 2, moment); }),
        std::function<fm_status()>([&] { return fm_event_pulse(object); }),
        std::function<fm_status()>([&] { return fm_event_set(object); }),
        std::function<fm_status()>([&] { return fm_wait(object, moment); }),
        std::function<fm_status()>([&] { return fm_event_reset(object); }),
        std::function<fm_status()>([&] { return fm_mutex_release(object); }),
        std::function<fm_status()>([&] { return fm_semaphore_release(object, 1, nullptr); }),
        std::function<fm_status()>([&] { return fm_wait(object, moment); }),
        std::function<fm_status()>([&] { return fm_semaphore_release(object, 0x7fffffff, nullptr); }),
        std::function<fm_status()>([&] { return fm_timer_cancel(object); }),
        std::function<fm_status()>([&] { return fm_timer_set(object, -10, 1); }),
        std::function<fm_status()>([&] { return fm_wait(object, moment); }),
        std::function<fm_status()>([&] { return fm_signal_and_wait(object, sound, moment); }),
        std::function<fm_status()>([&] { return fm_signal_and_wait(sound, object, moment); }),
    };
    for (const auto &call : calls) {
        const auto begun = std::chrono::steady_clock::now();
        const fm_status status = call();
        EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20)) << describe(status);
        EXPECT_STRNE("FM_UNKNOWN_STATUS", fm_status_name(status)) << status;
    }
    fm_query(object, &info);
    fm_event_reset(sound);
}

constexpr uint64_t reserved = uint64_t(1) << 31, ready = uint64_t(1) << 27, waiters = uint64_t(7) << 28;

uint64_t reference(uint64_t slot, uint64_t entry, uint64_t sequence) {
    return (sequence >> 24) << 48 | slot << 32 | reserved | entry << 24 | (sequence & 0xffffff);
}

const uint64_t states[] = {
    0, ready, waiters, ready | waiters, ~uint64_t(0) & ~reserved, ~uint64_t(0), reserved, reserved | ready,
    uint64_t(0xffffffff) << 32, uint64_t(0xffffffff) << 32 | ready, uint64_t(0x7fffffff) << 32 | ready,
    uint64_t(0x80000000) << 32, uint64_t(1) << 32, uint64_t(1) << 32 | waiters, uint64_t(6) << 32, uint64_t(3) << 61,
    reference(0, 0, 0), reference(1, 0, 5), reference(1, 63, 5), reference(1, 64, 5), reference(1, 127, 0x3fffffff),
    reference(16383, 0, 0), reference(16384, 0, 0), reference(65535, 0, 0), reference(65535, 127, ~uint64_t(0) >> 34),
};

/// What leads nowhere, whatever is in the slots: they are too few, or have too few places.
const uint64_t nowhere[] = {reference(16384, 0, 0), reference(65535, 0, 1), reference(1, 64, 5), reference(1, 127, 7),
                            ~uint64_t(0)};

int run_states(const arguments &) {
    const handle sound = new_event("");
    for (const waitable_kind &each : waitable_kinds) {
        const std::string bytes = genuine(each.number);
        for (const uint64_t state : states) {
            SCOPED_TRACE(testing::Message() << each.name << " " << std::hex << state);
            const living entry(planted_path(), changed(bytes, [&](waitable_words &words) { words.state = state; }));
            handle object;
            const fm_status opened_as = open_planted_as(each.number, object.out());
            EXPECT_STATUS(FM_OK, opened_as);
            if (opened_as == FM_OK) operate(object, sound);
        }
    }
    return role_result();
}

const role registered("waitable_states", run_states);

} // namespace

TEST_F(hostile_waitables, a_state_that_leads_nowhere_is_told_of) {
    for (const waitable_kind &each : waitable_kinds) {
        const std::string bytes = genuine(each.number);
        for (const uint64_t state : nowhere) {
            SCOPED_TRACE(testing::Message() << each.name << " " << std::hex << state);
            const living entry(planted_path(), changed(bytes, [&](waitable_words &words) { words.state = state; }));
            handle object;
            ASSERT_STATUS(FM_OK, open_planted_as(each.number, object.out()));
            const handle sound = new_event("", FM_EVENT_SIGNALED);
            fm_handle both[] = {sound, object}, turned[] = {object, sound};
            EXPECT_STATUS(FM_E_CORRUPT, look(object));
            EXPECT_STATUS(FM_E_CORRUPT, fm_wait(object, millisecond));
            EXPECT_STATUS(FM_E_CORRUPT, fm_wait(object, FM_FOREVER));
            EXPECT_STATUS(FM_E_CORRUPT, fm_wait_any(turned, 2, FM_FOREVER, nullptr));
            EXPECT_STATUS(FM_E_CORRUPT, fm_wait_all(both, 2, FM_FOREVER));
            fm_info info = {};
            info.struct_size = sizeof info;
            EXPECT_STATUS(FM_E_CORRUPT, fm_query(object, &info));
            if (each.number == FM_KIND_EVENT) {
                EXPECT_STATUS(FM_E_CORRUPT, fm_event_set(object));
                EXPECT_STATUS(FM_E_CORRUPT, fm_event_reset(object));
                EXPECT_STATUS(FM_E_CORRUPT, fm_event_pulse(object));
            }
            if (each.number == FM_KIND_SEMAPHORE) {
                EXPECT_STATUS(FM_E_CORRUPT, fm_semaphore_release(object, 1, nullptr));
            }
            if (each.number == FM_KIND_TIMER) {
                EXPECT_STATUS(FM_E_CORRUPT, fm_timer_set(object, 0, 0));
                EXPECT_STATUS(FM_E_CORRUPT, fm_timer_cancel(object));
            }
            EXPECT_STATUS(FM_OK, look(sound)); // the set state was not taken with the failure
        }
    }
}

TEST_F(hostile_waitables, states_of_all_sorts) { expect_role_to_pass("waitable_states", {}); }

TEST_F(hostile_waitables, a_semaphore_beyond_its_maximum) {
    const std::string bytes = genuine(FM_KIND_SEMAPHORE);
    const living entry(planted_path(), changed(bytes, [](waitable_words &words) {
                           words.state = uint64_t(0xfffffffe) << 32 | ready;
                       }));
    handle object;
    ASSERT_STATUS(FM_OK, open_planted_as(FM_KIND_SEMAPHORE, object.out()));
    EXPECT_STATUS(FM_E_TOO_MANY, fm_semaphore_release(object, 1, nullptr));
    EXPECT_STATUS(FM_E_TOO_MANY, fm_semaphore_release(object, 0x7fffffff, nullptr));
    EXPECT_STATUS(FM_OK, look(object));
}

/// An owner that never was: nobody will ever release it, so it is as good as abandoned.
TEST_F(hostile_waitables, a_mutex_of_an_owner_that_does_not_exist) {
    const std::string bytes = genuine(FM_KIND_MUTEX);
    for (const uint32_t owner : {0u, 1u, 16383u, 0xffffffffu, 0x12345678u}) {
        SCOPED_TRACE(owner);
        const living entry(planted_path(), changed(bytes, [&](waitable_words &words) { words.state = uint64_t(owner) << 32; }));
        handle object;
        ASSERT_STATUS(FM_OK, open_planted_as(FM_KIND_MUTEX, object.out()));
        EXPECT_STATUS(FM_E_NOT_OWNER, fm_mutex_release(object));
        EXPECT_STATUS(FM_ABANDONED, fm_wait(object, patience_ns));
        EXPECT_STATUS(FM_OK, fm_mutex_release(object));
    }
}

TEST_F(hostile_waitables, a_mutex_acquired_too_often) {
    const handle object = new_mutex(planted_name, FM_MUTEX_OWNED);
    const mapped_page page(planted_path());
    for (const uint32_t times : {0x7ffffffeu, 0x7fffffffu, 0xffffffffu}) {
        page.words().reacquired = times;
        fm_info info = {};
        info.struct_size = sizeof info;
        EXPECT_STATUS(FM_OK, fm_query(object, &info));
        const fm_status status = look(object);
        EXPECT_TRUE(status == FM_OK || status == FM_E_TOO_MANY) << describe(status);
        EXPECT_STATUS(FM_OK, fm_mutex_release(object));
    }
}

TEST_F(hostile_waitables, timers_set_to_anything) {
    const int64_t dues[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    const uint64_t periods[] = {0, 1, 1000000, uint64_t(1) << 62, uint64_t(1) << 63, ~uint64_t(0)};
    const handle object = new_timer(planted_name), sound = new_event("");
    const mapped_page page(planted_path());
    for (const int64_t due : dues) {
        for (const uint64_t period : periods) {
            for (const uint32_t absolute : {0u, 1u, 0xffffffffu}) {
                for (const uint32_t taken : {0u, 1u, 0x1fffffffu}) {
                    SCOPED_TRACE(testing::Message() << due << " " << period << " " << absolute << " " << taken);
                    page.words().settings[3] = {0, absolute, due, period};
                    page.words().state = uint64_t(3u << 29 | taken) << 32;
                    fm_info info = {};
                    info.struct_size = sizeof info;
                    EXPECT_STATUS(FM_OK, fm_query(object, &info));
                    look(object);
                    fm_wait(object, 10000);
                    fm_handle both[] = {sound, object};
                    fm_wait_any(both, 2, 10000, nullptr);
                    EXPECT_STATUS(FM_OK, fm_timer_cancel(object));
                }
            }
        }
    }
    EXPECT_STATUS(FM_OK, fm_timer_set(object, 0, 0));
    EXPECT_STATUS(FM_OK, wait_for(object));
}

/// All settings are being written by a thread that lives and does not write: that is told of, in the end.
TEST_F(hostile_waitables, timers_that_somebody_seems_to_set) {
    const handle object = new_timer(planted_name);
    const handle named = new_mutex("Local\\owned", FM_MUTEX_OWNED);
    const mapped_page page(planted_path()), owned(local_entry("owned"));
    const auto myself = static_cast<uint32_t>(owned.words().state >> 32);
    ASSERT_NE(0u, myself);
    for (auto &setting : page.words().settings) setting.writer = myself;
    EXPECT_STATUS(FM_E_BUSY, fm_timer_set(object, 0, 0));
    for (auto &setting : page.words().settings) setting.writer = 0x7fffffff; // nobody
    EXPECT_STATUS(FM_OK, fm_timer_set(object, 0, 0));
    EXPECT_STATUS(FM_OK, wait_for(object));
    EXPECT_STATUS(FM_OK, fm_mutex_release(named));
}

/// What is read once is not read again: changing it later changes nothing.
TEST_F(hostile_waitables, what_is_fixed_is_not_read_again) {
    const handle object = new_semaphore(planted_name, 0, 5), sound = new_event("", FM_EVENT_SIGNALED | FM_EVENT_MANUAL_RESET);
    const mapped_page page(planted_path());
    page.words().kind = FM_KIND_MUTEX;
    page.words().maximum = 0xffffffff;
    page.words().id = page.words().registry = 0;
    page.words().shared = page.words().manual = 1;
    EXPECT_STATUS(FM_E_TOO_MANY, fm_semaphore_release(object, 6, nullptr));
    EXPECT_STATUS(FM_OK, fm_semaphore_release(object, 5, nullptr));
    fm_handle both[] = {sound, object};
    EXPECT_STATUS(FM_OK, fm_wait_all(both, 2, 0));
    EXPECT_EQ(4u, queried(object).count);
    EXPECT_EQ(5u, queried(object).maximum);
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_mutex_release(object));
}

} // namespace fm::test
