// The C++20 face of filemap.h: owning types, spans and exceptions. All of it is inline and calls only what the C
// header offers, so it adds nothing to the library's ABI; it must know no operating system. docs/cpp.md introduces it.
//
//     auto mapping = fm::mapping::open_or_create("Local\\SampleMap", 65536);
//     auto view = mapping.map(fm::access::write, 0, 1024);
//     view.write(0, "hello");                       // or view.bytes(), view.as<int>() ...
//
// Rules that hold for everything here:
//   - A failure is an fm::error; its code() is one of fm::errc, its what() is fm_last_error_message().
//   - The types own what they hold, are movable and not copyable, and are empty after a move.
//   - Times are those of std::chrono. A wait that runs out of time is a result, not an error.
//   - What is const here is the handle, not the memory behind it, as with std::span and pointers.
//   - Thread safety is that of the C calls; the objects themselves are like any other (no assignment while in use).
#ifndef FILEMAP_HPP
#define FILEMAP_HPP

#include "filemap.h"

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <version>

#ifdef __cpp_lib_jthread
#  include <stop_token>
#endif

namespace fm {

// ---- Flags and kinds -----------------------------------------------------------------------------------------

/// What a handle or a view may do. A set: combine with |. [since 1.0]
enum class access : std::uint32_t {
    none = 0,
    read = FM_ACCESS_READ,
    write = FM_ACCESS_WRITE,     ///< for a view this includes reading
    execute = FM_ACCESS_EXECUTE, ///< for a view this includes reading
    copy = FM_ACCESS_COPY,       ///< copy-on-write
    wait = FM_ACCESS_WAIT,       ///< wait for the object
    modify = FM_ACCESS_MODIFY,   ///< set, reset, release
    all = FM_ACCESS_ALL,         ///< handle: all that the object allows; view: read and write
};

/// What may be done with the pages of a mapping. One of these, not a set. [since 1.0]
enum class protection : std::uint32_t {
    unknown = 0, ///< in info: the system cannot tell; in create_options: read_write
    read = FM_PROTECT_READ,
    read_write = FM_PROTECT_READ_WRITE,
    write_copy = FM_PROTECT_WRITE_COPY,
    execute_read = FM_PROTECT_EXECUTE_READ,
    execute_read_write = FM_PROTECT_EXECUTE_READ_WRITE,
    execute_write_copy = FM_PROTECT_EXECUTE_WRITE_COPY,
};

/// How an object is made, and what info tells of it. A set; for other kinds than mappings create_new and inheritable.
/// [since 1.0]
enum class flags : std::uint32_t {
    none = 0,
    create_new = FM_CREATE_NEW, ///< create() sets it
    reserve = FM_RESERVE,       ///< no memory yet: mapping::commit() provides it
    large_pages = FM_LARGE_PAGES,
    inheritable = FM_INHERITABLE,
    file = FM_FILE,             ///< info: a real file is mapped
};

/// Which objects a listing shows. A set; without a scope both are listed. [since 1.0]
enum class list_flags : std::uint32_t {
    none = 0,
    local = FM_LIST_LOCAL,
    global = FM_LIST_GLOBAL,
    dead = FM_LIST_DEAD, ///< also what a crash left and nobody holds (Linux)
};

/// Kinds of object; all share one namespace. [since 1.0]
enum class kind : std::uint32_t {
    unknown = FM_KIND_UNKNOWN,
    mapping = FM_KIND_MAPPING,
    event = FM_KIND_EVENT,
    mutex = FM_KIND_MUTEX,
    semaphore = FM_KIND_SEMAPHORE,
    timer = FM_KIND_TIMER,
    job = FM_KIND_JOB,
    channel = FM_KIND_CHANNEL,
    list = FM_KIND_LIST,
    cancel = FM_KIND_CANCEL,
};

/// The enumerations whose values may be combined.
template <class E>
concept flag_set = std::same_as<E, access> || std::same_as<E, flags> || std::same_as<E, list_flags>;

template <flag_set E>
[[nodiscard]] constexpr std::uint32_t bits(E set) noexcept {
    return static_cast<std::uint32_t>(set);
}
template <flag_set E>
[[nodiscard]] constexpr E operator|(E left, E right) noexcept {
    return static_cast<E>(bits(left) | bits(right));
}
template <flag_set E>
[[nodiscard]] constexpr E operator&(E left, E right) noexcept {
    return static_cast<E>(bits(left) & bits(right));
}
template <flag_set E>
[[nodiscard]] constexpr E operator~(E set) noexcept {
    return static_cast<E>(~bits(set));
}
template <flag_set E>
constexpr E &operator|=(E &left, E right) noexcept {
    return left = left | right;
}
template <flag_set E>
constexpr E &operator&=(E &left, E right) noexcept {
    return left = left & right;
}
/// True where all bits of `wanted` are in `set`.
template <flag_set E>
[[nodiscard]] constexpr bool has(E set, E wanted) noexcept {
    return (set & wanted) == wanted;
}

// ---- Errors --------------------------------------------------------------------------------------------------

/// Why a call failed: the negative fm_status values. Compares with std::error_code. [since 1.0]
enum class errc : std::int32_t {
    invalid_argument = FM_E_INVALID_ARGUMENT,
    invalid_handle = FM_E_INVALID_HANDLE,
    invalid_name = FM_E_INVALID_NAME,
    not_found = FM_E_NOT_FOUND,
    exists = FM_E_EXISTS,
    wrong_kind = FM_E_WRONG_KIND,
    access_denied = FM_E_ACCESS_DENIED,
    out_of_range = FM_E_OUT_OF_RANGE,
    not_aligned = FM_E_NOT_ALIGNED,
    address_in_use = FM_E_ADDRESS_IN_USE,
    no_memory = FM_E_NO_MEMORY,
    no_space = FM_E_NO_SPACE,
    file_invalid = FM_E_FILE_INVALID,
    not_owner = FM_E_NOT_OWNER,
    too_many = FM_E_TOO_MANY,
    cancelled = FM_E_CANCELLED,
    peer_gone = FM_E_PEER_GONE,
    not_supported = FM_E_NOT_SUPPORTED,
    version = FM_E_VERSION,
    corrupt = FM_E_CORRUPT,
    system = FM_E_SYSTEM,
    no_handles = FM_E_NO_HANDLES,
    busy = FM_E_BUSY,
    in_page = FM_E_IN_PAGE,
    buffer_too_small = FM_E_BUFFER_TOO_SMALL,
};

} // namespace fm

template <>
struct std::is_error_code_enum<fm::errc> : std::true_type {};

namespace fm {

namespace detail {

class category_type final : public std::error_category {
public:
    const char *name() const noexcept override { return "filemap"; }
    std::string message(int status) const override { return fm_status_message(status); }
    std::error_condition default_error_condition(int status) const noexcept override {
        switch (static_cast<errc>(status)) {
        case errc::invalid_argument:
        case errc::invalid_name:
        case errc::not_aligned: return std::errc::invalid_argument;
        case errc::invalid_handle: return std::errc::bad_file_descriptor;
        case errc::not_found: return std::errc::no_such_file_or_directory;
        case errc::exists: return std::errc::file_exists;
        case errc::access_denied: return std::errc::permission_denied;
        case errc::no_memory: return std::errc::not_enough_memory;
        case errc::no_space: return std::errc::no_space_on_device;
        case errc::not_owner: return std::errc::operation_not_permitted;
        case errc::too_many: return std::errc::value_too_large;
        case errc::cancelled: return std::errc::operation_canceled;
        case errc::peer_gone: return std::errc::broken_pipe;
        case errc::not_supported: return std::errc::not_supported;
        case errc::no_handles: return std::errc::too_many_files_open;
        case errc::busy: return std::errc::device_or_resource_busy;
        case errc::in_page: return std::errc::io_error;
        default: return {status, *this};
        }
    }
};

} // namespace detail

/// The category "filemap": values are fm_status numbers. [since 1.0]
[[nodiscard]] inline const std::error_category &category() noexcept {
    static const detail::category_type instance;
    return instance;
}

/// Lets fm::errc be compared with and turned into std::error_code. [since 1.0]
[[nodiscard]] inline std::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), category()};
}

