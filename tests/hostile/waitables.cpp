// Entries of events, mutexes, semaphores and timers that are not what they should be: opening them tells.
#include "hostile/waitable_entries.hpp"

namespace fm::test {

namespace {

/// What a call gives that is to fail, and that it says so and leaves its output alone.
template <class Call>
fm_status refused(Call call) {
    const auto before = poison<fm_handle>();
    fm_handle value = before;
    const fm_status status = call(&value);
    if (status >= 0) {
        EXPECT_STATUS(FM_OK, fm_close(value));
        return status;
    }
    EXPECT_EQ(before, value) << "a call failed and wrote its output";
    EXPECT_TRUE(last_error().starts_with("fm_")) << last_error();
    EXPECT_LT(30u, last_error().size()) << "the message says nothing: " << last_error();
    return status;
}

struct defect {
    const char *what;
    fm_status status;
    uint32_t of;
    void (*change)(waitable_words &);
};

const defect defects[] = {
    {"no kind", FM_E_CORRUPT, FM_KIND_EVENT, [](waitable_words &w) { w.kind = 0; }},
    {"another kind", FM_E_CORRUPT, FM_KIND_EVENT, [](waitable_words &w) { w.kind = FM_KIND_MUTEX; }},
    {"a mapping's kind", FM_E_CORRUPT, FM_KIND_TIMER, [](waitable_words &w) { w.kind = FM_KIND_MAPPING; }},
    {"a kind of the future", FM_E_CORRUPT, FM_KIND_MUTEX, [](waitable_words &w) { w.kind = 0xffffffff; }},
    {"another id", FM_E_CORRUPT, FM_KIND_SEMAPHORE, [](waitable_words &w) { ++w.id; }},
    {"id 0", FM_E_CORRUPT, FM_KIND_EVENT, [](waitable_words &w) { w.id = 0; }},
    {"another registry", FM_E_NOT_SUPPORTED, FM_KIND_EVENT, [](waitable_words &w) { ++w.registry; }},
    {"registry 0", FM_E_NOT_SUPPORTED, FM_KIND_MUTEX, [](waitable_words &w) { w.registry = 0; }},
    {"the other registry", FM_E_NOT_SUPPORTED, FM_KIND_TIMER, [](waitable_words &w) { w.shared = 1; }},
    {"no registry that exists", FM_E_CORRUPT, FM_KIND_MUTEX, [](waitable_words &w) { w.shared = 2; }},
    {"registry at random", FM_E_CORRUPT, FM_KIND_EVENT, [](waitable_words &w) { w.shared = 0x80000001; }},
    {"maximum 0", FM_E_CORRUPT, FM_KIND_SEMAPHORE, [](waitable_words &w) { w.maximum = 0; }},
    {"maximum too large", FM_E_CORRUPT, FM_KIND_SEMAPHORE, [](waitable_words &w) { w.maximum = 0x80000000; }},
    {"nothing", FM_E_CORRUPT, FM_KIND_EVENT, [](waitable_words &w) { std::memset(static_cast<void *>(&w), 0, sizeof w); }},
    {"all bits", FM_E_CORRUPT, FM_KIND_TIMER, [](waitable_words &w) { std::memset(static_cast<void *>(&w), 0xff, sizeof w); }},
};

} // namespace

TEST_F(hostile_waitables, words_that_make_no_sense_are_refused) {
    for (const defect &each : defects) {
        SCOPED_TRACE(each.what);
        const std::string bytes = changed(genuine(each.of), each.change);
        const living entry(planted_path(), bytes);
        EXPECT_STATUS(each.status, refused([&](fm_handle *out) { return open_planted_as(each.of, out); }));
        EXPECT_STATUS(each.status, refused([&](fm_handle *out) { return create_planted_as(each.of, out); }));
        EXPECT_STATUS(FM_E_WRONG_KIND, attempt_open(planted_name));
        EXPECT_EQ(bytes, read_file(planted_path())) << "a living entry was changed";
    }
}

TEST_F(hostile_waitables, sound_ones_are_opened) { // so that the test above fails for the reason that it names
    for (const waitable_kind &each : waitable_kinds) {
        const living entry(planted_path(), genuine(each.number));
        EXPECT_STATUS(FM_OK, refused([&](fm_handle *out) { return open_planted_as(each.number, out); }));
        EXPECT_STATUS(FM_EXISTED, refused([&](fm_handle *out) { return create_planted_as(each.number, out); }));
    }
}

TEST_F(hostile_waitables, the_control_block_and_the_words_disagree) {
    for (const waitable_kind &each : waitable_kinds) {
        std::string bytes = genuine(each.number);
        for (uint32_t said = 0; said <= FM_KIND_CANCEL; ++said) {
            if (said == each.number) continue;
            std::memcpy(&bytes[12], &said, sizeof said);
            const living entry(planted_path(), bytes);
            for (const waitable_kind &asked : waitable_kinds) {
                SCOPED_TRACE(testing::Message() << each.name << " said to be " << said << ", opened as " << asked.name);
                const bool exists = said >= FM_KIND_EVENT && said <= FM_KIND_CHANNEL;
                const fm_status expected = !exists || said == asked.number ? FM_E_CORRUPT : FM_E_WRONG_KIND;
                EXPECT_STATUS(expected, refused([&](fm_handle *out) { return open_planted_as(asked.number, out); }));
            }
        }
    }
}

TEST_F(hostile_waitables, an_entry_that_is_cut_or_too_long) {
    const std::string bytes = genuine(FM_KIND_EVENT);
    for (const std::size_t size : {0, 1, 256, 512, 4095, 4097, 8192}) {
        SCOPED_TRACE(size);
        std::string cut = bytes;
        cut.resize(size);
        const living entry(planted_path(), cut);
        EXPECT_STATUS(FM_E_CORRUPT, refused([&](fm_handle *out) { return open_planted_as(FM_KIND_EVENT, out); }));
    }
}

TEST_F(hostile_waitables, a_mapping_with_words_of_an_event) {
    std::string page = image_of("planted");
    std::memcpy(&page[4096 + words_offset], &genuine(FM_KIND_EVENT)[words_offset], 256);
    const living entry(planted_path(), page);
    EXPECT_STATUS(FM_E_WRONG_KIND, refused([&](fm_handle *out) { return open_planted_as(FM_KIND_EVENT, out); }));
    EXPECT_STATUS(FM_OK, attempt_open(planted_name));
}

} // namespace fm::test
