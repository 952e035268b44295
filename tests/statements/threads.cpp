// Every function is safe from any thread. The threads share nothing but the library and atomics, so that what TSan
// reports is the library's.
#include "support/test.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace fm::test {

namespace {

constexpr unsigned thread_count = 6;

void run_threads(const std::function<void(unsigned)> &body) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < thread_count; ++i) threads.emplace_back(body, i);
    for (std::thread &thread : threads) thread.join();
}

bool either(fm_status status, fm_status one, fm_status other) {
    return status == one || status == other;
}

/// Creates or opens, writes to a place of its own and reads it back.
void use_name(const std::string &name, unsigned thread, unsigned round) {
    handle made;
    const fm_status status = fm_create(name.c_str(), 65536, nullptr, made.out());
    ASSERT_TRUE(either(status, FM_OK, FM_EXISTED)) << describe(status);
    view whole;
    ASSERT_STATUS(FM_OK, fm_map(made, FM_ACCESS_WRITE, 0, 0, whole.out()));
    const std::string text = std::to_string(thread) + ":" + std::to_string(round) + ";";
    ASSERT_STATUS(FM_OK, fm_write(whole, thread * 1024, text.data(), text.size()));
    std::string back(text.size(), '\0');
    ASSERT_STATUS(FM_OK, fm_read(whole, thread * 1024, back.data(), back.size()));
    ASSERT_EQ(text, back);
}

/// A value that one thread replaces while others use it.
template <class T>
class shared_value {
public:
    T get() const { return value_.load(); }
    T exchange(T value) { return value_.exchange(value); }

private:
    std::atomic<T> value_{nullptr};
};

} // namespace