/// What every function here throws when a call fails. what() is one sentence on what was tried and what the system
/// said. It compares with fm::errc, and with std::errc where one means the same. [since 1.0]
class error : public std::system_error {
public:
    error(errc code, const std::string &sentence, std::int32_t os_error = 0)
        : std::system_error(make_error_code(code)), sentence_(sentence), os_error_(os_error) {}

    /// The last failure in this thread, with the status that a call gave.
    [[nodiscard]] static error last(fm_status status) {
        const std::int32_t os_error = fm_last_os_error();
        std::string sentence(static_cast<std::size_t>(fm_last_error_message(nullptr, 0)), '\0');
        fm_last_error_message(sentence.data(), sentence.size());
        return error(static_cast<errc>(status), sentence.c_str(), os_error);
    }

    [[nodiscard]] const char *what() const noexcept override { return sentence_.what(); }
    [[nodiscard]] errc reason() const noexcept { return static_cast<errc>(code().value()); }
    /// errno on Linux, GetLastError() on Windows; 0 where the library itself found the fault.
    [[nodiscard]] std::int32_t os_error() const noexcept { return os_error_; }
    /// The Win32 number with this meaning, on every system.
    [[nodiscard]] std::int32_t win32() const noexcept { return fm_status_win32(code().value()); }

private:
    std::runtime_error sentence_; // copies without allocating, as copying an exception must
    std::int32_t os_error_;
};

/// Throws fm::error for a failure, and gives back success and news. For calls of the C API. [since 1.0]
inline fm_status check(fm_status status) {
    if (status < 0) throw error::last(status);
    return status;
}

namespace detail {

/// A C string; a NUL inside would silently name another object.
inline std::string terminated(std::string_view text, errc reason) {
    if (text.find('\0') != std::string_view::npos) throw error(reason, "filemap.hpp: the text contains a NUL");
    return std::string(text);
}

/// Calls one of the functions that copy a text out, with room for it.
template <class Query>
std::string text_from(Query query) {
    std::string text(128, '\0');
    std::uint64_t needed = 0;
    fm_status status = query(text.data(), text.size(), &needed);
    while (status == FM_E_BUFFER_TOO_SMALL) {
        text.resize(static_cast<std::size_t>(needed));
        status = query(text.data(), text.size(), &needed);
    }
    check(status);
    return text.c_str();
}

inline std::optional<std::uint32_t> known_count(std::uint32_t count) noexcept {
    return count == FM_UNKNOWN_COUNT ? std::nullopt : std::optional(count);
}

inline std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> known_time(std::int64_t ns) noexcept {
    if (ns == 0) return std::nullopt;
    return std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(ns));
}

} // namespace detail

// ---- Any object ----------------------------------------------------------------------------------------------

using timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// What handle::query() tells. [since 1.0]
struct info {
    fm::kind kind = fm::kind::unknown;
    std::uint64_t size = 0; ///< mapping: its bytes
    fm::access access = fm::access::none;
    fm::protection protection = fm::protection::unknown;
    fm::flags flags = fm::flags::none;
    std::optional<std::uint32_t> holders; ///< open handles everywhere, where the system can tell
    std::optional<timestamp> created;     ///< where the system can tell
    bool ready = false;                   ///< a wait would succeed now; mutex: also where the caller owns it
    std::uint32_t count = 0;              ///< semaphore: its units; mutex: acquisitions that its owner has to release
    std::uint32_t maximum = 0;            ///< semaphore: units there may be
    bool manual_reset = false;            ///< event, timer
    std::optional<std::uint32_t> owner;   ///< mutex: id of the owning process; none: free, or the system cannot tell
    std::chrono::milliseconds period{0};  ///< timer: 0: once, or the system cannot tell
    std::optional<std::chrono::nanoseconds> due; ///< timer: time left, 0: due; none: not set, or the system cannot tell
};

/// Names an open object for another process of this user. A value; it holds nothing open. [since 1.0]
class token {
public:
    explicit token(const fm_token &value) noexcept : value_(value) {}

    /// Reads the text form. @throws error invalid_argument
    [[nodiscard]] static token from_string(std::string_view text) {
        fm_token value;
        check(fm_token_from_text(detail::terminated(text, errc::invalid_argument).c_str(), &value));
        return token(value);
    }

    /// Letters, digits and '-', for an environment variable or a command line. @throws error invalid_argument
    [[nodiscard]] std::string to_string() const {
        std::array<char, FM_TOKEN_TEXT_SIZE> text{};
        check(fm_token_to_text(&value_, text.data(), text.size()));
        return text.data();
    }

    [[nodiscard]] const fm_token &native() const noexcept { return value_; }
    [[nodiscard]] friend bool operator==(const token &left, const token &right) noexcept {
        return std::memcmp(&left.value_, &right.value_, sizeof left.value_) == 0;
    }

private:
    fm_token value_;
};

/// How handle::duplicate() makes the second handle. [since 1.0]
struct duplicate_options {
    std::optional<fm::access> access = std::nullopt; ///< none given: the same rights
    bool inheritable = false;                        ///< child processes inherit the new handle
};

/// One right to one object of any kind; closes it in the end. The base of mapping, event, mutex and the others.
/// [since 1.0]
class handle {
public:
    handle() noexcept = default;
    /// Takes over a handle of the C API.
    explicit handle(fm_handle owned) noexcept : native_(owned) {}
    handle(handle &&other) noexcept : native_(other.release()) {}
    handle &operator=(handle &&other) noexcept {
        if (this != &other) reset(other.release());
        return *this;
    }
    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;
    ~handle() { reset(); }

    /// Opens what a token names; `rights` none means those of the exported handle.
    /// @throws error invalid_argument, not_found, access_denied, no_memory, no_handles, system
    [[nodiscard]] static handle import_token(const token &from, access rights = access::none) {
        fm_handle imported = nullptr;
        check(fm_import_token(&from.native(), bits(rights), &imported));
        return handle(imported);
    }

    [[nodiscard]] explicit operator bool() const noexcept { return native_ != nullptr; }
    /// Still owned by this object.
    [[nodiscard]] fm_handle native_handle() const noexcept { return native_; }
    /// Gives up ownership: the caller closes it with fm_close().
    [[nodiscard]] fm_handle release() noexcept { return std::exchange(native_, nullptr); }

    /// Closes the handle now; an empty one stays empty. @throws error invalid_handle: somebody else closed it
    void close() {
        if (native_ != nullptr) check(fm_close(release()));
    }

