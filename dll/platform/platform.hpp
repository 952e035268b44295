// The seam: what an operating system must offer, at the level of objects. core/ calls it with checked arguments;
// platform/linux and platform/windows implement it, each whole, in its own folder. Functions that fail have called
// fail(), so the detail is recorded where the system's answer is known.
#pragma once

#include "core/failure.hpp"
#include "core/name.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace fm::platform {

/// What stays true of an object while it lives.
struct object_facts {
    uint32_t kind = FM_KIND_UNKNOWN;
    uint64_t size = 0;
    uint32_t protection = 0; ///< FM_PROTECT_..., 0 where the system cannot tell
    uint32_t flags = 0;      ///< FM_RESERVE, FM_LARGE_PAGES, FM_FILE
    int64_t created = 0;     ///< ns since 1970 UTC, 0 where the system cannot tell
};

/// What another process of this user needs to get at an open object. core/ packs it into an fm_token.
struct token_body {
    uint32_t kind = FM_KIND_UNKNOWN;
    uint32_t access = 0;
    int64_t process = 0;         ///< id of the exporting process
    uint64_t process_started = 0; ///< tells it from a later process with the same id
    int64_t handle = 0;          ///< its descriptor or HANDLE of the object
    int64_t file_handle = -1;    ///< Linux: its descriptor of the mapped file; Windows: its HANDLE of the mark
    uint64_t identity[2] = {};   ///< what the object must turn out to be: device and inode; the mark's number, attributes
};

/// One open right to one object. Ending it gives the right back; with the last right anywhere the name ends.
class object {
public:
    object() = default;
    object(const object &) = delete;
    object &operator=(const object &) = delete;
    virtual ~object() = default;

    virtual const object_facts &facts() const = 0;
    virtual uint32_t holders() const = 0;            ///< open rights everywhere, or FM_UNKNOWN_COUNT
    virtual result<std::string> name() const = 0;    ///< with its prefix; "" for an unnamed one
    /// Another right to the same object, which child processes inherit if asked for.
    virtual result<std::shared_ptr<object>> reopen(bool inheritable) = 0;
    virtual result<token_body> token() const = 0;    ///< everything but `access`
};

/// A view's place in this process. `data` is the byte asked for, `base` and `length` what was really mapped.
struct view_memory {
    void *base = nullptr;
    uint64_t length = 0;
    std::byte *data = nullptr;
    bool guarded = false;    ///< touching it may fault through no fault of the caller: copy with copy_guarded()
    bool file_shared = false; ///< changes go to a real file: flushing means something
};

/// `size` is never 0 here, the range lies within the mapping, `access` has passed the table of protections.
/// With an address, it and the offset are multiples of the granularity; without one any offset goes.
struct view_request {
    uint32_t access;
    uint64_t offset;
    uint64_t size;
    void *address;
};

class mapping : public object {
public:
    virtual result<view_memory> map(const view_request &request) = 0;
    virtual fm_status commit(uint64_t offset, uint64_t size) = 0; ///< only for FM_RESERVE, in range
};

struct mapping_options {
    std::optional<object_name> name; ///< none: unnamed
    uint64_t size = 0;               ///< 0: the file's size
    uint32_t protection = FM_PROTECT_READ_WRITE;
    uint32_t flags = 0;              ///< FM_CREATE_NEW, FM_RESERVE, FM_LARGE_PAGES, FM_INHERITABLE
    uint32_t permissions = 0;
    std::optional<int64_t> file;     ///< descriptor or HANDLE, borrowed
    const char *file_path = nullptr; ///< valid UTF-8
};

struct created_mapping {
    std::shared_ptr<mapping> object;
    bool existed = false;
};

result<created_mapping> create_mapping(const mapping_options &options);
result<std::shared_ptr<mapping>> open_mapping(const object_name &name, uint32_t access);

/// What fm_query() tells beside the facts; members that do not apply to the kind are as they are here.
struct waitable_state {
    bool ready = false; ///< a look by this thread would take it
    bool manual = false;
    uint32_t count = 0;
    uint32_t maximum = 0;
    uint32_t owner = 0;
    uint32_t period_ms = 0;
    int64_t due = FM_FOREVER;
};

/// An event, mutex, semaphore or timer: facts().kind says which. Only the operations of its kind are called, and none
/// of them blocks.
class waitable : public object {
public:
    virtual waitable_state state() = 0;
    virtual fm_status set() = 0;   ///< event
    virtual fm_status reset() = 0; ///< event
    virtual fm_status pulse() = 0; ///< event
    virtual fm_status release(uint32_t count, uint32_t *previous) = 0; ///< semaphore; mutex with (1, nullptr)
    virtual fm_status arm(int64_t due, uint32_t period_ms) = 0;        ///< timer; in the units of fm_timer_set()
    virtual fm_status disarm() = 0;                                    ///< timer
    /// One look, which takes what there is to take: FM_OK, FM_ABANDONED or FM_TIMED_OUT.
    virtual fm_status try_take() = 0;

