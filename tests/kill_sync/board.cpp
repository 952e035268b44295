// The rules of board.hpp.

#include "board.hpp"

#include <cstdarg>
#include <cstdio>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace fm::kill_sync {

board *map_board(const char *path, bool create) {
    int fd = ::open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_TRUNC : 0), 0600);
    if (fd < 0 || (create && ::ftruncate(fd, sizeof(board)) != 0)) return nullptr;
    void *memory = ::mmap(nullptr, sizeof(board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    return memory != MAP_FAILED ? static_cast<board *>(memory) : nullptr;
}

void violation(board &shared, const char *format, ...) {
    uint32_t number = shared.violations.fetch_add(1);
    if (number >= kept_violations) return;
    std::va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(shared.violation_texts[number], sizeof shared.violation_texts[number], format, arguments);
    va_end(arguments);
}

void clear(seat &left) {
    left.process = left.thread = 0;
    left.operation.fetch_add(1);
    for (auto *word : {&left.busy_with, &left.how, &left.members, &left.held, &left.releasing, &left.command, &left.answered,
                       &left.died_at, &left.took, &left.took_something, &left.took_over, &left.let_go})
        word->store(0);
    left.since = left.woke = 0;
    left.number = left.got = 0;
}

const char *name_of(sync::point where) {
    static const char *const names[] = {
        "slot_claimed", "slot_settled", "slot_numbered", "death_word_linked", "slot_alive", "before_abort", "after_abort",
        "before_take", "after_take", "after_taking_over", "change_planned", "reserved_one", "reserved_all", "committed_all",
        "settled_one", "change_undone", "reserved_for_wake", "woken_committed", "woken_refused", "wake_settled", "enlisted",
        "awake", "before_passing_on", "setting_claimed", "setting_written", "setting_in_force"};
    static_assert(sizeof names / sizeof *names == point_count);
    return names[static_cast<uint32_t>(where)];
}

} // namespace fm::kill_sync