    /// @throws error invalid_handle
    [[nodiscard]] info query() const {
        fm_info native{};
        native.struct_size = sizeof native;
        check(fm_query(native_, &native));
        return {static_cast<kind>(native.kind),
                native.size,
                static_cast<access>(native.access),
                static_cast<protection>(native.protection),
                static_cast<flags>(native.flags),
                detail::known_count(native.holders),
                detail::known_time(native.created),
                native.ready != 0,
                native.count,
                native.maximum,
                native.manual != 0,
                native.owner == 0 ? std::nullopt : std::optional(native.owner),
                std::chrono::milliseconds(native.period_ms),
                native.due == FM_FOREVER ? std::nullopt : std::optional(std::chrono::nanoseconds(native.due))};
    }

    /// The name with its prefix; "" for an unnamed object. @throws error invalid_handle
    [[nodiscard]] std::string name() const {
        return detail::text_from([this](char *buffer, std::uint64_t capacity, std::uint64_t *needed) {
            return fm_query_name(native_, buffer, capacity, needed);
        });
    }

    /// A token for one process, or for any of this user. @throws error invalid_argument, invalid_handle, system
    [[nodiscard]] token export_token(std::int64_t target_process = 0) const {
        fm_token value;
        check(fm_export_token(native_, target_process, &value));
        return token(value);
    }

    /// Another handle to the same object. @throws error invalid_handle, access_denied, no_memory, no_handles
    [[nodiscard]] handle duplicate(const duplicate_options &options = {}) const {
        std::uint32_t how = options.access ? 0 : FM_DUPLICATE_SAME_ACCESS;
        if (options.inheritable) how |= FM_DUPLICATE_INHERITABLE;
        fm_handle copy = nullptr;
        check(fm_duplicate(native_, bits(options.access.value_or(access::none)), how, &copy));
        return handle(copy);
    }

    friend void swap(handle &left, handle &right) noexcept { std::swap(left.native_, right.native_); }

private:
    // A destructor cannot report that somebody else closed the handle; close() does.
    void reset(fm_handle owned = nullptr) noexcept {
        if (const fm_handle old = std::exchange(native_, owned); old != nullptr) fm_close(old);
    }

    fm_handle native_ = nullptr;
};

// ---- Views ---------------------------------------------------------------------------------------------------

/// Types whose bytes mean the same in another process: trivially copyable, and neither pointers nor views.
template <class T>
concept plain = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> && !std::ranges::view<T>;

/// Contiguous sequences of plain elements: std::vector, std::span, std::string, arrays.
template <class R>
concept plain_range = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                      plain<std::ranges::range_value_t<R>>;

/// A range of a mapping in this process's memory; unmaps it in the end. Outlives its mapping. [since 1.0]
class view {
public:
    static constexpr std::size_t to_end = static_cast<std::size_t>(-1);

    view() noexcept = default;
    /// Takes over a view of the C API.
    explicit view(fm_view owned) noexcept
        : native_(owned), data_(static_cast<std::byte *>(fm_view_data(owned))),
          size_(static_cast<std::size_t>(fm_view_size(owned))) {}
    view(view &&other) noexcept { swap(*this, other); }
    view &operator=(view &&other) noexcept {
        view(std::move(other)).swap_with(*this);
        return *this;
    }
    view(const view &) = delete;
    view &operator=(const view &) = delete;
    // A destructor cannot report that somebody else ended the view; unmap() does.
    ~view() {
        if (native_ != nullptr) fm_unmap(native_);
    }

    [[nodiscard]] explicit operator bool() const noexcept { return native_ != nullptr; }
    /// Still owned by this object.
    [[nodiscard]] fm_view native_handle() const noexcept { return native_; }
    /// Gives up ownership: the caller ends it with fm_unmap().
    [[nodiscard]] fm_view release() noexcept {
        data_ = nullptr;
        size_ = 0;
        return std::exchange(native_, nullptr);
    }
    /// Ends the view now; an empty one stays empty. @throws error invalid_handle: somebody else ended it
    void unmap() {
        if (native_ != nullptr) check(fm_unmap(release()));
    }

    [[nodiscard]] std::byte *data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// The memory itself. Writing to a view that may only be read is an access violation.
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return {data_, size_}; }

    /// The memory as elements of T: `count` of them from byte `offset` on, or all that fit. as<const T>() for reading.
    /// @throws error out_of_range, or not_aligned where T cannot stand at that address
    template <class T>
        requires plain<std::remove_const_t<T>>
    [[nodiscard]] std::span<T> as(std::size_t offset = 0, std::size_t count = to_end) const {
        if (offset > size_) throw error(errc::out_of_range, "fm::view::as: the offset leaves the view");
        const std::size_t room = (size_ - offset) / sizeof(T);
        if (count == to_end) count = room;
        if (count > room) throw error(errc::out_of_range, "fm::view::as: the elements leave the view");
        std::byte *const first = data_ + offset;
        if (std::bit_cast<std::uintptr_t>(first) % alignof(T) != 0)
            throw error(errc::not_aligned, "fm::view::as: the address is not aligned for the type");
        return {reinterpret_cast<T *>(first), count};
    }

    /// Copies an object out, at any offset. @throws error invalid_handle, access_denied, out_of_range, in_page
    template <plain T>
    [[nodiscard]] T read(std::uint64_t offset = 0) const {
        std::array<std::byte, sizeof(T)> bytes;
        check(fm_read(native_, offset, bytes.data(), sizeof(T)));
        return std::bit_cast<T>(bytes);
    }

    /// Fills a sequence. @throws error as read()
    template <plain_range R>
        requires(!std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<R>>>)
    void read(std::uint64_t offset, R &&values) const {
        check(fm_read(native_, offset, std::ranges::data(values), size_of(values)));
    }

    /// Copies an object or an array in, at any offset.
    /// @throws error invalid_handle, access_denied, out_of_range, in_page
    template <plain T>
    void write(std::uint64_t offset, const T &value) const {
        check(fm_write(native_, offset, &value, sizeof(T)));
    }

    /// Copies the elements of a sequence in. @throws error as for an object
    template <plain_range R>
        requires(!plain<R>)
    void write(std::uint64_t offset, const R &values) const {
        check(fm_write(native_, offset, std::ranges::data(values), size_of(values)));
    }

    /// Writes changed pages to the mapped file; size 0 = to the end. @throws error invalid_handle, out_of_range, system
    void flush(std::uint64_t offset = 0, std::uint64_t size = 0) const { check(fm_flush(native_, offset, size)); }
    /// Asks for a range to be in memory soon. @throws error invalid_handle, out_of_range, system
    void prefetch(std::uint64_t offset = 0, std::uint64_t size = 0) const { check(fm_prefetch(native_, offset, size)); }

    friend void swap(view &left, view &right) noexcept { left.swap_with(right); }

private:
    void swap_with(view &other) noexcept {
        std::swap(native_, other.native_);
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
    }

    template <plain_range R>
    static std::uint64_t size_of(const R &values) noexcept {
        return std::uint64_t{std::ranges::size(values)} * sizeof(std::ranges::range_value_t<R>);
    }

    fm_view native_ = nullptr;
    std::byte *data_ = nullptr;
    std::size_t size_ = 0;
};

// ---- Mappings ------------------------------------------------------------------------------------------------

/// How a mapping is created: mapping::create(name, size, {.protection = fm::protection::read}). At most one of
/// `file` and `file_path`. [since 1.0]
struct create_options {
    fm::protection protection = fm::protection::read_write;
    fm::flags flags = fm::flags::none;      ///< reserve, large_pages, inheritable
    std::uint32_t permissions = 0;          ///< 0 = this user alone; else nine bits, as in 0660
    std::optional<std::int64_t> file = {};  ///< open descriptor or HANDLE of the file to map [borrowed]
    std::filesystem::path file_path = {};   ///< an existing file to map
};