TEST(threads, one_name) {
    const std::string name = unique_name();
    run_threads([&](unsigned thread) {
        for (unsigned round = 0; round < 150; ++round) use_name(name, thread, round);
    });
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(threads, names_of_their_own) {
    run_threads([&](unsigned thread) {
        for (unsigned round = 0; round < 150; ++round) use_name(unique_name(), thread, round);
    });
}

TEST(threads, create_new_has_one_winner) {
    for (int round = 0; round < 30; ++round) {
        const std::string name = unique_name();
        std::atomic<unsigned> won{0}, lost{0};
        std::array<std::atomic<fm_handle>, thread_count> handles = {};
        run_threads([&](unsigned thread) {
            const fm_create_options fresh = options(FM_CREATE_NEW);
            fm_handle made = nullptr;
            const fm_status status = fm_create(name.c_str(), 4096, &fresh, &made);
            if (status == FM_OK) ++won;
            if (status == FM_E_EXISTS) ++lost;
            handles[thread] = made;
        });
        EXPECT_EQ(1u, won);
        EXPECT_EQ(thread_count - 1, lost);
        for (const auto &made : handles) {
            if (made.load()) {
                EXPECT_STATUS(FM_OK, fm_close(made.load()));
            }
        }
    }
}

TEST(threads, one_handle_for_all) {
    const std::string name = unique_name();
    const handle made = created(name, 65536);
    run_threads([&](unsigned thread) {
        for (unsigned round = 0; round < 150; ++round) {
            const view part = mapped(made, FM_ACCESS_WRITE, thread * 1024, 8);
            write_text(part, 0, "as usual");
            EXPECT_EQ("as usual", read_text(part, 0, 8));
            EXPECT_EQ(65536u, queried(made).size);
            EXPECT_EQ("Local\\" + name, name_of(made));
            EXPECT_STATUS(FM_OK, try_map(duplicated(made, FM_ACCESS_READ), FM_ACCESS_READ));
        }
    });
}

TEST(threads, closing_while_others_are_inside_calls) {
    shared_value<fm_handle> current;
    current.exchange(unnamed(65536).release());
    std::atomic<bool> done{false};
    std::atomic<unsigned> finished{0};
    run_threads([&](unsigned thread) {
        for (unsigned round = 0; thread == 0 && round < 300; ++round) {
            const fm_handle old = current.exchange(unnamed(65536).release());
            EXPECT_STATUS(FM_OK, fm_close(old));
        }
        if (thread == 0) done = true;
        do {
            const fm_handle used = current.get();
            fm_info info = {};
            info.struct_size = sizeof info;
            fm_status status = fm_query(used, &info);
            EXPECT_TRUE(either(status, FM_OK, FM_E_INVALID_HANDLE)) << describe(status);
            view part;
            status = fm_map(used, FM_ACCESS_READ, 0, 0, part.out());
            EXPECT_TRUE(either(status, FM_OK, FM_E_INVALID_HANDLE)) << describe(status);
            if (status == FM_OK) { // the view outlives the handle
                EXPECT_EQ(std::string(1, '\0'), read_text(part, 100, 1));
            }
            handle copy;
            status = fm_duplicate(used, 0, FM_DUPLICATE_SAME_ACCESS, copy.out());
            EXPECT_TRUE(either(status, FM_OK, FM_E_INVALID_HANDLE)) << describe(status);
        } while (!done);
        ++finished;
    });
    EXPECT_EQ(thread_count, finished);
    EXPECT_STATUS(FM_OK, fm_close(current.get()));
}

TEST(threads, unmapping_while_others_read) {
    const handle made = unnamed(1 << 20);
    shared_value<fm_view> current;
    current.exchange(mapped(made).release());
    std::atomic<bool> done{false};
    std::atomic<unsigned> finished{0};
    run_threads([&](unsigned thread) {
        for (unsigned round = 0; thread == 0 && round < 300; ++round) {
            const fm_view old = current.exchange(mapped(made).release());
            EXPECT_STATUS(FM_OK, fm_unmap(old));
        }
        if (thread == 0) done = true;
        std::vector<char> bytes(1 << (8 + 2 * thread)); // short copies and long ones
        do {
            fm_status status = fm_read(current.get(), 0, bytes.data(), bytes.size());
            EXPECT_TRUE(either(status, FM_OK, FM_E_INVALID_HANDLE)) << describe(status);
            status = fm_prefetch(current.get(), 0, 0);
            EXPECT_TRUE(either(status, FM_OK, FM_E_INVALID_HANDLE)) << describe(status);
        } while (!done);
        ++finished;
    });
    EXPECT_EQ(thread_count, finished);
    EXPECT_STATUS(FM_OK, fm_unmap(current.get()));
}

TEST(threads, one_handle_is_closed_once) {
    for (int round = 0; round < 50; ++round) {
        const fm_handle contested = unnamed().release();
        std::atomic<unsigned> closed{0}, refused{0};
        run_threads([&](unsigned) {
            const fm_status status = fm_close(contested);
            if (status == FM_OK) ++closed;
            if (status == FM_E_INVALID_HANDLE) ++refused;
        });
        EXPECT_EQ(1u, closed);
        EXPECT_EQ(thread_count - 1, refused);
    }
}

TEST(threads, listings_and_sweeps_meanwhile) {
    const std::string name = "Local\\" + unique_name();
    const handle kept = created(name);
    run_threads([&](unsigned thread) {
        for (unsigned round = 0; round < 20; ++round) {
            if (thread % 2 == 0) {
                use_name(unique_name(), thread, round);
                continue;
            }
            handle list;
            ASSERT_STATUS(FM_OK, fm_list_open(FM_LIST_LOCAL | FM_LIST_DEAD, list.out()));
            fm_list_info info = {};
            info.struct_size = sizeof info;
            unsigned shown = 0;
            while (fm_list_next(list, &info) == FM_OK) {
                std::string text(200, '\0');
                if (fm_list_name(list, text.data(), text.size(), nullptr) == FM_OK) shown += name == text.c_str();
            }
            EXPECT_EQ(1u, shown); // it exists during the whole listing
            fm_sweep_info sweep = {};
            sweep.struct_size = sizeof sweep;
            EXPECT_STATUS(FM_OK, fm_sweep(&sweep));
        }
    });
    EXPECT_STATUS(FM_OK, try_open(name));
}

TEST(threads, tokens_meanwhile) {
    const handle made = unnamed(65536);
    write_text(mapped(made), 0, "for all");
    run_threads([&](unsigned) {
        for (unsigned round = 0; round < 50; ++round) {
            fm_token token;
            ASSERT_STATUS(FM_OK, fm_export_token(made, 0, &token));
            handle imported;
            ASSERT_STATUS(FM_OK, fm_import_token(&token, 0, imported.out()));
            EXPECT_EQ("for all", read_text(mapped(imported, FM_ACCESS_READ), 0, 7));
        }
    });
}

} // namespace fm::test
