// Mappings on Linux: an entry, and where the bytes are not in it, a file. Creating, opening, views.

#include "platform/linux/mapping.hpp"

#include "core/access.hpp"
#include "platform/linux/space.hpp"
#include "platform/linux/sweep.hpp"

#include <algorithm>

namespace fm::posix {

namespace {

uint32_t page_protection(uint32_t access) {
    uint32_t protection = sys::prot_none;
    if (access & FM_ACCESS_READ) protection |= sys::prot_read;
    if (access & (FM_ACCESS_WRITE | FM_ACCESS_COPY)) protection |= sys::prot_read | sys::prot_write;
    if (access & FM_ACCESS_EXECUTE) protection |= sys::prot_read | sys::prot_exec;
    return protection;
}

failure map_failure(int64_t answer, const platform::view_request &request) {
    if (answer == -sys::error_exist || (answer == -sys::error_nomem && request.address != nullptr))
        return fail(FM_E_ADDRESS_IN_USE, static_cast<int32_t>(-answer), "%llu bytes at %p are not free",
                    static_cast<unsigned long long>(request.size), request.address);
    if (answer == -sys::error_perm && (request.access & FM_ACCESS_EXECUTE))
        return fail(FM_E_ACCESS_DENIED, sys::error_perm, "the file system does not allow executable mappings (mounted noexec)");
    return system_failure(answer, "%llu bytes cannot be mapped", static_cast<unsigned long long>(request.size));
}

bool allows_execution(int32_t fd) {
    uintptr_t address = sys::map(nullptr, page, sys::prot_read | sys::prot_exec, sys::map_shared, fd, 0);
    if (sys::is_error(address)) return false;
    sys::unmap(reinterpret_cast<void *>(address), page);
    return true;
}

fm_status check_execution(linux_mapping &mapping, uint32_t protection) {
    if (!protection_executes(protection)) return FM_OK;
    auto fd = mapping.memory_descriptor();
    if (!fd) return fd.error();
    if (allows_execution(*fd)) return FM_OK;
    return fail(FM_E_NOT_SUPPORTED, sys::error_perm, "this file system does not allow executable mappings (mounted noexec); "
                "set FILEMAP_DIR to one that does, or create an unnamed mapping");
}

control_block control_of(const platform::mapping_options &options) {
    control_block control = new_control(FM_KIND_MAPPING, options.name);
    control.protection = options.protection;
    control.flags = options.flags & (FM_RESERVE | FM_LARGE_PAGES);
    return control;
}

void plan_memory(control_block &control, uint64_t size) {
    control.data_bytes = round_up(size, page);
    control.size = control.data_bytes;
}

fm_status check_kind(const held_entry &entry) {
    if (entry.control.kind == FM_KIND_MAPPING) return FM_OK;
    return fail(FM_E_WRONG_KIND, 0, "%.200s is an object of another kind", entry.name.c_str());
}

/// The file a joined mapping's bytes are in, if they are not in the entry.
fm_status attach_file(linux_mapping &mapping, uint32_t access) {
    if (!(mapping.entry().control.flags & FM_FILE)) return FM_OK;
    bool write = (access & (FM_ACCESS_WRITE | FM_ACCESS_ALL)) && protection_writes(mapping.entry().control.protection);
    auto file = find_file(mapping.entry(), write);
    if (!file) return file.error();
    mapping.attach(std::move(*file));
    return FM_OK;
}

fm_status check_writable(const held_entry &entry, uint32_t access) {
    bool writes = (access & (FM_ACCESS_WRITE | FM_ACCESS_ALL)) && protection_writes(entry.control.protection);
    if (!writes || entry.writable) return FM_OK;
    return fail(FM_E_ACCESS_DENIED, sys::error_access, "%.200s may be read by this user, not written", entry.name.c_str());
}

/// A live mapping that was joined: may it be used so?
fm_status accept(linux_mapping &mapping, uint32_t access) {
    if (fm_status status = check_writable(mapping.entry(), access); status < 0) return status;
    return attach_file(mapping, access);
}

/// What is created, and the file or large pages that it is made over.
struct creation {
    entry_plan plan;
    chosen_file file;
    descriptor large;

