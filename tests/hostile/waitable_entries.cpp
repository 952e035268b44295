// The hands of waitable_entries.hpp.
#include "hostile/waitable_entries.hpp"

#include <filesystem>
#include <stdexcept>

namespace fm::test {

const std::string &planted_path() {
    static const std::string path = local_entry("planted");
    return path;
}

fm_status create_planted_as(uint32_t kind, fm_handle *out) {
    const char *name = planted_name.c_str();
    switch (kind) {
    case FM_KIND_EVENT: return fm_event_create(name, 0, nullptr, out);
    case FM_KIND_MUTEX: return fm_mutex_create(name, 0, nullptr, out);
    case FM_KIND_SEMAPHORE: return fm_semaphore_create(name, 0, 5, nullptr, out);
    default: return fm_timer_create(name, 0, nullptr, out);
    }
}

fm_status open_planted_as(uint32_t kind, fm_handle *out) {
    const char *name = planted_name.c_str();
    switch (kind) {
    case FM_KIND_EVENT: return fm_event_open(name, FM_ACCESS_ALL, out);
    case FM_KIND_MUTEX: return fm_mutex_open(name, FM_ACCESS_ALL, out);
    case FM_KIND_SEMAPHORE: return fm_semaphore_open(name, FM_ACCESS_ALL, out);
    default: return fm_timer_open(name, FM_ACCESS_ALL, out);
    }
}

std::string genuine(uint32_t kind) {
    handle made;
    if (create_planted_as(kind, made.out()) != FM_OK) throw std::runtime_error("no entry to copy: " + last_error());
    return read_file(planted_path());
}

std::string changed(std::string bytes, const std::function<void(waitable_words &)> &change) {
    waitable_words words;
    std::memcpy(&words, &bytes[words_offset], sizeof words);
    change(words);
    std::memcpy(&bytes[words_offset], &words, sizeof words);
    return bytes;
}

void hostile_waitables::SetUp() {
    for (const uint32_t permissions : {0600u, 0666u}) // the registries' descriptors
        new_mutex("Global\\warm", FM_MUTEX_OWNED, object_options(0, permissions));
    hostile::SetUp();
}

void hostile_waitables::TearDown() {
    std::filesystem::remove(planted_path());
    hostile::TearDown();
}

} // namespace fm::test
