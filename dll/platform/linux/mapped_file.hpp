// The real file behind a mapping: opening it, checking it, extending it, finding it again.
#pragma once

#include "platform/linux/lifetime.hpp"

namespace fm::posix {

/// The file that options name, opened or duplicated with the access that the protection needs. `path` becomes its
/// absolute path. Nothing is changed yet.
struct chosen_file {
    descriptor fd;
    std::string path;
    uint64_t device = 0, inode = 0;
    uint64_t size = 0;
    uint32_t mode = 0; ///< permissions
};
result<chosen_file> choose_file(const platform::mapping_options &options);

/// Settles the mapping's size, extending the file where it must be; fills in what the control block says of the file.
fm_status settle_file(chosen_file &file, uint64_t wanted, control_block &control, entry_texts &texts);

/// Opens the file of an existing mapping again, for writing if asked, and sees that it is still that file.
result<descriptor> find_file(const held_entry &entry, bool write);

/// Memory of large pages, for unnamed mappings.
result<descriptor> large_memory(uint64_t size);
uint64_t large_page_size();

} // namespace fm::posix
