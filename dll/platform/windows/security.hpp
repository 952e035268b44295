// Who may do what with a new object: permissions as a DACL, owners as text, and the privilege for large pages.
// Knows no kind of object: what reading and writing one means comes as a right_set.
#pragma once

#include "core/failure.hpp"
#include "platform/windows/win32.hpp"

#include <mutex>
#include <string>

namespace fm::windows {

/// The kernel's rights behind the three permission bits of a kind of object.
struct right_set {
    ACCESS_MASK all;
    ACCESS_MASK read;
    ACCESS_MASK write;
    ACCESS_MASK execute;
};

/// A section's. FILE_MAP_EXECUTE is another bit than SECTION_MAP_EXECUTE, and some callers ask for it by itself.
inline constexpr right_set section_rights{
    SECTION_ALL_ACCESS | FILE_MAP_EXECUTE,
    SECTION_MAP_READ | SECTION_QUERY | READ_CONTROL,
    SECTION_MAP_WRITE | SECTION_QUERY | READ_CONTROL,
    SECTION_MAP_EXECUTE | FILE_MAP_EXECUTE | SECTION_QUERY | READ_CONTROL,
};

/// The security of an object to be made.
class object_security {
public:
    /// permissions: 0 for this user alone, else nine bits as in 0660.
    static result<object_security> make(uint32_t permissions, bool inheritable, const right_set &rights);

    /// Valid as long as this object.
    SECURITY_ATTRIBUTES attributes() const { return {sizeof(SECURITY_ATTRIBUTES), descriptor_.get(), inheritable_}; }

private:
    object_security(void *descriptor, bool inheritable) : descriptor_(descriptor), inheritable_(inheritable) {}

    local_memory<void> descriptor_;
    BOOL inheritable_;
};

/// The SID of an open object's owner as text; "" where it cannot be told.
std::string owner_of(HANDLE object);

/// Has SeLockMemoryPrivilege enabled while it lives, where this user holds it.
class lock_memory_privilege {
public:
    lock_memory_privilege();
    ~lock_memory_privilege();
    lock_memory_privilege(const lock_memory_privilege &) = delete;
    lock_memory_privilege &operator=(const lock_memory_privilege &) = delete;

private:
    std::unique_lock<std::mutex> alone_;
    unique_handle token_;
    TOKEN_PRIVILEGES before_{};
};

} // namespace fm::windows
