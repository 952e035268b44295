// Handle values that are closed, stale, made up, or of the wrong sort: FM_E_INVALID_HANDLE from every function, and
// outputs left alone.
#include "support/test.hpp"

#include <random>

namespace fm::test {

namespace {

/// Gives a value to every function that takes a handle.
void expect_no_handle(fm_handle bad) {
    const fm_handle untouched = poison<fm_handle>();
    fm_handle out = untouched;
    fm_view view_out = poison<fm_view>();
    fm_token token = poison<fm_token>();
    uint64_t needed = poison<uint64_t>();
    char text[8] = "#######";
    fm_info info = {};
    info.struct_size = sizeof info;
    fm_list_info item = {};
    item.struct_size = sizeof item;
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_commit(bad, 0, 0));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_map(bad, FM_ACCESS_READ, 0, 0, &view_out));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_map_at(bad, FM_ACCESS_READ, 0, 0, nullptr, &view_out));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_close(bad));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_duplicate(bad, FM_ACCESS_READ, 0, &out));
    EXPECT_STATUS(FM_E_INVALID_HANDLE,
                  fm_duplicate(bad, 0, FM_DUPLICATE_CLOSE_SOURCE | FM_DUPLICATE_SAME_ACCESS, &out));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_query(bad, &info));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_query_name(bad, text, sizeof text, &needed));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_export_token(bad, 0, &token));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_list_next(bad, &item));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_list_name(bad, text, sizeof text, &needed));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_list_owner(bad, text, sizeof text, &needed));
    const fm_token poisoned = poison<fm_token>();
    EXPECT_EQ(0, std::memcmp(&poisoned, &token, sizeof token));
    EXPECT_EQ(untouched, out);
    EXPECT_EQ(poison<fm_view>(), view_out);
    EXPECT_EQ(poison<uint64_t>(), needed);
    EXPECT_EQ(std::string("#######"), text);
    EXPECT_EQ(FM_KIND_UNKNOWN, info.kind);
    EXPECT_EQ(FM_KIND_UNKNOWN, item.kind);
}

/// Gives a value to every function that takes a view.
void expect_no_view(fm_view bad) {
    char byte = '#';
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_unmap(bad));
    EXPECT_EQ(nullptr, fm_view_data(bad));
    EXPECT_EQ(0u, fm_view_size(bad));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_read(bad, 0, &byte, 1));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_read(bad, 0, &byte, 0));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_write(bad, 0, &byte, 1));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_flush(bad, 0, 0));
    EXPECT_STATUS(FM_E_INVALID_HANDLE, fm_prefetch(bad, 0, 0));
    EXPECT_EQ('#', byte);
}

template <class T>
T value_from(uint64_t bits) {
    return reinterpret_cast<T>(static_cast<uintptr_t>(bits));
}

template <class T>
uint64_t bits_of(T value) {
    return reinterpret_cast<uintptr_t>(value);
}

/// One function after the other, each with another random value. True where a value was taken for a good one.
bool try_random_value(uint64_t bits, unsigned function) {
    const auto handle_value = value_from<fm_handle>(bits);
    const auto view_value = value_from<fm_view>(bits);
    fm_handle out = nullptr;
    fm_view view_out = nullptr;
    fm_info info = {};
    info.struct_size = sizeof info;
    char byte = 0;
    switch (function % 10) {
    case 0:
        return fm_close(handle_value) != FM_E_INVALID_HANDLE;
    case 1:
        return fm_query(handle_value, &info) != FM_E_INVALID_HANDLE;
    case 2:
        return fm_map(handle_value, FM_ACCESS_READ, 0, 0, &view_out) != FM_E_INVALID_HANDLE;
    case 3:
        return fm_duplicate(handle_value, 0, FM_DUPLICATE_SAME_ACCESS, &out) != FM_E_INVALID_HANDLE;
    case 4:
        return fm_query_name(handle_value, nullptr, 0, nullptr) != FM_E_INVALID_HANDLE;
    case 5:
        return fm_unmap(view_value) != FM_E_INVALID_HANDLE;
    case 6:
        return fm_read(view_value, 0, &byte, 1) != FM_E_INVALID_HANDLE;
    case 7:
        return fm_write(view_value, 0, &byte, 1) != FM_E_INVALID_HANDLE;
    case 8:
        return fm_view_data(view_value) != nullptr;
    default:
        return fm_flush(view_value, 0, 0) != FM_E_INVALID_HANDLE;
    }
}

} // namespace

TEST(bad_handles, null) {
    expect_no_handle(nullptr);
    expect_no_view(nullptr);
}

TEST(bad_handles, closed) {
    const fm_handle gone = created(unique_name()).release();
    ASSERT_STATUS(FM_OK, fm_close(gone));
    expect_no_handle(gone);
    const fm_view gone_view = mapped(unnamed()).release();
    ASSERT_STATUS(FM_OK, fm_unmap(gone_view));
    expect_no_view(gone_view);
}

