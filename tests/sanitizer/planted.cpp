// One fault of each sort that the sanitizers are there to find, committed on request.

#include <cstring>
#include <limits>
#include <string_view>
#include <thread>

namespace {

int unguarded = 0;

int overflow(int past_the_end) {
    auto *bytes = new char[8];
    int read = bytes[past_the_end];
    delete[] bytes;
    return read;
}

void leak() {
    auto *lost = new char[64];
    std::memset(lost, 1, 64);
    asm volatile("" : : "r"(lost) : "memory");
}

int undefined(int one) { return std::numeric_limits<int>::max() + one; }

void race() {
    std::thread other([] { ++unguarded; });
    ++unguarded;
    other.join();
}

} // namespace

int main(int count, char **arguments) {
    std::string_view fault = count > 1 ? arguments[1] : "";
    if (fault == "overflow") return overflow(8 + count - 2);
    if (fault == "undefined") return undefined(count - 1) == 0;
    if (fault == "race") race();
    if (fault == "leak") leak();
    return 0;
}
