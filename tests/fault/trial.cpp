// The surroundings of a trial: its folder, its entries, its descriptors and mappings.

#include "trial.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

namespace fm::fault {

namespace {

/// Removes the folder at the end of the process that made it, not of its forked children.
struct folder {
    folder() : made_by(getpid()) {
        if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp " + path);
    }
    ~folder() {
        std::error_code ignored;
        if (getpid() == made_by) std::filesystem::remove_all(path, ignored);
    }
    std::string path = "/dev/shm/filemap-fault-XXXXXX";
    pid_t made_by;
};

std::string local_folder() { return own_folder() + "/filemap-" + std::to_string(geteuid()); }

} // namespace

const std::string &own_folder() {
    static const folder made;
    return made.path;
}

std::vector<std::string> entries() {
    std::vector<std::string> found;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(own_folder())) {
        std::string file = entry.path().filename();
        if (file == "filemap.registry-1") continue; // where waiting threads are registered: it stays
        if (file.starts_with("o.") || file.starts_with("h.") || file.starts_with("filemap.")) found.push_back(entry.path());
    }
    return found;
}

std::string entry_of(const std::string &rest) { return local_folder() + "/o." + rest; }

void leave_dead(const std::string &rest, uint64_t size) {
    fm_handle made;
    std::string name = "Local\\" + rest, kept = own_folder() + "/kept";
    if (fm_create(name.c_str(), size, nullptr, &made) != FM_OK) throw std::runtime_error("no entry to copy");
    std::filesystem::copy_file(entry_of(rest), kept, std::filesystem::copy_options::overwrite_existing);
    fm_close(made);
    std::filesystem::rename(kept, entry_of(rest));
}

uint64_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<uint64_t>(std::distance(begin(all), end(all)));
}

uint64_t mappings_of_objects() {
    std::ifstream maps("/proc/self/maps");
    uint64_t count = 0;
    for (std::string line; std::getline(maps, line);)
        count += line.find(own_folder()) != std::string::npos || line.find("memfd:filemap") != std::string::npos;
    return count;
}

fm_status trial::act(const std::function<fm_status()> &call) {
    record_ = run_with(plan_, [&] { status_ = call(); });
    if (status_ >= 0) return status_;
    char text[1024];
    fm_last_error_message(text, sizeof text);
    message_ = text;
    check(message_.starts_with("fm_") && message_.find(": ") != std::string::npos, "the message says nothing: " + message_);
    check(std::string(fm_status_name(status_)) != "FM_UNKNOWN_STATUS", "the status is none of the header's");
    return status_;
}

void trial::check(bool holds, const std::string &what) {
    if (!holds) problems_.push_back(what);
}

void trial::must(fm_status status, const char *what) {
    if (status >= 0) return;
    char text[1024];
    fm_last_error_message(text, sizeof text);
    problems_.push_back(std::string(what) + ": " + fm_status_name(status) + ": " + text);
}

} // namespace fm::fault