    descriptor take_data() { return std::move(file.fd ? file.fd : large); }
};

fm_status plan_creation(creation &made, const platform::mapping_options &options) {
    made.plan.control = control_of(options);
    if (options.permissions != 0) made.plan.mode = options.permissions | 0600; // who may not open it cannot end it
    if (options.name) made.plan.texts.name = std::string(options.name->rest);
    if (options.file || options.file_path) {
        auto file = choose_file(options);
        if (!file) return file.error();
        made.file = std::move(*file);
        made.plan.mode &= made.file.mode | 0600; // never wider than the file's own: see may_point_to()
        made.plan.control.flags &= ~FM_RESERVE; // a file has its space
        made.plan.prepare = [&made, wanted = options.size](control_block &control, entry_texts &texts) {
            return settle_file(made.file, wanted, control, texts);
        };
    } else if (options.flags & FM_LARGE_PAGES) {
        if (options.name) return fail(FM_E_NOT_SUPPORTED, 0, "Linux has large pages for unnamed mappings only: pass them on by a token");
        auto memory = large_memory(options.size);
        if (!memory) return memory.error();
        made.large = std::move(*memory);
        made.plan.control.size = options.size;
    } else {
        plan_memory(made.plan.control, options.size);
    }
    return FM_OK;
}

/// Fills the mapping's entry; `existed` says whether it is another's.
fm_status create_planned(creation &made, const platform::mapping_options &options, linux_mapping &mapping, bool &existed) {
    existed = false;
    if (options.name) {
        if (fm_status status = create_entry(*options.name, made.plan, mapping.entry(), existed); status < 0) return status;
    } else {
        auto entry = unnamed_entry(made.plan, protection_executes(options.protection));
        if (!entry) return entry.error();
        mapping.entry() = std::move(*entry);
    }
    mapping.settle();
    return FM_OK;
}

} // namespace

fm_status linux_mapping::make_inheritable() {
    int32_t answer = file_ ? sys::set_descriptor_flags(file_.get(), 0) : 0;
    if (answer < 0) return system_failure(answer, "the file's descriptor cannot be made inheritable");
    return right_.make_inheritable();
}

result<platform::token_body> linux_mapping::token() const {
    return right_.token(file_ ? file_.get() : -1);
}

result<std::shared_ptr<platform::object>> linux_mapping::reopen(bool inheritable) {
    auto body = token();
    return body ? reopen_right<linux_mapping>(*body, inheritable) : body.error();
}

result<platform::view_memory> linux_mapping::map(const platform::view_request &request) {
    auto fd = memory_descriptor();
    if (!fd) return fd.error();
    uint64_t unit = facts().flags & FM_LARGE_PAGES ? large_page_size() : page;
    uint64_t start = request.offset / unit * unit;
    uint64_t length = round_up(request.offset - start + request.size, unit);
    uint32_t flags = request.access & FM_ACCESS_COPY ? sys::map_private : sys::map_shared;
    if (request.address != nullptr) flags |= sys::map_fixed_noreplace;
    uintptr_t base = sys::map(request.address, static_cast<std::size_t>(length), page_protection(request.access), flags, *fd, start);
    if (sys::is_error(base)) return map_failure(static_cast<int64_t>(static_cast<intptr_t>(base)), request);
    if (request.address != nullptr && base != reinterpret_cast<uintptr_t>(request.address)) { // before Linux 4.17
        sys::unmap(reinterpret_cast<void *>(base), static_cast<std::size_t>(length));
        return map_failure(-sys::error_exist, request);
    }
    bool file = facts().flags & FM_FILE;
    bool shared_write = (request.access & FM_ACCESS_WRITE) && !(request.access & FM_ACCESS_COPY);
    auto *data = reinterpret_cast<std::byte *>(base + static_cast<uintptr_t>(request.offset - start));
    return platform::view_memory{reinterpret_cast<void *>(base), length, data, file || entry().cuttable || (facts().flags & FM_RESERVE), file && shared_write};
}

result<int32_t> linux_mapping::memory_descriptor() {
    if (file_) return file_.get();
    std::lock_guard guard(opening_);
    return data_descriptor(right_.entry);
}

fm_status linux_mapping::commit(uint64_t offset, uint64_t size) {
    uint64_t start = offset / page * page;
    return provide(entry().lock.get(), start, round_up(offset + size, page) - start, true);
}

} // namespace fm::posix

