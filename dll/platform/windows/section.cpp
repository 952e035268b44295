// What one can learn of an open section, and views of it.

#include "platform/windows/section.hpp"

#include "platform/windows/errors.hpp"
#include "platform/windows/native.hpp"
#include "platform/windows/process.hpp"

#include <algorithm>

// psapi.h would bring a library of its own; kernel32 has the function under this name since Windows 7.
extern "C" DWORD WINAPI K32GetMappedFileNameW(HANDLE process, void *address, wchar_t *path, DWORD capacity);

namespace fm::windows {

namespace {

#ifndef FILE_MAP_LARGE_PAGES
constexpr DWORD FILE_MAP_LARGE_PAGES = 0x20000000;
#endif

uint32_t flags_of(uint32_t attributes) {
    if (attributes & SEC_FILE) return FM_FILE; // SEC_RESERVE means nothing there (statement C21)
    return (attributes & SEC_RESERVE ? FM_RESERVE : 0) | (attributes & SEC_LARGE_PAGES ? FM_LARGE_PAGES : 0);
}

/// A view of the whole section that asks for as little as the handle allows.
temporary_view map_all(HANDLE section) {
    for (DWORD access : {DWORD(0), DWORD(FILE_MAP_WRITE), DWORD(FILE_MAP_EXECUTE)})
        if (void *view = MapViewOfFile(section, access, 0, 0, 0)) return temporary_view(view);
    return nullptr;
}

/// What a view tells of its section, for handles without SECTION_QUERY. The size comes in whole pages, also for a file.
platform::object_facts facts_of_view(void *view) {
    platform::object_facts facts;
    facts.kind = FM_KIND_MAPPING;
    MEMORY_BASIC_INFORMATION region;
    auto *at = static_cast<std::byte *>(view);
    while (VirtualQuery(at, &region, sizeof region) != 0 && region.AllocationBase == view) {
        if (region.State == MEM_RESERVE) facts.flags |= FM_RESERVE;
        facts.size += region.RegionSize;
        at += region.RegionSize;
    }
    wchar_t path[2]; // what matters is whether there is one
    if (K32GetMappedFileNameW(GetCurrentProcess(), view, path, 2) != 0 || GetLastError() == ERROR_INSUFFICIENT_BUFFER)
        facts.flags |= FM_FILE;
    return facts;
}

/// The FILE_MAP_... for a view's access, in which core/ has spelled everything out.
DWORD desired_access(uint32_t access) {
    DWORD desired = 0;
    if (access & FM_ACCESS_COPY)
        desired = FILE_MAP_COPY;
    else if (access & FM_ACCESS_WRITE)
        desired = FILE_MAP_WRITE;
    else if (access & (FM_ACCESS_READ | FM_ACCESS_EXECUTE))
        desired = FILE_MAP_READ;
    return access & FM_ACCESS_EXECUTE ? desired | FILE_MAP_EXECUTE : desired;
}

/// What is really mapped for a request: from a boundary at or before it.
struct window {
    uint64_t offset;
    uint64_t length;
    DWORD desired;
};

window window_of(const platform::view_request &request, bool large_pages) {
    uint64_t step = large_pages ? platform::large_page_size() : platform::allocation_granularity();
    window chosen{request.offset, request.size, desired_access(request.access)};
    if (request.address == nullptr) {
        chosen.offset = round_down(request.offset, step);
        chosen.length += request.offset - chosen.offset;
    }
    if (!large_pages) return chosen;
    // Since Windows 10 1703 a view has large pages only if it asks for them, and then must consist of whole ones.
    bool whole = chosen.offset % step == 0 && reinterpret_cast<uintptr_t>(request.address) % step == 0;
    if (whole) {
        chosen.length = round_up(chosen.length, step);
        chosen.desired |= FILE_MAP_LARGE_PAGES;
    }
    return chosen;
}

failure map_failure(const platform::view_request &request, int32_t error) {
    auto offset = static_cast<unsigned long long>(request.offset), size = static_cast<unsigned long long>(request.size);
    if (request.address != nullptr && error == ERROR_INVALID_ADDRESS)
        return fail(FM_E_ADDRESS_IN_USE, error, "%llu bytes at address %p are not free", size, request.address);
    if (error == ERROR_INVALID_PARAMETER) // STATUS_SECTION_PROTECTION; the rest was checked before
        return fail(FM_E_ACCESS_DENIED, error, "the mapping's protection does not allow access 0x%x", request.access);
    if (error == ERROR_COMMITMENT_LIMIT)
        return fail(FM_E_NO_MEMORY, error, "a private copy of %llu bytes needs more memory than is left", size);
    return fail(status_of(error), error, "%llu bytes at offset %llu could not be mapped", size, offset);
}

/// So large at a time that the number of calls does not matter, so small that 32 bit has room.
constexpr uint64_t commit_step = uint64_t(64) << 20;

} // namespace

std::optional<platform::object_facts> read_facts(HANDLE handle) {
    if (auto basics = query_section(handle)) {
        // Wine and Windows agree with statement C8 here: memory in whole pages, a file to the byte.
        platform::object_facts facts;
        facts.kind = FM_KIND_MAPPING;
        facts.size = basics->size;
        facts.flags = flags_of(basics->attributes);
        return facts;
    }
    temporary_view view = map_all(handle);
    return view ? std::optional(facts_of_view(view.get())) : std::nullopt;
}

result<platform::view_memory> section::map(const platform::view_request &request) {
    window chosen = window_of(request, (facts_.flags & FM_LARGE_PAGES) != 0);
    if (chosen.length > SIZE_MAX)
        return fail(FM_E_NO_MEMORY, 0, "%llu bytes are more than the address space; map a smaller range",
                    static_cast<unsigned long long>(request.size));
    // Wine 8 takes addresses beyond those of programs, and gives a view that cannot be touched.
    if (request.address != nullptr && !is_user_range(request.address, chosen.length))
        return map_failure(request, ERROR_INVALID_ADDRESS);
    void *base = MapViewOfFileEx(handle(), chosen.desired, high_half(chosen.offset), low_half(chosen.offset),
                                 static_cast<SIZE_T>(chosen.length), request.address);
    if (base == nullptr) return map_failure(request, last_error());

    platform::view_memory view;
    view.base = base;
    view.length = chosen.length;
    view.data = static_cast<std::byte *>(base) + (request.offset - chosen.offset);
    view.guarded = (facts_.flags & (FM_FILE | FM_RESERVE)) != 0;
    view.file_shared = (facts_.flags & FM_FILE) && (request.access & FM_ACCESS_WRITE);
    return view;
}

fm_status section::commit(uint64_t offset, uint64_t size) {
    uint64_t end = std::min(round_up(offset + size, platform::page_size()), facts_.size);
    while (offset < end) {
        uint64_t next = std::min(round_down(offset, commit_step) + commit_step, end);
        if (fm_status status = commit_piece(offset, next - offset); status < 0) return status;
        offset = next;
    }
    return FM_OK;
}

/// Commits through a view that lasts no longer than this: the memory belongs to the section, not to the view.
fm_status section::commit_piece(uint64_t offset, uint64_t size) {
    uint64_t start = round_down(offset, platform::allocation_granularity());
    auto before = static_cast<SIZE_T>(offset - start), length = static_cast<SIZE_T>(size);
    temporary_view view(MapViewOfFile(handle(), FILE_MAP_WRITE, high_half(start), low_half(start), before + length));
    if (!view) return map_failure({FM_ACCESS_WRITE, offset, size, nullptr}, last_error());
    if (VirtualAlloc(static_cast<std::byte *>(view.get()) + before, length, MEM_COMMIT, PAGE_READWRITE)) return FM_OK;
    int32_t error = last_error();
    fm_status status = error == ERROR_NOT_ENOUGH_MEMORY ? static_cast<fm_status>(FM_E_NO_SPACE) : status_of(error);
    return fail(status, error, "no memory for %llu bytes at offset %llu", static_cast<unsigned long long>(size),
                static_cast<unsigned long long>(offset));
}

} // namespace fm::windows