/// A named or unnamed file mapping. Its name ends with its last handle anywhere. [since 1.0]
class mapping : public handle {
public:
    mapping() noexcept = default;
    /// Takes over a handle of the C API, which must be one to a mapping.
    explicit mapping(fm_handle owned) noexcept : handle(owned) {}

    /// Creates a mapping that must be new. An empty name makes an unnamed one; size 0 takes the file's.
    /// @throws error exists, and what fm_create() gives
    [[nodiscard]] static mapping create(std::string_view name, std::uint64_t size, create_options options = {}) {
        if (!name.empty()) options.flags |= flags::create_new;
        return open_or_create(name, size, options);
    }

    /// Creates a mapping, or opens the one of this name, which keeps its own size: existed() tells.
    /// @throws error what fm_create() gives
    [[nodiscard]] static mapping open_or_create(std::string_view name, std::uint64_t size,
                                                const create_options &options = {}) {
        const std::string text = detail::terminated(name, errc::invalid_name);
        const std::u8string path = options.file_path.u8string();
        const std::string file_path =
            detail::terminated({reinterpret_cast<const char *>(path.data()), path.size()}, errc::invalid_argument);

        fm_create_options native{};
        native.struct_size = sizeof native;
        native.protection = static_cast<std::uint32_t>(options.protection);
        native.flags = bits(options.file ? options.flags | flags::file : options.flags);
        native.permissions = options.permissions;
        native.file = options.file.value_or(0);
        native.file_path = file_path.empty() ? nullptr : file_path.c_str();

        fm_handle made = nullptr;
        const fm_status status = check(fm_create(text.c_str(), size, &native, &made));
        return mapping(made, status == FM_EXISTED);
    }

    /// Creates memory without a name: share it by token or inheritance. @throws error what fm_create() gives
    [[nodiscard]] static mapping create_unnamed(std::uint64_t size, const create_options &options = {}) {
        return open_or_create({}, size, options);
    }

    /// An unnamed mapping of an existing file; size 0 takes the file's. @throws error what fm_create() gives
    [[nodiscard]] static mapping from_file(const std::filesystem::path &path, std::uint64_t size = 0,
                                           create_options options = {}) {
        options.file_path = path;
        return open_or_create({}, size, options);
    }

    /// The same of an open descriptor (Linux) or HANDLE (Windows), which stays the caller's.
    /// @throws error what fm_create() gives
    [[nodiscard]] static mapping from_descriptor(std::int64_t file, std::uint64_t size = 0,
                                                 create_options options = {}) {
        options.file = file;
        return open_or_create({}, size, options);
    }

    /// Opens the existing mapping of this name. @throws error not_found, and what fm_open() gives
    [[nodiscard]] static mapping open(std::string_view name, access rights = access::all) {
        fm_handle opened = nullptr;
        check(fm_open(detail::terminated(name, errc::invalid_name).c_str(), bits(rights), &opened));
        return mapping(opened);
    }

    /// Opens the mapping that a token names. @throws error wrong_kind: not a mapping; and as handle::import_token()
    [[nodiscard]] static mapping import_token(const token &from, access rights = access::none) {
        handle imported = handle::import_token(from, rights);
        if (imported.query().kind != kind::mapping)
            throw error(errc::wrong_kind, "fm::mapping::import_token: the token names an object of another kind");
        return mapping(imported.release());
    }

    /// False only where the call that made this handle also created the object.
    [[nodiscard]] bool existed() const noexcept { return existed_; }
    /// The mapping's bytes. @throws error invalid_handle
    [[nodiscard]] std::uint64_t size() const { return query().size; }

    /// Maps a range; size 0 = to the end. Any offset goes.
    /// @throws error invalid_handle, access_denied, out_of_range, no_memory, no_handles, system
    [[nodiscard]] view map(access rights, std::uint64_t offset = 0, std::uint64_t size = 0) const {
        return map_at(nullptr, rights, offset, size);
    }

    /// Maps a range at an address; it and the offset are multiples of allocation_granularity().
    /// @throws error not_aligned, address_in_use, and as map()
    [[nodiscard]] view map_at(void *address, access rights, std::uint64_t offset = 0, std::uint64_t size = 0) const {
        fm_view mapped = nullptr;
        check(fm_map_at(native_handle(), bits(rights), offset, size, address, &mapped));
        return view(mapped);
    }

    /// Provides memory for a range of a mapping made with flags::reserve; size 0 = to the end.
    /// @throws error invalid_handle, access_denied, out_of_range, no_space, no_memory, system
    void commit(std::uint64_t offset = 0, std::uint64_t size = 0) const {
        check(fm_commit(native_handle(), offset, size));
    }

    /// Another handle to the same mapping. @throws error as handle::duplicate()
    [[nodiscard]] mapping duplicate(const duplicate_options &options = {}) const {
        return mapping(handle::duplicate(options).release());
    }

private:
    mapping(fm_handle owned, bool existed) noexcept : handle(owned), existed_(existed) {}

    bool existed_ = true;
};

// ---- Waiting -------------------------------------------------------------------------------------------------

namespace detail {

/// Nanoseconds, rounded up; what does not fit in 64 bits, some 292 years, becomes the nearest that does.
template <class Rep, class Period>
[[nodiscard]] constexpr std::int64_t nanoseconds_of(const std::chrono::duration<Rep, Period> &wanted) {
    using std::chrono::nanoseconds;
    constexpr double most = 9.2e9; // seconds: a little less than fits, as a double is not exact
    const double rough = std::chrono::duration<double>(wanted).count();
    if (!(rough > -most)) return std::numeric_limits<std::int64_t>::min(); // so is what is no number
    if (rough > most) return std::numeric_limits<std::int64_t>::max();
    // Whole seconds first: a period such as 1/3 s would overflow in one step.
    const auto whole = std::chrono::duration_cast<std::chrono::duration<std::int64_t>>(wanted);
    return nanoseconds(whole).count() + std::chrono::ceil<nanoseconds>(wanted - whole).count();
}

} // namespace detail

/// When a wait gives up: never (the default), after a duration, or at a time_point of any clock. Both convert to it, so
/// that a wait takes `100ms` or `steady_clock::now() + 100ms`; more than 292 years are never, and the past is at once.
/// A clock that is set back makes a wait for its time_point longer; one that is set forward is looked at when the time
/// that was left has passed. fm::timer follows a changed clock both ways. [since 1.0]
class deadline {
public:
    constexpr deadline() noexcept = default;

    template <class Rep, class Period>
    constexpr deadline(const std::chrono::duration<Rep, Period> &after) // NOLINT(google-explicit-constructor)
        : moment_(detail::nanoseconds_of(after)) {}

    template <class Clock, class Duration>
    constexpr deadline(const std::chrono::time_point<Clock, Duration> &at) // NOLINT(google-explicit-constructor)
        : moment_(detail::nanoseconds_of(at.time_since_epoch())),
          now_([] { return detail::nanoseconds_of(Clock::now().time_since_epoch()); }) {}

    /// The time left, as the C API takes it: nanoseconds, 0 or FM_FOREVER.
    [[nodiscard]] std::int64_t left() const {
        constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
        if (moment_ == never) return FM_FOREVER;
        const std::int64_t now = now_ == nullptr ? 0 : now_();
        if (moment_ <= now) return 0;
        const std::uint64_t ns = static_cast<std::uint64_t>(moment_) - static_cast<std::uint64_t>(now);
        return ns > static_cast<std::uint64_t>(never) ? FM_FOREVER : static_cast<std::int64_t>(ns);
    }

