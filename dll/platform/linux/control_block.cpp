// Reading, checking and writing the control block.

#include "platform/linux/control_block.hpp"

#include "core/access.hpp"

#include <cstring>

namespace fm::posix {

namespace {

constexpr char magic[8] = "filemap";
constexpr uint64_t inline_text = page - text_offset;
constexpr uint32_t longest_path = 65536, longest_name = 3 * FM_MAX_NAME_UNITS;
constexpr uint64_t largest_entry = uint64_t(1) << 63;

uint64_t texts_start(const control_block &control) {
    return control.data_bytes + (control.text_bytes != 0 ? 0 : text_offset);
}

uint64_t texts_length(const control_block &control) {
    return uint64_t(control.name_bytes) + control.path_bytes;
}

bool sizes_agree(const control_block &control, uint64_t entry_size) {
    if (control.data_bytes % page != 0 || control.data_bytes >= largest_entry || control.text_bytes % page != 0) return false;
    if (control.name_bytes > longest_name || control.path_bytes > longest_path) return false;
    if (texts_length(control) > (control.text_bytes != 0 ? control.text_bytes : inline_text)) return false;
    if (control.data_bytes + control.text_bytes + page != entry_size) return false;
    bool large = control.flags & FM_LARGE_PAGES;
    if (large && control.where != 0) return false; // its memory is reached by descriptors alone
    bool elsewhere = large || (control.flags & FM_FILE);
    return control.kind != FM_KIND_MAPPING || elsewhere ? control.data_bytes == 0 : control.size == control.data_bytes;
}

bool fields_agree(const control_block &control) {
    if (control.kind < FM_KIND_MAPPING || control.kind > FM_KIND_CHANNEL) return false;
    if (control.flags & ~(FM_RESERVE | FM_LARGE_PAGES | FM_FILE)) return false;
    if (control.where != 0 && control.where != FM_LIST_LOCAL && control.where != FM_LIST_GLOBAL) return false;
    return control.kind != FM_KIND_MAPPING || (is_protection(control.protection) && control.size != 0);
}

fm_status write_all(int32_t fd, const char *data, std::size_t size, uint64_t offset) {
    while (size != 0) {
        int64_t written = sys::write_at(fd, data, size, offset);
        if (written == -sys::error_intr) continue;
        if (written <= 0) return system_failure(written < 0 ? written : -sys::error_io, "the entry cannot be written");
        data += written;
        size -= static_cast<std::size_t>(written);
        offset += static_cast<uint64_t>(written);
    }
    return FM_OK;
}

} // namespace

uint64_t entry_bytes(const control_block &control) {
    return control.data_bytes + control.text_bytes + page;
}

void plan_texts(control_block &control, const entry_texts &texts) {
    control.name_bytes = static_cast<uint32_t>(texts.name.size());
    control.path_bytes = static_cast<uint32_t>(texts.path.size());
    uint64_t length = texts_length(control);
    control.text_bytes = length <= inline_text ? 0 : static_cast<uint32_t>(round_up(length, page));
}

fm_status write_state(int32_t fd, const control_block &control, const void *state, std::size_t size) {
    return write_all(fd, static_cast<const char *>(state), size, control.data_bytes + control.text_bytes + state_offset);
}

fm_status write_control(int32_t fd, const control_block &control, const entry_texts &texts) {
    std::string text = texts.name + texts.path;
    if (fm_status status = write_all(fd, text.data(), text.size(), texts_start(control)); status < 0) return status;
    control_block block = control;
    std::memcpy(block.magic, magic, sizeof magic);
    block.layout = layout_version;
    uint64_t at = control.data_bytes + control.text_bytes;
    return write_all(fd, reinterpret_cast<const char *>(&block), sizeof block, at);
}

control_answer read_control(int32_t fd, const sys::file_status &status) {
    control_answer answer;
    if (status.size < page || status.size % page != 0) return {FM_E_CORRUPT, 0, {}};
    int64_t got = sys::read_at(fd, &answer.control, sizeof answer.control, status.size - page);
    if (got < 0) return {status_for(got), static_cast<int32_t>(-got), {}};
    const control_block &control = answer.control;
    if (got != sizeof control || std::memcmp(control.magic, magic, sizeof magic) != 0) return {FM_E_CORRUPT, 0, {}};
    if (control.layout != layout_version) return {FM_E_VERSION, 0, {}};
    if (!sizes_agree(control, status.size) || !fields_agree(control)) return {FM_E_CORRUPT, 0, {}};
    return answer;
}

result<entry_texts> read_texts(int32_t fd, const control_block &control) {
    std::string text(static_cast<std::size_t>(texts_length(control)), '\0');
    uint64_t at = texts_start(control);
    std::size_t done = 0;
    while (done != text.size()) {
        int64_t got = sys::read_at(fd, text.data() + done, text.size() - done, at + done);
        if (got == -sys::error_intr) continue;
        if (got <= 0) return system_failure(got < 0 ? got : -sys::error_io, "the entry's name cannot be read");
        done += static_cast<std::size_t>(got);
    }
    return entry_texts{text.substr(0, control.name_bytes), text.substr(control.name_bytes)};
}

platform::object_facts facts_of(const control_block &control) {
    return {control.kind, control.size, control.protection, control.flags, control.created};
}

} // namespace fm::posix
