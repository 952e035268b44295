// What exists: the entries of the namespace, who holds them, and what their control blocks say.

#include "platform/linux/directory_reader.hpp"
#include "platform/linux/lifetime.hpp"

#include <cstdio>
#include <cstring>
#include <map>
#include <vector>

namespace fm::posix {

namespace {

/// How many shares each entry has, from the kernel's list of all locks.
class share_counts {
public:
    share_counts() {
        descriptor file(sys::openat(sys::at_cwd, "/proc/locks", sys::open_read_only));
        if (!file) return;
        std::string text;
        char part[16384];
        for (int64_t got; (got = sys::read(file.get(), part, sizeof part)) > 0;) text.append(part, static_cast<std::size_t>(got));
        for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
            count(text.substr(at, end - at).c_str());
        known_ = true;
    }

    uint32_t of(const sys::file_status &status) const {
        if (!known_) return FM_UNKNOWN_COUNT;
        auto found = counts_.find({status.device(), status.inode});
        return found != counts_.end() ? found->second : 0;
    }

private:
    /// "12: OFDLCK ADVISORY  READ -1 00:1b:345 4611686018427387904 4611686018427387904"
    void count(const char *line) {
        unsigned major = 0, minor = 0;
        unsigned long long inode = 0, start = 0;
        if (std::sscanf(line, "%*[^:]: OFDLCK ADVISORY READ %*d %x:%x:%llu %llu", &major, &minor, &inode, &start) != 4) return;
        if (start == alive_byte) ++counts_[{uint64_t(major) << 32 | minor, inode}];
    }

    std::map<std::pair<uint64_t, uint64_t>, uint32_t> counts_;
    bool known_ = false;
};

class linux_listing final : public platform::listing {
public:
    linux_listing(std::vector<directory_reader> readers, bool dead_too) : readers_(std::move(readers)), dead_too_(dead_too) {}

    result<bool> next(platform::list_item &item) override {
        while (at_ < readers_.size()) {
            auto file = readers_[at_].next();
            if (!file) return file.error();
            if (!*file) {
                ++at_;
                continue;
            }
            auto shown = describe(readers_[at_].where(), **file, item);
            if (!shown || *shown) return shown;
        }
        return false;
    }

private:
    /// False where it has gone meanwhile, is dead, or cannot be opened to ask.
    result<bool> describe(scope where, const std::string &file, platform::list_item &item) {
        auto directory = directory_of(where, false);
        if (!directory) return directory.error();
        descriptor fd(sys::openat(*directory, file.c_str(), sys::open_nofollow | sys::open_nonblock | sys::open_read_only));
        sys::file_status status;
        if (!fd || sys::status_of(fd.get(), status) < 0 || status.links == 0 || !status.is(sys::mode_regular)) return false;
        auto who = presence_of(fd.get());
        if (!who) return who.error();
        item = {};
        item.where = where;
        item.dead = *who == presence::nobody;
        if (item.dead && !dead_too_) return false;
        item.holders = item.dead ? 0 : shares_.of(status);
        item.owner = std::to_string(status.owner);
        read_facts(fd.get(), status, file, item);
        return true;
    }

    static void read_facts(int32_t fd, const sys::file_status &status, const std::string &file, platform::list_item &item) {
        control_answer read = read_control(fd, status);
        auto name = name_of_file(item.where, file);
        if (read.status == FM_OK) {
            item.facts = facts_of(read.control);
            item.creator = read.control.creator;
            if (!name)
                if (auto texts = read_texts(fd, read.control)) name = texts->name;
        }
        std::string shown = name.value_or(file);
        if (!utf16_length(shown)) // nothing that the library made
            for (char &c : shown) c = static_cast<unsigned char>(c) < 0x80 ? c : '?';
        item.name = full_name(item.where, shown);
    }

    std::vector<directory_reader> readers_;
    std::size_t at_ = 0;
    bool dead_too_;
    share_counts shares_;
};

} // namespace

} // namespace fm::posix

namespace fm::platform {

result<std::unique_ptr<listing>> open_listing(uint32_t flags) {
    std::vector<posix::directory_reader> readers;
    for (scope where : {scope::local, scope::global}) {
        if (!(flags & static_cast<uint32_t>(where))) continue;
        auto reader = posix::directory_reader::open(where);
        if (reader)
            readers.push_back(std::move(*reader));
        else if (where != scope::local || reader.error().status != FM_E_NOT_FOUND)
            return reader.error();
    }
    return std::unique_ptr<listing>(new posix::linux_listing(std::move(readers), flags & FM_LIST_DEAD));
}

} // namespace fm::platform