    /// True for a time_point: time may be left after a wait, because its clock was set back.
    [[nodiscard]] constexpr bool has_clock() const noexcept { return now_ != nullptr; }

private:
    std::int64_t moment_ = std::numeric_limits<std::int64_t>::max(); // of the clock; for a duration, from now on
    std::int64_t (*now_)() = nullptr;
};

/// How a wait ended. [since 1.0]
enum class outcome : std::int32_t {
    taken = FM_OK,               ///< the object was ready, and what there was to take is taken
    timed_out = FM_TIMED_OUT,    ///< nothing was taken
    abandoned = FM_ABANDONED,    ///< a mutex is acquired whose last owner ended without releasing it
    cancelled = FM_E_CANCELLED,  ///< nothing was taken
};

/// What a wait gives. True where something was taken: fm::outcome::taken and abandoned. [since 1.0]
struct wait_result {
    fm::outcome outcome = fm::outcome::timed_out;
    /// wait_any(): which object was taken. wait_all(): the first abandoned mutex, where the system tells. Else 0.
    std::size_t index = 0;

    [[nodiscard]] explicit operator bool() const noexcept {
        return outcome == fm::outcome::taken || outcome == fm::outcome::abandoned;
    }
    [[nodiscard]] bool timed_out() const noexcept { return outcome == fm::outcome::timed_out; }
    [[nodiscard]] bool abandoned() const noexcept { return outcome == fm::outcome::abandoned; }
    [[nodiscard]] bool cancelled() const noexcept { return outcome == fm::outcome::cancelled; }
    friend bool operator==(const wait_result &, const wait_result &) = default;
};

/// A flag of this process that ends the waits it is given to. It stays set until reset(), so it does not matter whether
/// it is set before or during the wait. [since 1.0]
class cancel : public handle {
public:
    cancel() noexcept = default;
    /// Takes over a handle of the C API, which must be one to a cancel object.
    explicit cancel(fm_handle owned) noexcept : handle(owned) {}

    /// A new one, not set. @throws error no_memory, no_handles
    [[nodiscard]] static cancel create() {
        fm_handle made = nullptr;
        check(fm_cancel_create(&made));
        return cancel(made);
    }

    /// Ends the waits that were given it, those to come included. @throws error invalid_handle
    void set() const { check(fm_cancel_set(native_handle())); }
    /// Makes it usable again. @throws error invalid_handle
    void reset() const { check(fm_cancel_reset(native_handle())); }
};

#ifdef __cpp_lib_jthread
/// A cancel object that a std::stop_token sets when a stop is requested. For several waits with one token; a single
/// wait takes the token itself. [since 1.0]
class cancel_on_stop : public cancel {
public:
    /// @throws error no_memory, no_handles
    explicit cancel_on_stop(std::stop_token stop)
        : cancel(cancel::create()), callback_(std::move(stop), setter{native_handle()}) {}

private:
    struct setter {
        fm_handle target;
        void operator()() const noexcept { fm_cancel_set(target); }
    };
    std::stop_callback<setter> callback_; // ends before the handle is closed
};
#endif

namespace detail {

inline wait_result result_of(fm_status status, std::uint32_t index = 0) {
    if (status != FM_E_CANCELLED) check(status);
    return {static_cast<outcome>(status), index};
}

/// Waits, and waits again where the clock of a time_point says that there is time left.
template <class Wait>
fm_status wait_until(const deadline &until, Wait wait) {
    fm_status status = wait(until.left());
    while (status == FM_TIMED_OUT && until.has_clock()) {
        const std::int64_t left = until.left();
        if (left == 0) break;
        status = wait(left);
    }
    return status;
}

inline wait_result wait_one(fm_handle object, const deadline &until) {
    return result_of(wait_until(until, [=](std::int64_t left) { return fm_wait(object, left); }));
}

inline wait_result wait_many(std::span<const fm_handle> objects, std::uint32_t flags, const deadline &until,
                             fm_handle cancel) {
    std::uint32_t index = 0;
    const fm_status status = wait_until(until, [&](std::int64_t left) {
        return fm_wait_many(objects.data(), static_cast<std::uint32_t>(objects.size()), flags, left, cancel, &index);
    });
    return result_of(status, index);
}

#ifdef __cpp_lib_jthread
inline wait_result wait_many(std::span<const fm_handle> objects, std::uint32_t flags, const deadline &until,
                             std::stop_token stop) {
    if (!stop.stop_possible()) return wait_many(objects, flags, until, fm_handle());
    const cancel_on_stop by(std::move(stop));
    return wait_many(objects, flags, until, by.native_handle());
}
#endif

/// For the C API an empty cancel object would be none, and the wait one that nothing ends.
inline wait_result wait_many(std::span<const fm_handle> objects, std::uint32_t flags, const deadline &until,
                             const cancel &by) {
    if (!by) throw error(errc::invalid_handle, "filemap.hpp: the cancel object is empty");
    return wait_many(objects, flags, until, by.native_handle());
}

inline fm_handle native_of(const handle &object) noexcept { return object.native_handle(); }
inline fm_handle native_of(fm_handle object) noexcept { return object; }

} // namespace detail

/// The objects of one wait, 1 to 64, which must live as long: {event, mutex}, or a range of handles of any kind. It is
/// made from either without being named. [since 1.0]
class wait_list {
public:
    wait_list(std::initializer_list<std::reference_wrapper<const handle>> objects) {
        for (const handle &object : objects) add(object.native_handle());
    }

    template <std::ranges::input_range R>
        requires(!std::same_as<std::remove_cvref_t<R>, wait_list>) &&
                requires(std::ranges::range_reference_t<R> object) { detail::native_of(object); }
    wait_list(R &&objects) { // NOLINT(google-explicit-constructor, bugprone-forwarding-reference-overload)
        for (auto &&object : objects) add(detail::native_of(object));
    }

    [[nodiscard]] std::span<const fm_handle> native_handles() const noexcept { return {handles_.data(), count_}; }

private:
    void add(fm_handle object) {
        if (count_ == handles_.size())
            throw error(errc::invalid_argument, "fm::wait_list: more than 64 objects cannot be waited for at once");
        handles_[count_++] = object;
    }

    std::array<fm_handle, FM_MAX_WAIT> handles_; // filled as far as count_ says
    std::size_t count_ = 0;
};

/// Waits until any of the objects is ready, and takes that one alone: of those that are ready, the first.
/// @throws error what fm_wait_many() gives, cancelled apart  [since 1.0]
[[nodiscard]] inline wait_result wait_any(const wait_list &objects, const deadline &until = {}) {
    return detail::wait_many(objects.native_handles(), 0, until, fm_handle());
}
/// The same, ended by a cancel object. [since 1.0]
[[nodiscard]] inline wait_result wait_any(const wait_list &objects, const cancel &by, const deadline &until = {}) {
    return detail::wait_many(objects.native_handles(), 0, until, by);
}