    const void *words = nullptr; ///< for at_once.hpp; null where the system can do nothing at once
};

struct waitable_options {
    std::optional<object_name> name; ///< none: unnamed
    uint32_t kind = FM_KIND_UNKNOWN;
    uint32_t flags = 0;              ///< FM_CREATE_NEW, FM_INHERITABLE
    uint32_t permissions = 0;
    bool manual = false;
    bool signaled = false;           ///< event: begins set
    bool owned = false;              ///< mutex: begins owned by the calling thread
    uint32_t count = 0;              ///< semaphore
    uint32_t maximum = 0;            ///< semaphore
};

struct created_waitable {
    std::shared_ptr<waitable> object;
    bool existed = false;
};

result<created_waitable> create_waitable(const waitable_options &options);
/// `access`: FM_ACCESS_WAIT, FM_ACCESS_MODIFY, FM_ACCESS_ALL; not 0.
result<std::shared_ptr<waitable>> open_waitable(const object_name &name, uint32_t kind, uint32_t access);

/// A flag of this process that ends waits.
class cancel_source {
public:
    virtual ~cancel_source() = default;
    virtual void set() = 0;
    virtual void reset() = 0;
    virtual bool is_set() const = 0;
};
result<std::shared_ptr<cancel_source>> create_cancel_source();

/// 1 to FM_MAX_WAIT objects, which the caller keeps alive.
struct wait_request {
    waitable *const *objects;
    uint32_t count;
    bool all;              ///< else any
    cancel_source *cancel; ///< or null
};

/// One look at all of them, without blocking or looking at `cancel`. `index` is set with FM_OK and FM_ABANDONED.
fm_status try_wait(const wait_request &request, uint32_t &index);
/// Blocks; `timeout_ns` is above 0 or FM_FOREVER.
fm_status wait(const wait_request &request, int64_t timeout_ns, uint32_t &index);
/// `to_signal` is an event, mutex or semaphore; timeout_ns may be 0.
fm_status signal_and_wait(waitable &to_signal, waitable &to_wait, int64_t timeout_ns);

/// Opens what a token names, for at most `access`. `body.kind` says which class of object it is.
result<std::shared_ptr<object>> import_token(const token_body &body, uint32_t access);

void unmap(const view_memory &view);
fm_status flush(const view_memory &view, uint64_t offset, uint64_t size);
fm_status prefetch(const view_memory &view, uint64_t offset, uint64_t size);
/// Copies within this process; false where a page could not be accessed.
bool copy_guarded(void *to, const void *from, uint64_t size);

/// One object of a listing.
struct list_item {
    object_facts facts;
    scope where = scope::local;
    bool dead = false;
    uint32_t holders = FM_UNKNOWN_COUNT;
    uint32_t creator = 0;
    std::string name; ///< with its prefix
    std::string owner;
};

class listing {
public:
    virtual ~listing() = default;
    virtual result<bool> next(list_item &item) = 0; ///< false at the end
};

result<std::unique_ptr<listing>> open_listing(uint32_t flags); ///< at least one scope is set

struct sweep_report {
    uint32_t removed = 0;
    uint64_t bytes = 0;
    uint32_t remaining = 0;
};

result<sweep_report> sweep();

/// True where "Host\\X" is the same as "Local\\X"; elsewhere the prefix is reserved.
bool host_prefix_is_local();

uint64_t page_size();
uint64_t allocation_granularity();
uint64_t large_page_size();
int64_t process_id();

/// The system's own words for one of its error numbers, always ended with NUL.
void describe_error(int32_t os_error, char *buffer, std::size_t capacity);

/// True where fence_all_threads() works; asked once, before the first call of it.
bool can_fence_all_threads();
/// A full memory barrier on every thread of this process that is running.
void fence_all_threads();
/// Lets another thread run.
void yield();
/// Has the function called with the argument when the calling thread ends; every call gives the same function.
void at_thread_end(void (*function)(void *argument), void *argument);
/// Has the three functions called around each fork() of this process; does nothing where there is no fork.
void on_fork(void (*before)(), void (*in_parent)(), void (*in_child)());
/// Has the function called when the process ends by exit() or the library is unloaded, where the system does not
/// close everything by itself at once.
void on_exit(void (*close_all)());
/// A number that differs between processes.
uint64_t random_number();

} // namespace fm::platform