TEST(bad_handles, a_closed_listing) {
    fm_handle list = nullptr;
    ASSERT_STATUS(FM_OK, fm_list_open(0, &list));
    ASSERT_STATUS(FM_OK, fm_close(list));
    expect_no_handle(list);
}

TEST(bad_handles, stale_value_of_a_place_that_is_used_again) {
    const fm_handle stale = unnamed().release();
    ASSERT_STATUS(FM_OK, fm_close(stale));
    const fm_view stale_view = mapped(unnamed()).release();
    ASSERT_STATUS(FM_OK, fm_unmap(stale_view));
    for (int round = 0; round < 200; ++round) {
        const handle fresh = unnamed();
        const view fresh_view = mapped(fresh);
        ASSERT_NE(stale, fm_handle(fresh));
        ASSERT_NE(stale_view, fm_view(fresh_view));
        ASSERT_STATUS(FM_E_INVALID_HANDLE, fm_close(stale));
        ASSERT_STATUS(FM_E_INVALID_HANDLE, fm_unmap(stale_view));
    }
    expect_no_handle(stale);
    expect_no_view(stale_view);
}

TEST(bad_handles, a_value_with_one_bit_changed) {
    const handle open = unnamed();
    const view open_view = mapped(open);
    for (unsigned bit = 0; bit < 8 * sizeof(void *); ++bit) {
        SCOPED_TRACE(bit);
        expect_no_handle(value_from<fm_handle>(bits_of(fm_handle(open)) ^ (UINT64_C(1) << bit)));
        expect_no_view(value_from<fm_view>(bits_of(fm_view(open_view)) ^ (UINT64_C(1) << bit)));
    }
    EXPECT_STATUS(FM_OK, try_map(open, FM_ACCESS_WRITE));
}

TEST(bad_handles, a_view_is_no_handle_and_a_handle_no_view) {
    const handle open = unnamed();
    const view open_view = mapped(open);
    expect_no_handle(value_from<fm_handle>(bits_of(fm_view(open_view))));
    expect_no_view(value_from<fm_view>(bits_of(fm_handle(open))));
    EXPECT_STATUS(FM_OK, try_map(open, FM_ACCESS_WRITE)); // both are as they were
    EXPECT_EQ('\0', read_text(open_view, 0, 1)[0]);
}

TEST(bad_handles, addresses_and_small_numbers) {
    const handle open = unnamed();
    const view open_view = mapped(open);
    int own = 0;
    for (const uint64_t bits : {bits_of(&own), bits_of(fm_view_data(open_view)), UINT64_C(1), UINT64_C(2), UINT64_C(3),
                                UINT64_C(4), UINT64_C(0x10000), UINT64_MAX, UINT64_MAX - 1, UINT64_C(0x7fffffff)}) {
        SCOPED_TRACE(bits);
        expect_no_handle(value_from<fm_handle>(bits));
        expect_no_view(value_from<fm_view>(bits));
    }
}

TEST(bad_handles, a_million_random_values) {
    const handle open = unnamed();
    const view open_view = mapped(open);
    std::mt19937_64 random(20240607);
    unsigned taken = 0;
    for (unsigned i = 0; i < 1000000; ++i) taken += try_random_value(random(), i);
    // On 32 bit a random value may be the open handle or view by chance; of 2^64 values none is.
    if (sizeof(void *) > 4)
        EXPECT_EQ(0u, taken);
    else
        EXPECT_LE(taken, 1u);
}

TEST(bad_handles, a_listing_is_another_kind) {
    handle list;
    ASSERT_STATUS(FM_OK, fm_list_open(0, list.out()));
    fm_view view_out = poison<fm_view>();
    fm_handle out = poison<fm_handle>();
    fm_token token;
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_map(list, FM_ACCESS_READ, 0, 0, &view_out));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_map_at(list, FM_ACCESS_READ, 0, 0, nullptr, &view_out));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_commit(list, 0, 0));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_duplicate(list, 0, FM_DUPLICATE_SAME_ACCESS, &out));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_export_token(list, 0, &token));
    EXPECT_EQ(poison<fm_view>(), view_out);
    EXPECT_EQ(poison<fm_handle>(), out);
    EXPECT_EQ(FM_KIND_LIST, queried(list).kind);
    EXPECT_EQ("", name_of(list));
}

TEST(bad_handles, a_mapping_is_no_listing) {
    const handle open = unnamed();
    fm_list_info item = {};
    item.struct_size = sizeof item;
    char text[8] = "#######";
    uint64_t needed = poison<uint64_t>();
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_list_next(open, &item));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_list_name(open, text, sizeof text, &needed));
    EXPECT_STATUS(FM_E_WRONG_KIND, fm_list_owner(open, text, sizeof text, &needed));
    EXPECT_EQ(poison<uint64_t>(), needed);
    EXPECT_EQ(std::string("#######"), text);
}

} // namespace fm::test
