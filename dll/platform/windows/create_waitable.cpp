// Making and opening events, mutexes, semaphores and timers: what filemap.h promises, in the words of CreateEventExW
// and its like.

#include "platform/windows/clock.hpp"
#include "platform/windows/errors.hpp"
#include "platform/windows/kinds.hpp"
#include "platform/windows/names.hpp"
#include "platform/windows/security.hpp"
#include "platform/windows/waitable.hpp"

namespace fm::platform {

using namespace windows;

namespace {

/// The rights to change an object of this type. For a mutex the same bit lets one query it.
ACCESS_MASK modify_right(const kernel_type &type) {
    return type.use & ~static_cast<ACCESS_MASK>(SYNCHRONIZE);
}

/// What the permission bits mean: reading is waiting, writing is changing.
right_set rights_of(const kernel_type &type) {
    ACCESS_MASK look = type.query | READ_CONTROL;
    return {type.all, SYNCHRONIZE | look, modify_right(type) | look, 0};
}

/// "Local\X", or "an unnamed event", for messages.
std::string subject_of(const waitable_options &options, const kernel_type &type) {
    if (options.name) return full_name(options.name->where, options.name->rest);
    return std::string("an unnamed ") + type.word;
}

failure create_failure(const std::string &subject, const kernel_type &type, int32_t error) {
    if (error == ERROR_INVALID_HANDLE)
        return fail(FM_E_WRONG_KIND, error, "%.300s: an object of another kind has this name", subject.c_str());
    if (error == ERROR_ACCESS_DENIED)
        return fail(FM_E_ACCESS_DENIED, error,
                    "%.300s: the existing object does not allow this user to wait and change it", subject.c_str());
    return fail(status_of(error), error, "%.300s: the %s could not be created", subject.c_str(), type.word);
}

HANDLE ask_kernel(const waitable_options &options, SECURITY_ATTRIBUTES *security, const wchar_t *name,
                  ACCESS_MASK rights) {
    switch (options.kind) {
    case FM_KIND_EVENT: {
        DWORD manual = options.manual ? CREATE_EVENT_MANUAL_RESET : 0;
        DWORD set = options.signaled ? CREATE_EVENT_INITIAL_SET : 0;
        return CreateEventExW(security, name, manual | set, rights);
    }
    case FM_KIND_MUTEX:
        return CreateMutexExW(security, name, options.owned ? CREATE_MUTEX_INITIAL_OWNER : 0, rights);
    case FM_KIND_SEMAPHORE:
        return CreateSemaphoreExW(security, static_cast<LONG>(options.count), static_cast<LONG>(options.maximum), name,
                                  0, rights);
    default:
        return CreateWaitableTimerExW(security, name, options.manual ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0, rights);
    }
}

struct kernel_answer {
    unique_handle handle;
    int32_t error; ///< also ERROR_ALREADY_EXISTS beside a handle
};

/// Asks for no more rights than we use: of an existing object others may have just those. Doing without a look at its
/// state is better than doing without the object.
kernel_answer create_or_open(const waitable_options &options, const kernel_type &type, SECURITY_ATTRIBUTES *security) {
    std::wstring name = options.name ? kernel_name(*options.name) : std::wstring();
    const wchar_t *name_or_none = options.name ? name.c_str() : nullptr;
    kernel_answer answer;
    for (ACCESS_MASK rights : {type.use | type.query, type.use}) {
        SetLastError(ERROR_SUCCESS);
        answer.handle = unique_handle(ask_kernel(options, security, name_or_none, rights));
        answer.error = last_error();
        if (answer.handle || answer.error != ERROR_ACCESS_DENIED) break;
    }
    return answer;
}

unique_handle open_object(const kernel_type &type, const wchar_t *name, uint32_t access) {
    if (access & FM_ACCESS_ALL) return open_named_with_all(type, name, false);
    ACCESS_MASK rights =
        (access & FM_ACCESS_WAIT ? SYNCHRONIZE : 0) | (access & FM_ACCESS_MODIFY ? modify_right(type) : 0);
    ACCESS_MASK beside = type.query;
    if (type.kind == FM_KIND_MUTEX) beside |= SYNCHRONIZE; // Wine 8 wants it in SignalObjectAndWait()
    return open_named(type, name, rights, beside, false);
}

object_facts facts_of(const kernel_type &type, int64_t created) {
    object_facts facts;
    facts.kind = type.kind;
    facts.created = created;
    return facts;
}

} // namespace

result<created_waitable> create_waitable(const waitable_options &options) {
    const kernel_type &type = *find_type(options.kind);
    bool inheritable = (options.flags & FM_INHERITABLE) != 0;
    auto security = object_security::make(options.permissions, inheritable, rights_of(type));
    if (!security) return security.error();

    std::string subject = subject_of(options, type);
    SECURITY_ATTRIBUTES attributes = security->attributes();
    kernel_answer answer = create_or_open(options, type, &attributes);
    if (!answer.handle) return create_failure(subject, type, answer.error);
    bool existed = answer.error == ERROR_ALREADY_EXISTS;
    if (existed && (options.flags & FM_CREATE_NEW))
        return fail(FM_E_EXISTS, answer.error, "%.300s: an object of this name exists", subject.c_str());
    object_facts facts = facts_of(type, existed ? 0 : nanoseconds_since_1970());
    auto made = std::make_shared<waitable_object>(std::move(answer.handle), facts, options.name ? subject : "");
    if (!existed && options.kind == FM_KIND_TIMER && options.manual) made->is_manual_timer();
    if (inheritable)
        if (fm_status status = made->mark(); status < 0) return failure{status};
    return created_waitable{std::move(made), existed};
}

result<std::shared_ptr<waitable>> open_waitable(const object_name &name, uint32_t kind, uint32_t access) {
    const kernel_type &type = *find_type(kind);
    std::string full = full_name(name.where, name.rest);
    unique_handle handle = open_object(type, kernel_name(name).c_str(), access);
    if (!handle) return open_failure(type, full, last_error());
    return std::shared_ptr<waitable>(
        std::make_shared<waitable_object>(std::move(handle), facts_of(type, 0), std::move(full)));
}

} // namespace fm::platform
