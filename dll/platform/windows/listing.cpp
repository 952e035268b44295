// What exists: reads the kernel's directories of named objects and looks at each object that it may open.

#include "platform/platform.hpp"
#include "platform/windows/errors.hpp"
#include "platform/windows/kinds.hpp"
#include "platform/windows/names.hpp"
#include "platform/windows/section.hpp"
#include "platform/windows/security.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace fm::platform {

using namespace windows;

namespace {

std::wstring_view view_of(const UNICODE_STRING &text) {
    return {text.Buffer, text.Length / sizeof(wchar_t)};
}

struct entry {
    std::wstring name;
    const kernel_type *type;
    bool operator<(const entry &other) const { return name < other.name; }
};

using entries = std::set<entry>; // names are unique: one that a moving directory shows twice counts once

/// What NtQueryDirectoryObject writes: an array of these, ended by an empty one, and the texts behind it.
struct directory_answer {
    UNICODE_STRING name;
    UNICODE_STRING type;
};

/// Adds what an answer holds; says whether there was something new.
bool collect(const std::vector<directory_answer> &answer, std::size_t limit, entries &found) {
    bool grown = false;
    for (std::size_t i = 0; i < limit && answer[i].name.Buffer != nullptr; ++i)
        if (const kernel_type *type = find_type(view_of(answer[i].type)))
            grown |= found.insert({std::wstring(view_of(answer[i].name)), type}).second;
    return grown;
}

constexpr std::size_t first_buffer = (std::size_t(256) << 10) / sizeof(directory_answer);
constexpr std::size_t last_buffer = (std::size_t(64) << 20) / sizeof(directory_answer);

/// One call sees the directory as it is at one moment, so the buffer grows until all fits. Beyond 64 MiB it goes on
/// piece by piece, where what comes and goes meanwhile can move others out of sight.
NTSTATUS read_at_once(HANDLE directory, entries &found) {
    std::vector<directory_answer> buffer(first_buffer);
    ULONG position = 0;
    for (bool restart = true;;) {
        auto size = static_cast<ULONG>(buffer.size() * sizeof(directory_answer));
        NTSTATUS status = NtQueryDirectoryObject(directory, buffer.data(), size, FALSE, restart, &position, nullptr);
        bool more = status == status_more_entries || status == status_buffer_too_small;
        if (more && buffer.size() < last_buffer) {
            buffer.assign(buffer.size() * 2, {});
            restart = true;
            continue;
        }
        if (!succeeded(status)) return status;
        collect(buffer, buffer.size(), found);
        if (!more) return status;
        restart = false;
    }
}

/// One entry a call: all that Wine 8 offers. An entry can slip through while others go, so passes are made until one
/// shows nothing new.
NTSTATUS read_one_by_one(HANDLE directory, entries &found) {
    constexpr int most_passes = 8;
    std::vector<directory_answer> buffer(first_buffer);
    auto size = static_cast<ULONG>(buffer.size() * sizeof(directory_answer));
    bool grown = true;
    for (int pass = 0; grown && pass < most_passes; ++pass) {
        grown = false;
        ULONG position = 0;
        NTSTATUS status;
        while (succeeded(status = NtQueryDirectoryObject(directory, buffer.data(), size, TRUE, position == 0, &position,
                                                         nullptr)) &&
               status != status_no_more_entries)
            grown |= collect(buffer, 1, found);
        if (status != status_no_more_entries) return status;
    }
    return 0;
}

class directory_listing final : public listing {
public:
    /// Reads a scope's directory; its objects will be told of after those read before.
    fm_status add(scope where);
    result<bool> next(list_item &item) override;

private:
    struct directory {
        scope where;
        unique_handle handle;
        entries content;
    };
    std::vector<directory> directories_;
    std::size_t at_ = 0; ///< of directories_; what is told of leaves the directory's content
};

/// Opens an object for a look, with as much of the two rights as it allows. False where it is gone.
bool open_entry(HANDLE directory, const entry &what, unique_handle &handle) {
    UNICODE_STRING name = kernel_text(what.name);
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &name, 0, directory, nullptr);
    for (ACCESS_MASK access : {what.type->query | READ_CONTROL, what.type->query, ACCESS_MASK(READ_CONTROL)}) {
        NTSTATUS status = what.type->open_in_directory(handle.receive(), access, &attributes);
        if (succeeded(status)) return true;
        if (status == status_object_name_not_found) return false;
    }
    return true;
}

/// Nothing where the object is gone.
std::optional<list_item> describe(scope where, HANDLE directory, const entry &what) {
    unique_handle handle;
    if (!open_entry(directory, what, handle)) return std::nullopt;
    list_item item;
    item.where = where;
    item.facts.kind = what.type->kind;
    item.name = full_name(where, to_utf8(what.name));
    if (!handle) return item;
    if (what.type->kind == FM_KIND_MAPPING)
        if (auto facts = read_facts(handle.get())) item.facts = *facts;
    if (auto basics = query_handle(handle.get())) item.holders = basics->handles - 1; // ours does not count
    item.owner = owner_of(handle.get());
    return item;
}

fm_status directory_listing::add(scope where) {
    std::wstring path = scope_directory(where);
    UNICODE_STRING name = kernel_text(path);
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &name, 0, nullptr, nullptr);
    directory added{where, {}, {}};
    NTSTATUS status = NtOpenDirectoryObject(added.handle.receive(), directory_query | directory_traverse, &attributes);
    if (succeeded(status)) {
        status = read_at_once(added.handle.get(), added.content);
        if (status == status_not_implemented) status = read_one_by_one(added.handle.get(), added.content);
    }
    if (!succeeded(status) && status != status_no_more_entries) {
        int32_t error = win32_number(status);
        return fail(status_of(error), error, "the directory %s could not be read", to_utf8(path).c_str());
    }
    directories_.push_back(std::move(added));
    return FM_OK;
}

result<bool> directory_listing::next(list_item &item) {
    while (at_ < directories_.size()) {
        directory &here = directories_[at_];
        if (here.content.empty()) {
            ++at_;
            continue;
        }
        auto taken = here.content.extract(here.content.begin());
        if (auto described = describe(here.where, here.handle.get(), taken.value())) {
            item = std::move(*described);
            return true;
        }
    }
    return false;
}

} // namespace

result<std::unique_ptr<listing>> open_listing(uint32_t flags) {
    auto list = std::make_unique<directory_listing>();
    bool local = (flags & FM_LIST_LOCAL) != 0, global = (flags & FM_LIST_GLOBAL) != 0;
    // In session 0 both scopes are one directory, which is then shown once.
    if (local && global) global = scope_directory(scope::local) != scope_directory(scope::global);
    if (local)
        if (fm_status status = list->add(scope::local); status < 0) return failure{status};
    if (global)
        if (fm_status status = list->add(scope::global); status < 0) return failure{status};
    return std::unique_ptr<listing>(std::move(list));
}

/// The kernel ends every name with its last handle: nothing is ever left.
result<sweep_report> sweep() {
    return sweep_report{};
}

} // namespace fm::platform
