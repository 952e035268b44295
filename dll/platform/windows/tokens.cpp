// Getting at an object that another process has open: by inheritance from it, or by duplicating its HANDLE. A token's
// file_handle is the mark beside the object's HANDLE, and its identity the mark's number.

#include "platform/windows/errors.hpp"
#include "platform/windows/export_mark.hpp"
#include "platform/windows/kinds.hpp"
#include "platform/windows/process.hpp"
#include "platform/windows/section.hpp"
#include "platform/windows/waitable.hpp"

#include <mutex>

namespace fm::platform {

using namespace windows;

namespace {

/// An object that turned out to be what the token names.
struct verified_object {
    unique_handle handle;
    object_facts facts;
};

HANDLE as_handle(int64_t value) {
    return reinterpret_cast<HANDLE>(static_cast<intptr_t>(value));
}

/// Nothing where the handle leads to an object of another kind.
std::optional<object_facts> facts_of(HANDLE handle, uint32_t kind) {
    if (kind == FM_KIND_MAPPING) return read_facts(handle);
    if (kind_of(handle) != kind) return std::nullopt;
    object_facts facts;
    facts.kind = kind;
    return facts;
}

bool is_inheritable(HANDLE handle) {
    DWORD flags = 0;
    return GetHandleInformation(handle, &flags) && (flags & HANDLE_FLAG_INHERIT);
}

/// The HANDLE that this process inherited, if it did: then the mark came with it. The first import takes both over, and
/// closes the mark, so that there is no second one.
std::optional<verified_object> take_inherited(const token_body &body) {
    static std::mutex one_at_a_time;
    std::lock_guard lock(one_at_a_time);
    HANDLE handle = as_handle(body.handle), mark = as_handle(body.file_handle);
    if (!is_inheritable(handle) || !is_inheritable(mark) || !is_mark(mark, body.identity[0])) return std::nullopt;
    auto facts = facts_of(handle, body.kind);
    if (!facts) return std::nullopt;
    unique_handle no_longer_needed(mark);
    SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0); // it is an ordinary HANDLE of ours from here on
    return verified_object{unique_handle(handle), *facts};
}

bool has_ended(HANDLE process) {
    DWORD code = 0;
    return GetExitCodeProcess(process, &code) && code != STILL_ACTIVE;
}

failure exporter_ended(const token_body &body, int32_t error) {
    return fail(FM_E_NOT_FOUND, error,
                "process %lld, which made the token, has ended, and this process did not inherit the handle",
                static_cast<long long>(body.process));
}

result<unique_handle> open_exporter(const token_body &body) {
    auto id = static_cast<DWORD>(body.process);
    unique_handle process(OpenProcess(PROCESS_DUP_HANDLE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id));
    int32_t error = last_error();
    if (!process && error == ERROR_INVALID_PARAMETER) return exporter_ended(body, error); // no process has this id
    if (!process)
        return fail(status_of(error), error, "process %lu, which made the token, does not let this one use its handles",
                    id);
    if (started_at(process.get()) != body.process_started) return exporter_ended(body, 0);
    return process;
}

failure handle_closed(const token_body &body, int32_t error) {
    return fail(FM_E_NOT_FOUND, error, "process %lld has closed the handle that the token names",
                static_cast<long long>(body.process));
}

/// Empty on failure, with GetLastError() telling why.
unique_handle copy_of(HANDLE exporter, int64_t value) {
    unique_handle copy;
    DuplicateHandle(exporter, as_handle(value), GetCurrentProcess(), copy.receive(), 0, FALSE, DUPLICATE_SAME_ACCESS);
    return copy;
}

result<verified_object> duplicate_from(HANDLE exporter, const token_body &body) {
    unique_handle handle = copy_of(exporter, body.handle);
    int32_t error = last_error();
    if (!handle) {
        if (has_ended(exporter)) return exporter_ended(body, error);
        if (error == ERROR_INVALID_HANDLE) return handle_closed(body, error);
        return fail(status_of(error), error, "the handle of process %lld could not be duplicated",
                    static_cast<long long>(body.process));
    }
    unique_handle mark = copy_of(exporter, body.file_handle); // after the HANDLE: see export_mark
    auto facts = facts_of(handle.get(), body.kind);
    if (!is_mark(mark.get(), body.identity[0]) || !facts) return handle_closed(body, 0);
    return verified_object{std::move(handle), *facts};
}

result<verified_object> find_object(const token_body &body) {
    if (body.process == process_id() && body.process_started == started_at(GetCurrentProcess()))
        return duplicate_from(GetCurrentProcess(), body);
    if (auto inherited = take_inherited(body)) return std::move(*inherited);
    auto exporter = open_exporter(body);
    if (!exporter) return exporter.error();
    return duplicate_from(exporter->get(), body);
}

template <class Object>
std::shared_ptr<object> make(verified_object found) {
    return std::make_shared<Object>(std::move(found.handle), found.facts, std::nullopt);
}

} // namespace

/// The HANDLE has the rights of the exported one; what this handle may do is kept by core/.
result<std::shared_ptr<object>> import_token(const token_body &body, uint32_t) {
    bool waits = body.kind >= FM_KIND_EVENT && body.kind <= FM_KIND_TIMER;
    if (body.kind != FM_KIND_MAPPING && !waits)
        return fail(FM_E_INVALID_ARGUMENT, 0, "the token names an object of a kind that this version does not know");
    auto found = find_object(body);
    if (!found) return found.error();
    if (waits) return make<waitable_object>(std::move(*found));
    return make<section>(std::move(*found));
}

} // namespace fm::platform
