// Where entries live: the directories of the namespace, and the file name of an object's name.
// It knows nothing of what is in an entry.
#pragma once

#include "core/name.hpp"
#include "platform/linux/descriptor.hpp"


namespace fm::posix {

/// A place for an entry: its directory's descriptor (owned by this module, never closed) and its file name there.
struct entry_place {
    int32_t directory = -1;
    scope where = scope::local;
    std::string file;
};

/// The directory of a scope. `make` creates this user's own where it is missing; without it FM_E_NOT_FOUND says so.
result<int32_t> directory_of(scope where, bool make);

/// The place of a name.
result<entry_place> place_of(const object_name &name, bool make);

/// A file name for a name: readable where it can be, always valid, never longer than a file name may be.
std::string file_name_of(const object_name &name);
/// The rest of a name from a readable file name; nothing where the file name is a hash, or none of ours.
std::optional<std::string> name_of_file(scope where, std::string_view file);
/// Whether such a file name tells the whole name.
bool is_readable_file(scope where, std::string_view file);
/// Whether a file in the directory of a scope is an entry.
bool is_entry_file(scope where, std::string_view file);

/// For error messages: "/dev/shm/filemap-1000" or what FILEMAP_DIR says.
std::string directory_text(scope where);

/// The descriptor stopped working (somebody removed the directory, or closed all descriptors): open it anew.
void forget_directories();

} // namespace fm::posix