/// Waits until all objects are ready at the same time, and takes them together; no object twice.
/// @throws error what fm_wait_many() gives, cancelled apart  [since 1.0]
[[nodiscard]] inline wait_result wait_all(const wait_list &objects, const deadline &until = {}) {
    return detail::wait_many(objects.native_handles(), FM_WAIT_ALL, until, fm_handle());
}
/// The same, ended by a cancel object. [since 1.0]
[[nodiscard]] inline wait_result wait_all(const wait_list &objects, const cancel &by, const deadline &until = {}) {
    return detail::wait_many(objects.native_handles(), FM_WAIT_ALL, until, by);
}

#ifdef __cpp_lib_jthread
/// The same, ended by a request to stop. @throws error also no_memory, no_handles  [since 1.0]
[[nodiscard]] inline wait_result wait_any(const wait_list &objects, std::stop_token stop, const deadline &until = {}) {
    return detail::wait_many(objects.native_handles(), 0, until, std::move(stop));
}
/// The same, ended by a request to stop. @throws error also no_memory, no_handles  [since 1.0]
[[nodiscard]] inline wait_result wait_all(const wait_list &objects, std::stop_token stop, const deadline &until = {}) {
    return detail::wait_many(objects.native_handles(), FM_WAIT_ALL, until, std::move(stop));
}
#endif

/// Signals one object (sets an event, releases a mutex or one unit) and waits for another. It signals once, however
/// long it waits. @throws error not_owner, too_many, and what fm_signal_and_wait() gives  [since 1.0]
[[nodiscard]] inline wait_result signal_and_wait(const handle &to_signal, const handle &to_wait,
                                                 const deadline &until = {}) {
    bool signalled = false;
    return detail::result_of(detail::wait_until(until, [&](std::int64_t left) {
        if (std::exchange(signalled, true)) return fm_wait(to_wait.native_handle(), left);
        return fm_signal_and_wait(to_signal.native_handle(), to_wait.native_handle(), left);
    }));
}

// ---- Events, mutexes, semaphores, timers ---------------------------------------------------------------------

/// How an event is created: event::create(name, {.manual_reset = true}). [since 1.0]
struct event_options {
    bool manual_reset = false;          ///< stays set, and lets everybody through, until reset()
    bool signaled = false;              ///< begins set
    fm::flags flags = fm::flags::none;  ///< inheritable
    std::uint32_t permissions = 0;      ///< as in create_options
};

/// How a mutex is created. [since 1.0]
struct mutex_options {
    bool owned = false;                 ///< a new one begins owned by this thread: std::unique_lock(m, std::adopt_lock)
    fm::flags flags = fm::flags::none;  ///< inheritable
    std::uint32_t permissions = 0;      ///< as in create_options
};

/// How a semaphore is created: semaphore::create(name, {.initial = 0, .maximum = 8}). [since 1.0]
struct semaphore_options {
    std::uint32_t initial = 0;          ///< units at first; 0 to maximum
    std::uint32_t maximum = 0x7fffffff; ///< units there may be; 1 to 0x7fffffff
    fm::flags flags = fm::flags::none;  ///< inheritable
    std::uint32_t permissions = 0;      ///< as in create_options
};

/// How a timer is created. [since 1.0]
struct timer_options {
    bool manual_reset = false;          ///< stays ready from its due moment until it is set again
    fm::flags flags = fm::flags::none;  ///< inheritable
    std::uint32_t permissions = 0;      ///< as in create_options
};

namespace detail {

/// For each kind its options and its functions of the C API.
struct event_traits {
    using options = event_options;
    static constexpr fm::kind kind = fm::kind::event;
    static fm_status create(const char *name, const options &wanted, const fm_object_options &common, fm_handle *made) {
        const std::uint32_t how = (wanted.manual_reset ? FM_EVENT_MANUAL_RESET : 0u) |
                                  (wanted.signaled ? FM_EVENT_SIGNALED : 0u);
        return fm_event_create(name, how, &common, made);
    }
    static fm_status open(const char *name, std::uint32_t rights, fm_handle *opened) {
        return fm_event_open(name, rights, opened);
    }
};

struct mutex_traits {
    using options = mutex_options;
    static constexpr fm::kind kind = fm::kind::mutex;
    static fm_status create(const char *name, const options &wanted, const fm_object_options &common, fm_handle *made) {
        return fm_mutex_create(name, wanted.owned ? FM_MUTEX_OWNED : 0u, &common, made);
    }
    static fm_status open(const char *name, std::uint32_t rights, fm_handle *opened) {
        return fm_mutex_open(name, rights, opened);
    }
};

struct semaphore_traits {
    using options = semaphore_options;
    static constexpr fm::kind kind = fm::kind::semaphore;
    static fm_status create(const char *name, const options &wanted, const fm_object_options &common, fm_handle *made) {
        return fm_semaphore_create(name, wanted.initial, wanted.maximum, &common, made);
    }
    static fm_status open(const char *name, std::uint32_t rights, fm_handle *opened) {
        return fm_semaphore_open(name, rights, opened);
    }
};

struct timer_traits {
    using options = timer_options;
    static constexpr fm::kind kind = fm::kind::timer;
    static fm_status create(const char *name, const options &wanted, const fm_object_options &common, fm_handle *made) {
        return fm_timer_create(name, wanted.manual_reset ? FM_TIMER_MANUAL_RESET : 0u, &common, made);
    }
    static fm_status open(const char *name, std::uint32_t rights, fm_handle *opened) {
        return fm_timer_open(name, rights, opened);
    }
};

} // namespace detail

/// What event, mutex, semaphore and timer have in common: how they are made. Object is the class itself. [since 1.0]
template <class Object, class Traits>
class waitable : public handle {
public:
    using options = typename Traits::options;

    /// Creates an object that must be new. An empty name makes an unnamed one.
    /// @throws error exists, and what fm_event_create() gives
    [[nodiscard]] static Object create(std::string_view name, options wanted = {}) {
        if (!name.empty()) wanted.flags |= flags::create_new;
        return open_or_create(name, wanted);
    }

    /// Creates an object, or opens the one of this name, which stays as it is: existed() tells.
    /// @throws error what fm_event_create() gives
    [[nodiscard]] static Object open_or_create(std::string_view name, const options &wanted = {}) {
        const std::string text = detail::terminated(name, errc::invalid_name);
        const fm_object_options common{sizeof common, bits(wanted.flags), wanted.permissions, 0};
        fm_handle made = nullptr;
        const fm_status status = check(Traits::create(text.c_str(), wanted, common, &made));
        Object object(made);
        object.existed_ = status == FM_EXISTED;
        return object;
    }

    /// Creates an object without a name: share it by token or inheritance. @throws error what fm_event_create() gives
    [[nodiscard]] static Object create_unnamed(const options &wanted = {}) { return open_or_create({}, wanted); }

    /// Opens the existing object of this name. @throws error not_found, and what fm_event_open() gives
    [[nodiscard]] static Object open(std::string_view name, access rights = access::all) {
        fm_handle opened = nullptr;
        check(Traits::open(detail::terminated(name, errc::invalid_name).c_str(), bits(rights), &opened));
        return Object(opened);
    }

    /// Opens the object that a token names. @throws error wrong_kind: of another kind; and as handle::import_token()
    [[nodiscard]] static Object import_token(const token &from, access rights = access::none) {
        handle imported = handle::import_token(from, rights);
        if (imported.query().kind != Traits::kind)
            throw error(errc::wrong_kind, "filemap.hpp: import_token: the token names an object of another kind");
        return Object(imported.release());
    }

    /// False only where the call that made this handle also created the object.
    [[nodiscard]] bool existed() const noexcept { return existed_; }

