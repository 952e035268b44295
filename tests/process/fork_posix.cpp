// fork() without exec: the child shares the parent's handles, and may hold the last one.
#include "process/forked.hpp"
#include "process/puppet.hpp"
#include "support/files.hpp"
#include "support/test.hpp"

#include <csignal>
#include <vector>

namespace fm::test {

TEST(fork, a_child_that_only_exists_holds_the_last_handle) {
    const std::string name = unique_name();
    handle made = created(name);
    forked child([&](const forked::partner &parent) {
        parent.signal();
        parent.await();
        return 0;
    });
    child.await();
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name)); // the child has it open
    child.signal();
    EXPECT_EQ(0, child.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(fork, killing_the_child_lets_its_handle_go) {
    const std::string name = unique_name();
    handle made = created(name);
    forked child([&](const forked::partner &parent) {
        parent.signal();
        parent.await();
        return 0;
    });
    child.await();
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name));
    child.kill();
    EXPECT_EQ(-SIGKILL, child.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(fork, closing_in_the_child_leaves_the_parents_handle) {
    const std::string name = unique_name();
    handle made = created(name);
    forked child([&](const forked::partner &) { return fm_close(made) == FM_OK ? 0 : 1; });
    EXPECT_EQ(0, child.wait());
    EXPECT_STATUS(FM_OK, try_open(name));
    EXPECT_STATUS(FM_OK, try_map(made, FM_ACCESS_WRITE));
    made.close();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(fork, closing_in_both_ends_the_name_with_the_last) {
    const std::string name = unique_name();
    handle made = created(name);
    forked child([&](const forked::partner &parent) {
        parent.await();
        return fm_close(made) == FM_OK ? 0 : 1;
    });
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name));
    child.signal();
    EXPECT_EQ(0, child.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(fork, the_last_close_in_the_child_ends_the_name_while_it_runs) {
    const std::string name = unique_name();
    handle made = created(name);
    forked child([&](const forked::partner &parent) {
        parent.await();
        const bool closed = fm_close(made) == FM_OK;
        parent.signal();
        parent.await();
        return closed ? 0 : 1;
    });
    made.close();
    child.signal();
    child.await();
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
    const handle renewed = created(name);
    child.signal();
    EXPECT_EQ(0, child.wait());
    EXPECT_STATUS(FM_OK, try_open(name)); // the child's end has not touched the new object
}

TEST(fork, handles_and_views_work_in_the_child) {
    const std::string name = unique_name(), of_child = unique_name();
    const handle made = created(name, 65536);
    const view whole = mapped(made);
    write_text(whole, 0, "before");
    forked child([&](const forked::partner &parent) {
        if (read_text(whole, 0, 6) != "before") return 1;
        write_text(whole, 100, "through the view");
        write_text(mapped(made, FM_ACCESS_WRITE, 200, 100), 0, "through the handle");
        if (queried(made).size != 65536 || name_of(made) != "Local\\" + name) return 2;
        if (fm_unmap(whole) != FM_OK) return 3; // its own copy of the view
        const handle fresh = created(of_child);
        const handle again = opened(name);
        parent.signal();
        parent.await();
        return 0;
    });
    child.await();
    EXPECT_EQ("through the view", read_text(whole, 100, 16));
    EXPECT_EQ("through the handle", read_text(whole, 200, 18));
    EXPECT_STATUS(FM_OK, try_open(of_child));
    child.signal();
    EXPECT_EQ(0, child.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(of_child));
    EXPECT_EQ("before", read_text(whole, 0, 6));
}

TEST(fork, unnamed_memory_and_files_are_shared_with_the_child) {
    temp_file file(5000);
    fm_create_options with = options();
    with.file_path = file.path().c_str();
    const handle memory = unnamed(), of_file = created("", 0, with);
    forked child([&](const forked::partner &) {
        write_text(mapped(memory), 0, "memory");
        write_text(mapped(of_file), 0, "file");
        return 0;
    });
    EXPECT_EQ(0, child.wait());
    EXPECT_EQ("memory", read_text(mapped(memory), 0, 6));
    EXPECT_EQ("file", file.read(0, 4));
}

TEST(fork, a_child_of_a_child) {
    const std::string name = unique_name();
    handle made = created(name);
    forked child([&](const forked::partner &parent) {
        forked grandchild([&](const forked::partner &its_parent) {
            its_parent.signal();
            its_parent.await();
            return 0;
        });
        grandchild.await();
        if (fm_close(made) != FM_OK) return 1;
        parent.signal(); // now only the grandchild holds it
        parent.await();
        grandchild.signal();
        return grandchild.wait();
    });
    child.await();
    made.close();
    EXPECT_STATUS(FM_OK, try_open(name));
    child.signal();
    EXPECT_EQ(0, child.wait());
    EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(fork, a_fork_in_the_midst_of_many_handles) {
    std::vector<handle> held;
    std::vector<std::string> names;
    for (int i = 0; i < 50; ++i) {
        names.push_back(unique_name());
        held.push_back(created(names.back()));
    }
    forked child([&](const forked::partner &parent) {
        parent.signal();
        parent.await();
        return 0;
    });
    child.await();
    held.clear();
    for (const std::string &name : names) EXPECT_STATUS(FM_OK, try_open(name));
    child.signal();
    EXPECT_EQ(0, child.wait());
    for (const std::string &name : names) EXPECT_STATUS(FM_E_NOT_FOUND, try_open(name));
}

TEST(exec, closes_what_is_not_inheritable) {
    const std::string name = unique_name();
    handle made = created(name);
    const view whole = mapped(made);
    child_options everything;
    everything.inherit = true; // the test closes nothing itself
    puppet other(everything);
    EXPECT_EQ("FM_OK", other.ask("open", "a", name, "r"));
    EXPECT_EQ("FM_OK", other.ask("close", "a"));
    made.close();
    EXPECT_EQ("FM_E_NOT_FOUND", other.ask("open", "a", name, "r"));
}

} // namespace fm::test
