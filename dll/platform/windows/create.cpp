// Making and opening mappings by name or file: what filemap.h promises, in the words of CreateFileMappingW.

#include "core/access.hpp"
#include "platform/windows/clock.hpp"
#include "platform/windows/errors.hpp"
#include "platform/windows/kinds.hpp"
#include "platform/windows/mapped_file.hpp"
#include "platform/windows/names.hpp"
#include "platform/windows/section.hpp"
#include "platform/windows/security.hpp"

namespace fm::platform {

using namespace windows;

namespace {

/// The pages' protection and the section's attributes in one number, as CreateFileMappingW wants them.
DWORD page_flags(const mapping_options &options, bool of_file) {
    DWORD pages = options.protection;
    if (pages == FM_PROTECT_WRITE_COPY) pages = PAGE_READONLY; // the same, says filemap.h
    if (pages == FM_PROTECT_EXECUTE_WRITE_COPY) pages = PAGE_EXECUTE_READ;
    if (options.flags & FM_LARGE_PAGES) return pages | SEC_LARGE_PAGES | SEC_COMMIT;
    if (of_file) return pages;
    return pages | (options.flags & FM_RESERVE ? SEC_RESERVE : SEC_COMMIT);
}

fm_status check_large_pages(uint64_t size) {
    uint64_t large = large_page_size();
    if (large == 0) return fail(FM_E_NOT_SUPPORTED, 0, "this system has no large pages");
    if (size % large == 0) return FM_OK;
    return fail(FM_E_INVALID_ARGUMENT, 0, "%llu bytes are not a multiple of the large page size, %llu",
                static_cast<unsigned long long>(size), static_cast<unsigned long long>(large));
}

/// "Local\X", the file's path, or a word, for messages.
std::string subject_of(const mapping_options &options) {
    if (options.name) return full_name(options.name->where, options.name->rest);
    return options.file_path != nullptr ? options.file_path : "an unnamed mapping";
}

const char *who_denies(const mapping_options &options, bool file_given) {
    if (file_given) return "the file or the existing object does not allow it";
    if (options.name && options.name->where == scope::global)
        return "the existing object does not allow it, or, if there is none, you lack the privilege "
               "SeCreateGlobalPrivilege";
    return "the existing object does not allow it";
}

failure create_failure(const mapping_options &options, const chosen_file &file, int32_t error) {
    if (auto fault = fault_of_file(options, file, error)) return *fault;
    std::string subject = subject_of(options);
    switch (error) {
    case ERROR_INVALID_HANDLE:
        return fail(FM_E_WRONG_KIND, error, "%.300s: an object of another kind has this name", subject.c_str());
    case ERROR_FILE_INVALID:
        return fail(FM_E_FILE_INVALID, error, "%.300s: the file is empty; give a size", subject.c_str());
    case ERROR_PRIVILEGE_NOT_HELD:
        return fail(FM_E_ACCESS_DENIED, error,
                    "%.300s: large pages need the privilege SeLockMemoryPrivilege (lock pages in memory)",
                    subject.c_str());
    case ERROR_ACCESS_DENIED:
        return fail(FM_E_ACCESS_DENIED, error, "%.300s: %s", subject.c_str(), who_denies(options, file.is_given()));
    default:
        return fail(status_of(error), error, "%.300s: a mapping of %llu bytes could not be created", subject.c_str(),
                    static_cast<unsigned long long>(options.size));
    }
}

failure size_unknown(const std::string &subject) {
    int32_t error = last_error();
    return fail(status_of(error), error, "%.300s: its size could not be determined", subject.c_str());
}

const kernel_type &section_type() {
    return *find_type(FM_KIND_MAPPING);
}

/// Empty on failure, with GetLastError() telling why.
unique_handle open_section(const wchar_t *name, uint32_t access, bool inheritable) {
    const kernel_type &type = section_type();
    if (access & FM_ACCESS_ALL) return open_named_with_all(type, name, inheritable);
    ACCESS_MASK rights = (access & (FM_ACCESS_READ | FM_ACCESS_COPY) ? SECTION_MAP_READ : 0) |
                         (access & FM_ACCESS_WRITE ? SECTION_MAP_WRITE : 0) |
                         (access & FM_ACCESS_EXECUTE ? SECTION_MAP_EXECUTE : 0);
    return open_named(type, name, rights, type.query, inheritable);
}

struct kernel_answer {
    unique_handle handle;
    int32_t error; ///< also ERROR_ALREADY_EXISTS beside a handle
};

kernel_answer ask_kernel(const mapping_options &options, HANDLE file, SECURITY_ATTRIBUTES *security,
                         const wchar_t *name) {
    DWORD pages = page_flags(options, file != INVALID_HANDLE_VALUE);
    SetLastError(ERROR_SUCCESS);
    HANDLE handle = CreateFileMappingW(file, security, pages, high_half(options.size), low_half(options.size), name);
    return {unique_handle(handle), last_error()};
}

/// CreateFileMappingW wants rights to an existing object that only its owner has (DELETE, WRITE_DAC ...). Where it was
/// refused, this opens the object with no more than the protection implies. A refusal because of the file stays one:
/// the same mapping without a name tells.
kernel_answer open_existing(const mapping_options &options, const chosen_file &file, const wchar_t *name) {
    if (file.is_given() && !ask_kernel(options, file.handle, nullptr, nullptr).handle) return {{}, ERROR_ACCESS_DENIED};
    uint32_t access = rights_implied_by(options.protection);
    unique_handle handle = open_section(name, access, (options.flags & FM_INHERITABLE) != 0);
    int32_t error = handle ? ERROR_ALREADY_EXISTS : ERROR_ACCESS_DENIED;
    return {std::move(handle), error};
}

kernel_answer create_or_open(const mapping_options &options, const chosen_file &file, SECURITY_ATTRIBUTES *security) {
    std::wstring name = options.name ? kernel_name(*options.name) : std::wstring();
    const wchar_t *name_or_none = options.name ? name.c_str() : nullptr;
    std::optional<lock_memory_privilege> privilege;
    if (options.flags & FM_LARGE_PAGES) privilege.emplace();
    kernel_answer answer = ask_kernel(options, file.handle, security, name_or_none);
    if (answer.error == ERROR_ACCESS_DENIED && options.name) return open_existing(options, file, name_or_none);
    return answer;
}

} // namespace

result<created_mapping> create_mapping(const mapping_options &options) {
    if (options.flags & FM_LARGE_PAGES)
        if (fm_status status = check_large_pages(options.size); status < 0) return failure{status};
    bool inheritable = (options.flags & FM_INHERITABLE) != 0;
    auto file = choose_file(options);
    if (!file) return file.error();
    auto security = object_security::make(options.permissions, inheritable, section_rights);
    if (!security) return security.error();

    SECURITY_ATTRIBUTES attributes = security->attributes();
    kernel_answer answer = create_or_open(options, *file, &attributes);
    if (!answer.handle) return create_failure(options, *file, answer.error);
    bool existed = answer.error == ERROR_ALREADY_EXISTS;
    if (existed && (options.flags & FM_CREATE_NEW))
        return fail(FM_E_EXISTS, answer.error, "%.300s: an object of this name exists", subject_of(options).c_str());
    auto facts = read_facts(answer.handle.get());
    if (!facts) return size_unknown(subject_of(options));
    if (!existed) {
        facts->protection = options.protection;
        if (!file->is_given()) facts->flags |= options.flags & (FM_RESERVE | FM_LARGE_PAGES);
        facts->created = nanoseconds_since_1970();
    }
    auto made = std::make_shared<section>(std::move(answer.handle), *facts, options.name ? subject_of(options) : "");
    if (inheritable)
        if (fm_status status = made->mark(); status < 0) return failure{status};
    return created_mapping{std::move(made), existed};
}

result<std::shared_ptr<mapping>> open_mapping(const object_name &name, uint32_t access) {
    std::string full = full_name(name.where, name.rest);
    std::wstring native = kernel_name(name);
    unique_handle handle = open_section(native.c_str(), access, false);
    if (!handle) return open_failure(section_type(), full, last_error());
    auto facts = read_facts(handle.get());
    if (!facts) return size_unknown(full);
    return std::shared_ptr<mapping>(std::make_shared<section>(std::move(handle), *facts, std::move(full)));
}

} // namespace fm::platform
