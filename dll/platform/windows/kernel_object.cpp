// What can be asked of a HANDLE whatever it leads to.

#include "platform/windows/kernel_object.hpp"

#include "platform/windows/errors.hpp"
#include "platform/windows/names.hpp"
#include "platform/windows/native.hpp"
#include "platform/windows/process.hpp"

namespace fm::windows {

uint32_t held_handle::holders() const {
    auto basics = query_handle(handle_.get());
    return basics ? basics->handles : FM_UNKNOWN_COUNT;
}

std::string held_handle::name() const {
    return name_ ? *name_ : name_of_path(query_path(handle_.get()));
}

result<unique_handle> held_handle::copy(bool inheritable) const {
    unique_handle copy;
    HANDLE self = GetCurrentProcess();
    if (DuplicateHandle(self, handle_.get(), self, copy.receive(), 0, inheritable, DUPLICATE_SAME_ACCESS)) return copy;
    int32_t error = last_error();
    return fail(status_of(error), error, "the handle could not be duplicated");
}

fm_status held_handle::mark() const {
    std::lock_guard lock(marking_);
    if (mark_.handle) return FM_OK;
    DWORD flags = 0;
    GetHandleInformation(handle_.get(), &flags);
    mark_ = make_mark((flags & HANDLE_FLAG_INHERIT) != 0);
    if (mark_.handle) return FM_OK;
    int32_t error = last_error();
    return fail(status_of(error), error, "the handle that tokens are verified by could not be made");
}

result<platform::token_body> held_handle::token(uint32_t kind) const {
    if (fm_status status = mark(); status < 0) return failure{status};
    platform::token_body body;
    body.kind = kind;
    body.process = platform::process_id();
    body.process_started = started_at(GetCurrentProcess());
    body.handle = reinterpret_cast<intptr_t>(handle_.get());
    body.file_handle = reinterpret_cast<intptr_t>(mark_.handle.get());
    body.identity[0] = mark_.number;
    return body;
}

} // namespace fm::windows
