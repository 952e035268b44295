// One worker: creates, joins, checks, forks and closes objects of a few names until it is killed or told to stop.
// What it finds wrong it writes on the board.

#include "board.hpp"
#include "gate.hpp"

#include "filemap.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace fm::kill {

namespace {

constexpr uint64_t words_in_object = 1024; // 8 KiB

class worker {
public:
    worker(const orders &given, board &shared)
        : orders_(given), board_(shared), place_(shared.places[given.index]), dice_(given.seed) {}

    void run() {
        while (board_.stop.load() == 0) {
            place_.heartbeat.fetch_add(1);
            visit(dice_() % orders_.names);
        }
    }

private:
    using ids = std::atomic<uint64_t>;

    std::string name_of(uint32_t name) const {
        return (orders_.global && name % 2 == 1 ? "Global\\kill-" : "Local\\kill-") + std::to_string(name);
    }

    void violation(const char *what, uint32_t name, uint64_t id, uint64_t other) {
        char detail[200];
        fm_last_error_message(detail, sizeof detail);
        char text[sizeof board_.first_violation];
        std::snprintf(text, sizeof text, "%s: name %u, object %llu, other %llu (%.120s)", what, name,
                      static_cast<unsigned long long>(id), static_cast<unsigned long long>(other), detail);
        if (board_.violations.fetch_add(1) == 0) std::memcpy(board_.first_violation, text, sizeof text);
    }

    /// Creates or joins, uses, and closes one name.
    void visit(uint32_t name) {
        fm_handle handle = nullptr;
        bool only_open = dice_() % 3 == 0;
        fm_status status = only_open ? fm_open(name_of(name).c_str(), FM_ACCESS_ALL, &handle)
                                     : fm_create(name_of(name).c_str(), words_in_object * 8, nullptr, &handle);
        if (status == FM_E_NOT_FOUND && only_open) return;
        if (status < 0) return violation("a name could be neither created nor opened", name, 0, static_cast<uint64_t>(-status));
        fm_view view = nullptr;
        if (fm_map(handle, FM_ACCESS_WRITE, 0, 0, &view) < 0) return violation("a live object could not be mapped", name, 0, 0);
        if (fm_view_size(view) != words_in_object * 8) violation("an object of another size", name, 0, fm_view_size(view));
        auto *words = static_cast<ids *>(fm_view_data(view));
        uint64_t id = status == FM_OK && !only_open ? stamp(words) : words[0].load();
        if (id != 0) use(name, id, words); // 0: its creator has not stamped it yet, or was killed before
        leave(name, id, handle, view, words);
    }

    /// Only the creator stamps, so each object has one id for its whole life.
    uint64_t stamp(ids *words) {
        board_.creates.fetch_add(1);
        uint64_t id = board_.next_id.fetch_add(1) + 1;
        for (uint64_t i = 1; i < words_in_object; ++i) words[i].store(id ^ i * 0x9e3779b97f4a7c15u, std::memory_order_relaxed);
        words[0].store(id);
        return id;
    }

    void use(uint32_t name, uint64_t id, const ids *words) {
        place_.held[name].store(id);
        board_.joins.fetch_add(1);
        look_for_rivals(name, id);
        if (dice_() % 2 == 0) open_again(name, id);
        if (dice_() % 8 == 0) fork_child();
        if (dice_() % 64 == 0) sweep();
        check(name, id, words, "contents changed while held");
    }

    /// Nobody else may hold another object of this name now. Who was killed may still stand on the board: only one whose
    /// heart beats after he was seen counts.
    void look_for_rivals(uint32_t name, uint64_t id) {
        for (uint32_t other = 0; other < most_workers; ++other) {
            if (other == orders_.index) continue;
            place &rival = board_.places[other];
            uint32_t life = rival.life.load(), beat = rival.heartbeat.load();
            uint64_t held = rival.held[name].load();
            if (held == 0 || held == id || life != rival.life.load()) continue;
            if (beats_on(rival, life, beat)) violation("two live objects of one name", name, id, held);
        }
    }

    bool beats_on(const place &rival, uint32_t life, uint32_t beat) {
        auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(5); // he was stopped for good, or is gone
        while (rival.life.load() == life && board_.stop.load() == 0 && std::chrono::steady_clock::now() < give_up) {
            place_.heartbeat.fetch_add(1); // so that two who suspect each other both find out
            if (rival.heartbeat.load() - beat >= 2) return true;
            std::this_thread::yield();
        }
        return false;
    }

    /// Who holds an object must find it by its name.
    void open_again(uint32_t name, uint64_t id) {
        fm_handle again = nullptr;
        fm_status status = fm_open(name_of(name).c_str(), FM_ACCESS_READ, &again);
        if (status < 0) return violation("a name was lost under its holder", name, id, static_cast<uint64_t>(-status));
        board_.reopens.fetch_add(1);
        fm_view view = nullptr;
        uint64_t found = 0;
        if (fm_map(again, FM_ACCESS_READ, 0, 8, &view) < 0 || fm_read(view, 0, &found, 8) < 0 || found != id)
            violation("a name leads to another object than its holder has", name, id, found);
        fm_unmap(view);
        fm_close(again);
    }

    /// A child with all our handles, for a moment: it closes them, ends, or is killed. If we close or die first, it is
    /// the last holder.
    void fork_child() {
        uint32_t way = dice_() % 3, pause = dice_() % 2000;
        board_.forks.fetch_add(1);
        pid_t child = ::fork();
        if (child != 0) return;
        ::usleep(pause);
        if (way == 0) ::kill(::getpid(), SIGKILL);
        if (way == 1) std::exit(0); // closes handles on the way
        ::_exit(0);
    }

    void sweep() {
        fm_sweep_info swept{};
        swept.struct_size = sizeof swept;
        if (fm_sweep(&swept) == FM_OK) board_.sweeps.fetch_add(1);
    }

    void check(uint32_t name, uint64_t id, const ids *words, const char *what) {
        board_.checks.fetch_add(1);
        for (uint64_t i = 1; i < words_in_object; i += 1 + dice_() % 64) {
            uint64_t word = words[i].load(std::memory_order_relaxed);
            if (word != (id ^ i * 0x9e3779b97f4a7c15u)) return violation(what, name, id, word);
        }
        if (words[0].load() != id) violation(what, name, id, words[0].load());
    }

    void leave(uint32_t name, uint64_t id, fm_handle handle, fm_view view, const ids *words) {
        place_.held[name].store(0);
        bool view_first = dice_() % 2 == 0;
        if (view_first) fm_unmap(view);
        if (fm_close(handle) < 0) violation("a handle could not be closed", name, id, 0);
        if (!view_first && id != 0) {
            board_.views_outlived.fetch_add(1);
            check(name, id, words, "contents changed under a view that outlived its handle");
        }
        if (!view_first) fm_unmap(view);
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {}
    }

    const orders &orders_;
    board &board_;
    place &place_;
    std::minstd_rand dice_;
};

} // namespace

board *map_board(const char *path, bool create) {
    int fd = ::open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_TRUNC : 0), 0600);
    if (fd < 0 || (create && ::ftruncate(fd, sizeof(board)) != 0)) return nullptr;
    void *memory = ::mmap(nullptr, sizeof(board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    return memory != MAP_FAILED ? static_cast<board *>(memory) : nullptr;
}

int work(const orders &given) {
    board *shared = map_board(given.board_path, false);
    if (shared == nullptr) return 2;
    install_gate(given.kill_one_in, given.seed, given.planted);
    worker(given, *shared).run();
    return 0;
}

} // namespace fm::kill
