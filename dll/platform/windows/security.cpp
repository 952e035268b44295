// Builds DACLs through their text form (SDDL), which keeps each rule readable, and asks tokens who we are.

#include "platform/windows/security.hpp"

#include "platform/windows/errors.hpp"
#include "platform/windows/names.hpp"

#include <aclapi.h>
#include <sddl.h>

#include <cwchar>
#include <iterator>

namespace fm::windows {

namespace {

std::wstring sid_text(PSID sid) {
    wchar_t *text = nullptr;
    if (!ConvertSidToStringSidW(sid, &text)) return {};
    local_memory<wchar_t> owned(text);
    return text;
}

/// The token that the kernel judges this thread by.
unique_handle effective_token() {
    unique_handle token;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, token.receive()))
        OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token.receive());
    return token;
}

/// A SID out of a token: `Info` is TOKEN_USER or TOKEN_PRIMARY_GROUP, `member` leads to the SID.
template <class Info, class Member>
std::wstring token_sid(HANDLE token, TOKEN_INFORMATION_CLASS question, Member member) {
    alignas(Info) unsigned char answer[sizeof(Info) + SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof answer;
    if (!GetTokenInformation(token, question, answer, size, &size)) return {};
    return sid_text(member(*reinterpret_cast<const Info *>(answer)));
}

struct identity {
    std::wstring user;
    std::wstring group;
};

result<identity> current_identity() {
    unique_handle token = effective_token();
    identity who;
    who.user = token_sid<TOKEN_USER>(token.get(), TokenUser, [](const TOKEN_USER &info) { return info.User.Sid; });
    who.group = token_sid<TOKEN_PRIMARY_GROUP>(token.get(), TokenPrimaryGroup,
                                               [](const TOKEN_PRIMARY_GROUP &info) { return info.PrimaryGroup; });
    int32_t error = last_error();
    if (who.user.empty() || who.group.empty())
        return fail(FM_E_SYSTEM, error, "the user of this process could not be determined");
    return who;
}

std::wstring rule(wchar_t type, ACCESS_MASK mask, const std::wstring &who) {
    if (mask == 0) return {};
    wchar_t rights[16]; // SDDL takes numbers in hexadecimal only
    std::swprintf(rights, std::size(rights), L"0x%lx", static_cast<unsigned long>(mask));
    return std::wstring(L"(") + type + L";;" + rights + L";;;" + who + L")";
}

/// The rights behind three permission bits.
ACCESS_MASK mask_of(uint32_t bits, const right_set &rights) {
    return (bits & 4 ? rights.read : 0) | (bits & 2 ? rights.write : 0) | (bits & 1 ? rights.execute : 0);
}

/// The nine bits as rules in the order the kernel reads them. The bits of the first class that a user belongs to count
/// alone, so each class is denied what only a later one has. The owner may always delete and change the rules, as on
/// Linux; CreateFileMapping asks for that even where it opens an existing object.
std::wstring rules_for(uint32_t permissions, const identity &who, const right_set &rights) {
    ACCESS_MASK others = mask_of(permissions & 7, rights);
    ACCESS_MASK group = mask_of(permissions >> 3 & 7, rights);
    ACCESS_MASK owner = mask_of(permissions >> 6 & 7, rights) | STANDARD_RIGHTS_REQUIRED;
    return rule(L'A', owner, who.user) + rule(L'D', (group | others) & ~owner, who.user) +
           rule(L'A', group, who.group) + rule(L'D', others & ~group, who.group) + rule(L'A', others, SDDL_EVERYONE);
}

/// One thread at a time changes the process's privileges, so that each finds the state the last one restored.
std::mutex &privilege_mutex() {
    static std::mutex mutex;
    return mutex;
}

} // namespace

result<object_security> object_security::make(uint32_t permissions, bool inheritable, const right_set &rights) {
    auto who = current_identity();
    if (!who) return who.error();
    std::wstring rules = L"D:" + rule(L'A', rights.all, SDDL_LOCAL_SYSTEM) +
                         (permissions == 0 ? rule(L'A', rights.all, who->user) : rules_for(permissions, *who, rights));
    void *descriptor = nullptr;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(rules.c_str(), SDDL_REVISION_1, &descriptor, nullptr)) {
        int32_t error = last_error();
        return fail(FM_E_SYSTEM, error, "the permissions %#o could not be made into an access list", permissions);
    }
    return object_security(descriptor, inheritable);
}

std::string owner_of(HANDLE object) {
    PSID owner = nullptr;
    void *descriptor = nullptr;
    DWORD error = GetSecurityInfo(object, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr, nullptr,
                                  nullptr, &descriptor);
    if (error != ERROR_SUCCESS) return {};
    local_memory<void> owned(descriptor);
    return owner != nullptr ? to_utf8(sid_text(owner)) : std::string();
}

lock_memory_privilege::lock_memory_privilege() : alone_(privilege_mutex()) {
    TOKEN_PRIVILEGES wanted{};
    wanted.PrivilegeCount = 1;
    wanted.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    DWORD size = sizeof before_;
    if (LookupPrivilegeValueW(nullptr, SE_LOCK_MEMORY_NAME, &wanted.Privileges[0].Luid) &&
        OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, token_.receive()))
        AdjustTokenPrivileges(token_.get(), FALSE, &wanted, sizeof before_, &before_, &size);
}

lock_memory_privilege::~lock_memory_privilege() {
    // `before_` holds what was changed: nothing where the privilege was on already, or is not held at all.
    if (token_ && before_.PrivilegeCount != 0)
        AdjustTokenPrivileges(token_.get(), FALSE, &before_, sizeof before_, nullptr, nullptr);
}

} // namespace fm::windows
