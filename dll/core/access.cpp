// The rules of access.hpp, each once.

#include "core/access.hpp"

namespace fm {

bool is_protection(uint32_t protection) {
    switch (protection) {
    case FM_PROTECT_READ:
    case FM_PROTECT_READ_WRITE:
    case FM_PROTECT_WRITE_COPY:
    case FM_PROTECT_EXECUTE_READ:
    case FM_PROTECT_EXECUTE_READ_WRITE:
    case FM_PROTECT_EXECUTE_WRITE_COPY: return true;
    default: return false;
    }
}

bool protection_writes(uint32_t protection) {
    return protection == FM_PROTECT_READ_WRITE || protection == FM_PROTECT_EXECUTE_READ_WRITE;
}

bool protection_executes(uint32_t protection) {
    return protection >= FM_PROTECT_EXECUTE_READ;
}

uint32_t rights_implied_by(uint32_t protection) {
    uint32_t rights = FM_ACCESS_READ | FM_ACCESS_COPY;
    if (protection_writes(protection)) rights |= FM_ACCESS_WRITE;
    if (protection_executes(protection)) rights |= FM_ACCESS_EXECUTE;
    return rights;
}

uint32_t handle_rights(uint32_t access, uint32_t all) {
    if (access & FM_ACCESS_ALL) return all;
    if (access & (FM_ACCESS_COPY | FM_ACCESS_READ)) access |= FM_ACCESS_COPY | FM_ACCESS_READ;
    return access;
}

uint32_t view_rights(uint32_t access) {
    if (access & FM_ACCESS_ALL) access = (access & ~FM_ACCESS_ALL) | FM_ACCESS_WRITE;
    if (access & (FM_ACCESS_WRITE | FM_ACCESS_COPY | FM_ACCESS_EXECUTE)) access |= FM_ACCESS_READ;
    return access;
}

bool handle_allows_view(uint32_t rights, uint32_t view) {
    if (view == 0) return (rights & mapping_rights) != 0;
    if (view & FM_ACCESS_WRITE) return (rights & FM_ACCESS_WRITE) && (!(view & FM_ACCESS_EXECUTE) || (rights & FM_ACCESS_EXECUTE));
    if (!(rights & FM_ACCESS_READ)) return false;
    return !(view & FM_ACCESS_EXECUTE) || (rights & FM_ACCESS_EXECUTE);
}

bool protection_allows_view(uint32_t protection, uint32_t view) {
    if (protection == 0) return true;
    if ((view & FM_ACCESS_WRITE) && !protection_writes(protection)) return false;
    return !(view & FM_ACCESS_EXECUTE) || protection_executes(protection);
}

} // namespace fm