    /// Another handle to the same object. @throws error as handle::duplicate()
    [[nodiscard]] Object duplicate(const duplicate_options &how = {}) const {
        return Object(handle::duplicate(how).release());
    }

protected:
    waitable() noexcept = default;
    explicit waitable(fm_handle owned) noexcept : handle(owned) {}

    wait_result take(const deadline &until) const { return detail::wait_one(native_handle(), until); }
    wait_result take(const cancel &by, const deadline &until) const { return wait_any({*this}, by, until); }
#ifdef __cpp_lib_jthread
    wait_result take(std::stop_token stop, const deadline &until) const {
        return wait_any({*this}, std::move(stop), until);
    }
#endif

private:
    bool existed_ = true;
};

/// What event and timer have in common: how one waits for them. [since 1.0]
template <class Object, class Traits>
class signal_object : public waitable<Object, Traits> {
public:
    /// Waits until it is ready; with automatic reset lets the caller alone through. @throws error what fm_wait() gives
    void wait() const { (void)this->take({}); }
    /// Looks once: true where it was ready. @throws error what fm_wait() gives
    [[nodiscard]] bool try_wait() const { return bool(this->take(std::chrono::nanoseconds(0))); }
    /// Waits for at most so long: true where it was ready in time. @throws error what fm_wait() gives
    template <class Rep, class Period>
    [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period> &limit) const {
        return bool(this->take(limit));
    }
    /// Waits until that moment at the latest: true where it was ready in time. @throws error what fm_wait() gives
    template <class Clock, class Duration>
    [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration> &limit) const {
        return bool(this->take(limit));
    }

    /// Waits until it is ready, time runs out, or `by` is set. @throws error what fm_wait_many() gives, cancelled apart
    [[nodiscard]] wait_result wait(const cancel &by, const deadline &until = {}) const { return this->take(by, until); }
#ifdef __cpp_lib_jthread
    /// Waits until it is ready, time runs out, or a stop is requested. @throws error also no_memory, no_handles
    [[nodiscard]] wait_result wait(std::stop_token stop, const deadline &until = {}) const {
        return this->take(std::move(stop), until);
    }
#endif

protected:
    using waitable<Object, Traits>::waitable;
};

/// Is set or not. With automatic reset (the default) setting it lets one waiter through, which resets it; with manual
/// reset it lets everybody through until it is reset. [since 1.0]
class event : public signal_object<event, detail::event_traits> {
public:
    event() noexcept = default;
    /// Takes over a handle of the C API, which must be one to an event.
    explicit event(fm_handle owned) noexcept : signal_object(owned) {}

    /// @throws error invalid_handle, access_denied, no_handles, corrupt
    void set() const { check(fm_event_set(native_handle())); }
    /// @throws error as set()
    void reset() const { check(fm_event_reset(native_handle())); }
    /// Lets through who is waiting just now, and cannot be relied on: who is between two waits misses it.
    /// @throws error as set()
    void pulse() const { check(fm_event_pulse(native_handle())); }
};

/// Belongs to the thread that acquired it, as often as it did so. A TimedLockable for std::scoped_lock,
/// std::unique_lock and std::lock.
///
/// Where an owner ended without releasing it, the next one acquires it all the same, and what the mutex guards may be
/// half changed. Only that one is told: acquire() says so in its result, abandoned() after lock() and its like.
/// [since 1.0]
class mutex : public waitable<mutex, detail::mutex_traits> {
public:
    mutex() noexcept = default;
    /// Takes over a handle of the C API, which must be one to a mutex.
    explicit mutex(fm_handle owned) noexcept : waitable(owned) {}

    /// Acquires it, and tells how. @throws error what fm_wait() gives
    [[nodiscard]] wait_result acquire(const deadline &until = {}) { return noted(take(until)); }
    /// The same, ended by a cancel object. @throws error what fm_wait_many() gives, cancelled apart
    [[nodiscard]] wait_result acquire(const cancel &by, const deadline &until = {}) { return noted(take(by, until)); }
#ifdef __cpp_lib_jthread
    /// The same, ended by a request to stop. @throws error also no_memory, no_handles
    [[nodiscard]] wait_result acquire(std::stop_token stop, const deadline &until = {}) {
        return noted(take(std::move(stop), until));
    }
#endif

    /// Acquires it; then ask abandoned(). @throws error what fm_wait() gives
    void lock() { (void)acquire(); }
    /// Acquires it where it is free or owned by this thread. @throws error what fm_wait() gives
    [[nodiscard]] bool try_lock() { return bool(acquire(std::chrono::nanoseconds(0))); }
    /// Acquires it within so long. @throws error what fm_wait() gives
    template <class Rep, class Period>
    [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period> &limit) {
        return bool(acquire(limit));
    }
    /// Acquires it until that moment. @throws error what fm_wait() gives
    template <class Clock, class Duration>
    [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration> &limit) {
        return bool(acquire(limit));
    }
    /// Gives one acquisition back. @throws error not_owner: this thread does not own it; invalid_handle
    void unlock() { check(fm_mutex_release(native_handle())); }

    /// True from an acquisition by this object that found the mutex abandoned until clear_abandoned(), also when it was
    /// released and acquired again meanwhile, as std::lock() does. Only the owner may ask. Of what wait_any(),
    /// wait_all() and signal_and_wait() acquired, their result tells.
    [[nodiscard]] bool abandoned() const noexcept { return abandoned_; }
    /// The owner says that what the mutex guards is sound again.
    void clear_abandoned() noexcept { abandoned_ = false; }

private:
    // The mutex itself guards the flag: only its owner comes to write here.
    wait_result noted(const wait_result &result) {
        if (result.abandoned()) abandoned_ = true;
        return result;
    }

    bool abandoned_ = false;
};

/// Counts units, as std::counting_semaphore does, with a maximum. Units that a process had taken when it was killed are
/// lost. [since 1.0]
class semaphore : public waitable<semaphore, detail::semaphore_traits> {
public:
    semaphore() noexcept = default;
    /// Takes over a handle of the C API, which must be one to a semaphore.
    explicit semaphore(fm_handle owned) noexcept : waitable(owned) {}

    /// Takes a unit when there is one. @throws error what fm_wait() gives
    void acquire() const { (void)take({}); }
    /// Takes a unit if there is one. @throws error what fm_wait() gives
    [[nodiscard]] bool try_acquire() const { return bool(take(std::chrono::nanoseconds(0))); }
    /// Takes a unit within so long. @throws error what fm_wait() gives
    template <class Rep, class Period>
    [[nodiscard]] bool try_acquire_for(const std::chrono::duration<Rep, Period> &limit) const {
        return bool(take(limit));
    }
    /// Takes a unit until that moment. @throws error what fm_wait() gives
    template <class Clock, class Duration>
    [[nodiscard]] bool try_acquire_until(const std::chrono::time_point<Clock, Duration> &limit) const {
        return bool(take(limit));
    }

    /// Takes a unit unless time runs out or `by` is set. @throws error what fm_wait_many() gives, cancelled apart
    [[nodiscard]] wait_result acquire(const cancel &by, const deadline &until = {}) const { return take(by, until); }
#ifdef __cpp_lib_jthread
    /// Takes a unit unless time runs out or a stop is requested. @throws error also no_memory, no_handles
    [[nodiscard]] wait_result acquire(std::stop_token stop, const deadline &until = {}) const {
        return take(std::move(stop), until);
    }
#endif

