// The child's side of puppet.hpp: reads commands, calls the library, answers.
#include "process/puppet.hpp"
#include "process/puppet_child.hpp"

#include <cstdlib>
#include <thread>

namespace fm::test {

namespace child_side {

uint32_t access_from(words &line) {
    const std::string word = next<std::string>(line);
    if (word == "all") return FM_ACCESS_ALL;
    if (word == "none") return 0;
    uint32_t access = 0;
    for (const char letter : word) {
        switch (letter) {
        case 'r':
            access |= FM_ACCESS_READ;
            break;
        case 'w':
            access |= FM_ACCESS_WRITE;
            break;
        case 'c':
            access |= FM_ACCESS_COPY;
            break;
        case 'x':
            access |= FM_ACCESS_EXECUTE;
            break;
        case 's':
            access |= FM_ACCESS_WAIT;
            break;
        case 'm':
            access |= FM_ACCESS_MODIFY;
            break;
        default:
            throw std::runtime_error("no access: " + word);
        }
    }
    return access;
}

std::string told(fm_status status, const std::string &news) {
    if (status < 0) return std::string(fm_status_name(status)) + "\t" + last_error();
    return fm_status_name(status) + ((status == FM_OK || status == FM_ABANDONED) && !news.empty() ? " " + news : "");
}

} // namespace child_side

namespace {

using namespace child_side;

std::string create(state &held, words &line, bool of_file) {
    fm_handle &mapping = held.handles[next<std::string>(line)];
    const std::string name = next<std::string>(line);
    const uint64_t size = number(line, 0);
    fm_create_options with = options();
    std::string path;
    if (of_file) {
        path = next<std::string>(line);
        with.file_path = path.c_str();
    }
    with.protection = static_cast<uint32_t>(number(line, 0));
    with.flags = static_cast<uint32_t>(number(line, 0));
    with.permissions = static_cast<uint32_t>(number(line, 0));
    return told(fm_create(name == "-" ? nullptr : name.c_str(), size, &with, &mapping));
}

std::string open(state &held, words &line) {
    fm_handle &mapping = held.handles[next<std::string>(line)];
    const std::string name = next<std::string>(line);
    return told(fm_open(name.c_str(), access_from(line), &mapping));
}

std::string map(state &held, words &line) {
    const std::string slot = next<std::string>(line);
    const uint32_t access = access_from(line);
    const uint64_t offset = number(line, 0), size = number(line, 0);
    return told(fm_map(held.handles[slot], access, offset, size, &held.views[slot]));
}

std::string write(state &held, words &line) {
    const fm_view view = held.views[next<std::string>(line)];
    const uint64_t offset = number(line, 0);
    const std::string text = next<std::string>(line);
    return told(fm_write(view, offset, text.data(), text.size()));
}

std::string read(state &held, words &line) {
    const fm_view view = held.views[next<std::string>(line)];
    const uint64_t offset = number(line, 0);
    std::string text(static_cast<std::size_t>(number(line, 0)), '\0');
    const fm_status status = fm_read(view, offset, text.data(), text.size());
    for (char &byte : text) byte = byte == '\0' ? '.' : byte; // zero bytes shall be seen
    return told(status, text);
}

std::string touch(state &held, words &line, bool write) {
    volatile char *byte = bytes_of(held.views[next<std::string>(line)]);
    if (write)
        *byte = 'x';
    else
        static_cast<void>(*byte);
    return "FM_OK";
}

std::string query(state &held, words &line, const std::string &what) {
    const fm_handle handle = held.handles[next<std::string>(line)];
    if (what == "name") return told(FM_OK, name_of(handle));
    fm_info info = {};
    info.struct_size = sizeof info;
    const fm_status status = fm_query(handle, &info);
    if (what == "size") return told(status, std::to_string(info.size));
    return told(status, info.holders == FM_UNKNOWN_COUNT ? "unknown" : std::to_string(info.holders));
}

/// How often a name is listed: among the living, or among the dead.
std::string list(words &line, bool dead) {
    const std::string wanted = next<std::string>(line);
    handle listing;
    fm_status status = fm_list_open(dead ? FM_LIST_LOCAL | FM_LIST_GLOBAL | FM_LIST_DEAD : 0u, listing.out());
    fm_list_info info = {};
    info.struct_size = sizeof info;
    unsigned found = 0;
    while (status >= 0 && (status = fm_list_next(listing, &info)) == FM_OK) {
        std::string name(1000, '\0');
        if (fm_list_name(listing, name.data(), name.size(), nullptr) != FM_OK) continue;
        found += wanted == name.c_str() && (info.dead != 0) == dead;
    }
    return status == FM_END ? told(FM_OK, std::to_string(found)) : told(status);
}

std::string duplicate(state &held, words &line) {
    const fm_handle handle = held.handles[next<std::string>(line)];
    fm_handle &copy = held.handles[next<std::string>(line)];
    return told(fm_duplicate(handle, access_from(line), 0, &copy));
}

std::string export_token(state &held, words &line) {
    const fm_handle handle = held.handles[next<std::string>(line)];
    fm_token token;
    fm_status status = fm_export_token(handle, static_cast<int64_t>(number(line, 0)), &token);
    char text[FM_TOKEN_TEXT_SIZE] = "";
    if (status == FM_OK) status = fm_token_to_text(&token, text, sizeof text);
    return told(status, text);
}

std::string import_token(state &held, words &line, bool from_variable) {
    fm_handle &handle = held.handles[next<std::string>(line)];
    std::string text = next<std::string>(line);
    if (from_variable) {
        const char *value = std::getenv(text.c_str());
        if (!value) throw std::runtime_error("no variable " + text);
        text = value;
    }
    fm_token token;
    fm_status status = fm_token_from_text(text.c_str(), &token);
    if (status == FM_OK) status = fm_import_token(&token, access_from(line), &handle);
    return told(status);
}

std::string sweep() {
    fm_sweep_info info = {};
    info.struct_size = sizeof info;
    const fm_status status = fm_sweep(&info);
    return told(status, std::to_string(info.removed) + " " + std::to_string(info.remaining));
}

std::string obey(state &held, const std::string &text);

/// In a thread that has ended when the answer is given.
std::string in_thread(state &held, words &line) {
    std::string rest, answer;
    std::getline(line >> std::ws, rest);
    std::thread([&] { answer = obey(held, rest); }).join();
    return answer;
}

std::string obey(state &held, const std::string &text) {
    words line(text);
    const std::string verb = next<std::string>(line);
    if (const std::optional<std::string> answer = obey_waitables(held, verb, line)) return *answer;
    if (verb == "thread") return in_thread(held, line);
    if (verb == "create" || verb == "create_file") return create(held, line, verb == "create_file");
    if (verb == "open") return open(held, line);
    if (verb == "close") return told(fm_close(held.handles[next<std::string>(line)]));
    if (verb == "unmap") return told(fm_unmap(held.views[next<std::string>(line)]));
    if (verb == "map") return map(held, line);
    if (verb == "write") return write(held, line);
    if (verb == "read") return read(held, line);
    if (verb == "touch" || verb == "poke") return touch(held, line, verb == "poke");
    if (verb == "holders" || verb == "size" || verb == "name") return query(held, line, verb);
    if (verb == "list" || verb == "list_dead") return list(line, verb == "list_dead");
    if (verb == "duplicate") return duplicate(held, line);
    if (verb == "export") return export_token(held, line);
    if (verb == "import" || verb == "import_variable") return import_token(held, line, verb == "import_variable");
    if (verb == "sweep") return sweep();
    throw std::runtime_error("no command: " + text);
}

int run(const arguments &) {
    die_quietly_on_fault();
    static state held;
    while (const std::optional<std::string> line = hear()) say(obey(held, *line));
    return 0;
}

const role registered("puppet", run);

} // namespace

} // namespace fm::test
