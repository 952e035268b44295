// How long a name lives. The kernel's open-file-description locks are the count of an object's users: they go with the
// process, however it ends. docs/lifetime.md tells the protocol and why it is right; in short, for the byte `alive`:
//
//     shared     held by every open right to the object, by a description of its own
//     exclusive  held for a moment by whoever makes the entry or ends it; granted only where nobody is alive
//
// Rules: a name is unlinked only by who holds its entry exclusively and has seen that it is still linked. Who meets an
// entry joins it (takes a share) only where a share of others was seen before; where none is held, the entry is dead.
// Views map through another description, so that they keep the memory and not the name.
#pragma once

#include "platform/linux/control_block.hpp"
#include "platform/linux/namespace_directory.hpp"

#include <functional>

namespace fm::posix {

/// One right to one entry. Named entries hold a share of `alive` through `lock`; unnamed ones need none.
struct held_entry {
    descriptor lock;
    descriptor data;         ///< a second description: for views, and for ending
    uint32_t data_age = 0;   ///< how often this process had forked when it was opened
    entry_place place;       ///< no directory: unnamed
    std::string name;        ///< without prefix
    control_block control{};
    uint64_t device = 0, inode = 0;
    bool cuttable = false;   ///< another user may cut the memory short: touching it may fault
    bool writable = true;    ///< the file's permissions allow writing

    bool named() const { return place.directory >= 0; }
};

/// What a new entry shall be. `prepare` runs when it is certain that the entry is new and nobody sees it yet.
struct entry_plan {
    control_block control{};
    entry_texts texts;
    uint32_t mode = 0600;
    const void *state = nullptr; ///< the words that stand at state_offset from the beginning
    std::size_t state_bytes = 0;
    std::function<fm_status(control_block &, entry_texts &)> prepare;
};

/// Creates the entry of a name, or joins the live one; `existed` says which.
fm_status create_entry(const object_name &name, entry_plan &plan, held_entry &entry, bool &existed);
/// Joins the live entry of a name.
fm_status open_entry(const object_name &name, held_entry &entry);
/// Joins the entry behind a descriptor of our own or a path in /proc, if it is the one with this identity.
result<held_entry> join_by_path(const char *path, uint64_t device, uint64_t inode);
/// Takes over a descriptor that was inherited together with its share; one that is no entry stays as it was.
result<held_entry> adopt_inherited(int32_t fd);

/// Gives the right back. The last one ends the name.
void end_entry(held_entry &entry) noexcept;

/// The description that views map through; opened at the first use.
result<int32_t> data_descriptor(held_entry &entry);

/// Sizes and fills what `fd` stands for; used for named and unnamed entries alike.
fm_status write_entry(int32_t fd, entry_plan &plan);

enum class presence { nobody, users, maker };
/// Who holds an entry, as seen from a description that holds nothing.
result<presence> presence_of(int32_t fd);
/// Removes a dead entry; false where it is not dead after all, or gone.
result<bool> remove_dead(int32_t fd, const entry_place &place);

inline constexpr uint64_t alive_byte = uint64_t(1) << 62;
inline constexpr uint64_t viewed_byte = alive_byte + 1; ///< shared by views of Global\ entries: see reuse_dead()

} // namespace fm::posix