namespace fm::platform {

using namespace posix;

result<created_mapping> create_mapping(const mapping_options &options) {
    if (options.name) sweep_at_first_use();
    creation made;
    if (fm_status status = plan_creation(made, options); status < 0) return failure{status};
    bool existed = false;
    auto mapping = std::make_shared<linux_mapping>();
    if (fm_status status = create_planned(made, options, *mapping, existed); status < 0) return failure{status};
    if (existed) {
        if (fm_status status = check_kind(mapping->entry()); status < 0) return failure{status};
        if (options.flags & FM_CREATE_NEW) return fail(FM_E_EXISTS, sys::error_exist, "%.200s exists already", mapping->name()->c_str());
        if (fm_status status = accept(*mapping, rights_implied_by(options.protection)); status < 0) return failure{status};
    } else {
        if (descriptor data = made.take_data()) mapping->attach(std::move(data));
        if (fm_status status = check_execution(*mapping, options.protection); status < 0) return failure{status};
    }
    if (options.flags & FM_INHERITABLE)
        if (fm_status status = mapping->make_inheritable(); status < 0) return failure{status};
    return created_mapping{std::move(mapping), existed};
}

result<std::shared_ptr<mapping>> open_mapping(const object_name &name, uint32_t access) {
    sweep_at_first_use();
    auto opened = std::make_shared<linux_mapping>();
    if (fm_status status = open_entry(name, opened->entry()); status < 0) return failure{status};
    opened->settle();
    if (fm_status status = check_kind(opened->entry()); status < 0) return failure{status};
    if (fm_status status = accept(*opened, access); status < 0) return failure{status};
    return std::shared_ptr<mapping>(std::move(opened));
}

void unmap(const view_memory &view) {
    if (view.length != 0) sys::unmap(view.base, static_cast<std::size_t>(view.length));
}

namespace {

/// The whole pages around a range of a view.
struct pages {
    void *start;
    std::size_t length;
};

pages pages_around(const view_memory &view, uint64_t offset, uint64_t size) {
    auto first = reinterpret_cast<uintptr_t>(view.data) + static_cast<uintptr_t>(offset);
    uintptr_t start = first / page * page;
    return {reinterpret_cast<void *>(start), static_cast<std::size_t>(round_up(first + size, page) - start)};
}

} // namespace

fm_status flush(const view_memory &view, uint64_t offset, uint64_t size) {
    if (!view.file_shared) return FM_OK;
    auto [start, length] = pages_around(view, offset, size);
    if (int32_t answer = sys::sync(start, length, sys::sync_now); answer < 0) return system_failure(answer, "the pages cannot be written");
    return FM_OK;
}

fm_status prefetch(const view_memory &view, uint64_t offset, uint64_t size) {
    auto [start, length] = pages_around(view, offset, size);
    if (int32_t answer = sys::advise(start, length, sys::will_need); answer < 0) return system_failure(answer, "the pages cannot be fetched");
    return FM_OK;
}

bool copy_guarded(void *to, const void *from, uint64_t size) {
    auto *target = static_cast<std::byte *>(to);
    auto *source = static_cast<const std::byte *>(from);
    while (size != 0) {
        int64_t copied = sys::copy_within(target, source, static_cast<std::size_t>(size));
        if (copied == -sys::error_nosys || copied == -sys::error_perm) { // a sandbox without this call
            std::copy_n(source, size, target);
            return true;
        }
        if (copied <= 0) return false;
        target += copied;
        source += copied;
        size -= static_cast<uint64_t>(copied);
    }
    return true;
}

uint64_t page_size() { return page; }
uint64_t allocation_granularity() { return page; }
uint64_t large_page_size() { return posix::large_page_size(); }

} // namespace fm::platform