    /// Adds units, and gives the count before; release_handle() is what release() is elsewhere.
    /// @throws error too_many: above the maximum, nothing was added; invalid_argument: 0; invalid_handle, access_denied
    std::uint32_t release(std::uint32_t units = 1) const { // NOLINT(bugprone-derived-method-shadowing-base-method)
        std::uint32_t before = 0;
        check(fm_semaphore_release(native_handle(), units, &before));
        return before;
    }
    /// Gives up ownership of the handle: the caller closes it with fm_close().
    [[nodiscard]] fm_handle release_handle() noexcept { return handle::release(); }
};

/// Is ready at a time to come, once or again and again. With automatic reset (the default) each due moment lets one
/// waiter through. [since 1.0]
class timer : public signal_object<timer, detail::timer_traits> {
public:
    timer() noexcept = default;
    /// Takes over a handle of the C API, which must be one to a timer.
    explicit timer(fm_handle owned) noexcept : signal_object(owned) {}

    /// Due after a duration, suspended time not counted, rounded up to 100 ns; then after each period, rounded up to
    /// milliseconds; 0 = once. Stops what was set before. @throws error invalid_argument: a period that is negative or
    /// above 0x7fffffff ms; invalid_handle, access_denied
    template <class Rep, class Period, class PeriodRep = std::int64_t, class PeriodUnit = std::milli>
    void set(const std::chrono::duration<Rep, Period> &after,
             const std::chrono::duration<PeriodRep, PeriodUnit> &period = {}) const {
        const std::int64_t ns = detail::nanoseconds_of(after);
        arm(ns <= 0 ? 0 : -hundreds(ns), detail::nanoseconds_of(period));
    }

    /// Due at a time of the system's clock, and follows that clock when it is changed; one before 1601 is due at once.
    /// @throws error as with a duration
    template <class Duration, class PeriodRep = std::int64_t, class PeriodUnit = std::milli>
    void set(const std::chrono::sys_time<Duration> &at,
             const std::chrono::duration<PeriodRep, PeriodUnit> &period = {}) const {
        constexpr std::int64_t from_1601_to_1970 = 116'444'736'000'000'000; // in 100 ns
        const std::int64_t due = hundreds(detail::nanoseconds_of(at.time_since_epoch())) + from_1601_to_1970;
        arm(due < 0 ? 0 : due, detail::nanoseconds_of(period));
    }

    /// Stops it; whether it is ready stays as it is. @throws error invalid_handle, access_denied
    void cancel() const { check(fm_timer_cancel(native_handle())); }

private:
    static constexpr std::int64_t hundreds(std::int64_t ns) noexcept { return ns / 100 + (ns % 100 > 0 ? 1 : 0); }

    void arm(std::int64_t due, std::int64_t period_ns) const {
        const std::int64_t period_ms = period_ns / 1'000'000 + (period_ns % 1'000'000 > 0 ? 1 : 0);
        const bool fits = period_ns >= 0 && period_ms <= 0x7fffffff;
        check(fm_timer_set(native_handle(), due, fits ? static_cast<std::uint32_t>(period_ms) : 0xffffffffu));
    }
};

// ---- What exists ---------------------------------------------------------------------------------------------

/// One object of a listing. [since 1.0]
struct listed_object {
    std::string name;  ///< with its prefix
    std::string owner; ///< user id on Linux, SID on Windows, "" where the system cannot tell
    fm::kind kind = fm::kind::unknown;
    std::uint64_t size = 0;                         ///< mapping: its bytes
    list_flags namespace_of = list_flags::none;     ///< local or global
    bool dead = false;                              ///< a crash left it and nobody holds it
    std::optional<std::uint32_t> holders = {};      ///< open handles everywhere, where the system can tell
    std::optional<std::uint32_t> creator = {};      ///< id of the creating process, where the system can tell
    std::optional<timestamp> created = {};          ///< where the system can tell
};

/// The objects that exist, as a single-pass range: for (const auto &object : fm::object_list()) ... [since 1.0]
class object_list {
public:
    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = listed_object;
        using difference_type = std::ptrdiff_t;

        iterator() noexcept = default;
        [[nodiscard]] const listed_object &operator*() const noexcept { return list_->current_; }
        [[nodiscard]] const listed_object *operator->() const noexcept { return &list_->current_; }
        /// @throws error invalid_handle, system
        iterator &operator++() {
            list_->advance();
            return *this;
        }
        void operator++(int) { list_->advance(); }
        [[nodiscard]] bool operator==(std::default_sentinel_t) const noexcept { return list_->at_end_; }

    private:
        friend object_list;
        explicit iterator(object_list *list) noexcept : list_(list) {}
        object_list *list_ = nullptr;
    };

    /// @throws error access_denied, no_memory, system
    explicit object_list(list_flags which = list_flags::none) {
        fm_handle opened = nullptr;
        check(fm_list_open(bits(which), &opened));
        list_ = handle(opened);
    }

    /// Goes to the first object; to be called once. @throws error system
    [[nodiscard]] iterator begin() {
        advance();
        return iterator(this);
    }
    [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

private:
    void advance() {
        fm_list_info native{};
        native.struct_size = sizeof native;
        at_end_ = check(fm_list_next(list_.native_handle(), &native)) == FM_END;
        if (at_end_) return;
        current_.name = text(fm_list_name);
        current_.owner = text(fm_list_owner);
        current_.kind = static_cast<kind>(native.kind);
        current_.size = native.size;
        current_.namespace_of = static_cast<list_flags>(native.scope);
        current_.dead = native.dead != 0;
        current_.holders = detail::known_count(native.holders);
        current_.creator = native.creator == 0 ? std::nullopt : std::optional(native.creator);
        current_.created = detail::known_time(native.created);
    }

    template <class Function>
    std::string text(Function function) const {
        return detail::text_from([&](char *buffer, std::uint64_t capacity, std::uint64_t *needed) {
            return function(list_.native_handle(), buffer, capacity, needed);
        });
    }

    handle list_;
    listed_object current_;
    bool at_end_ = false;
};

/// What sweep() did. [since 1.0]
struct sweep_info {
    std::uint32_t removed = 0;   ///< objects removed that a crash had left
    std::uint64_t bytes = 0;     ///< bytes of memory and disk given back
    std::uint32_t remaining = 0; ///< dead objects that this user may not remove
};

/// Removes what crashes left; never needed for correctness. @throws error access_denied, system  [since 1.0]
inline sweep_info sweep() {
    fm_sweep_info native{};
    native.struct_size = sizeof native;
    check(fm_sweep(&native));
    return {native.removed, native.bytes, native.remaining};
}

// ---- Information ---------------------------------------------------------------------------------------------

/// Of the library that is loaded: major * 10000 + minor * 100 + patch. [since 1.0]
[[nodiscard]] inline std::uint32_t version() noexcept { return fm_version(); }
/// The same as "major.minor.patch". [since 1.0]
[[nodiscard]] inline std::string_view version_string() noexcept { return fm_version_string(); }
/// Mappings of memory are whole pages long. [since 1.0]
[[nodiscard]] inline std::uint64_t page_size() noexcept { return fm_page_size(); }
/// What offset and address of mapping::map_at() must be multiples of. [since 1.0]
[[nodiscard]] inline std::uint64_t allocation_granularity() noexcept { return fm_allocation_granularity(); }
/// For flags::large_pages; 0 where the system has none. [since 1.0]
[[nodiscard]] inline std::uint64_t large_page_size() noexcept { return fm_large_page_size(); }

} // namespace fm

#endif
