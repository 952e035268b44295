// What an entry holds beside the caller's bytes: the control block in its last page, and the name and path before or
// within it. The layout is described in docs/entry-layout.md; every field has a fixed width, so 32- and 64-bit
// processes share it. Nothing that is read here is trusted before it is checked.
#pragma once

#include "core/name.hpp"
#include "platform/linux/descriptor.hpp"
#include "platform/platform.hpp"

namespace fm::posix {

inline constexpr uint64_t page = 4096; ///< the unit of the layout, on every machine
inline constexpr uint32_t layout_version = 1;

constexpr uint64_t round_up(uint64_t size, uint64_t unit) { return (size + unit - 1) / unit * unit; }

/// The first 128 bytes of the last page.
struct control_block {
    char magic[8];        ///< "filemap\0"
    uint32_t layout;      ///< layout_version
    uint32_t kind;        ///< FM_KIND_...
    uint64_t size;        ///< what fm_query() tells
    uint64_t data_bytes;  ///< the caller's bytes in this entry, from offset 0; whole pages; 0 for a mapped file
    int64_t created;      ///< ns since 1970 UTC
    uint64_t id;          ///< random, so that two objects of one name can be told apart
    uint32_t creator;     ///< process id, as it saw itself
    uint32_t protection;  ///< FM_PROTECT_...
    uint32_t flags;       ///< FM_RESERVE, FM_LARGE_PAGES, FM_FILE
    uint32_t where;       ///< 0 unnamed, else FM_LIST_LOCAL or FM_LIST_GLOBAL
    uint64_t file_device; ///< the mapped file
    uint64_t file_inode;
    uint32_t name_bytes;  ///< the name without prefix, UTF-8
    uint32_t path_bytes;  ///< the mapped file's path
    uint32_t text_bytes;  ///< where the texts do not fit the last page: whole pages before it; else 0
    uint32_t reserved[9];
};
static_assert(sizeof(control_block) == 128);

inline constexpr uint64_t state_offset = 256; ///< within the last page: the words of events, mutexes ...: sync/words.hpp
inline constexpr uint64_t text_offset = 512;  ///< within the last page: name and path, where they fit

struct entry_texts {
    std::string name;
    std::string path;
};

/// How long the whole entry is.
uint64_t entry_bytes(const control_block &control);

/// Fills in text_bytes for the texts that will be written.
void plan_texts(control_block &control, const entry_texts &texts);

/// Writes what stands at state_offset.
fm_status write_state(int32_t fd, const control_block &control, const void *state, std::size_t size);

/// Writes texts and, last, the control block. The space is there already.
fm_status write_control(int32_t fd, const control_block &control, const entry_texts &texts);

/// Reads and checks. FM_E_VERSION and FM_E_CORRUPT are told without touching the thread's error detail: the caller
/// may yet find that the entry is being made or is dead.
struct control_answer {
    fm_status status = FM_OK;
    int32_t os_error = 0;
    control_block control{};
};
control_answer read_control(int32_t fd, const sys::file_status &status);

/// The texts of a checked control block.
result<entry_texts> read_texts(int32_t fd, const control_block &control);

platform::object_facts facts_of(const control_block &control);

} // namespace fm::posix
