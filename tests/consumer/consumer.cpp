// A C++ program that uses the installed library through filemap.hpp.
#include <filemap.hpp>

#include <array>
#include <cstdio>
#include <cstring>

int main() {
    try {
        const auto writer = fm::mapping::create("Local\\filemap-consumer-cpp", 65536);
        writer.map(fm::access::write, 0, 1024).write(0, "hello");
        const auto reader = fm::mapping::open("Local\\filemap-consumer-cpp", fm::access::read);
        std::array<char, 6> text{};
        reader.map(fm::access::read).read(0, text);
        if (std::strcmp(text.data(), "hello") != 0) return std::printf("failed: read \"%s\"\n", text.data()), 1;
        std::printf("C++: %s\n", text.data());
    } catch (const fm::error &why) {
        return std::printf("failed: %s\n", why.what()), 1;
    }
    try {
        (void)fm::mapping::open("Local\\filemap-consumer-cpp");
    } catch (const fm::error &why) {
        if (why.code() == std::errc::no_such_file_or_directory) return 0;
    }
    std::printf("failed: the name outlived its handles\n");
    return 1;
}
