// A mapping as Windows has it: a section object behind a HANDLE. Knows how to look at one and to map it; create.cpp
// and tokens.cpp know where one comes from.
#pragma once

#include "platform/windows/kernel_object.hpp"

namespace fm::windows {

/// What the kernel tells of an open section: kind, size and flags; not its protection, nor its age. Nothing where the
/// handle is no section, or allows nothing; then GetLastError() says why.
std::optional<platform::object_facts> read_facts(HANDLE section);

class section final : public kernel_object<section, platform::mapping> {
public:
    using kernel_object::kernel_object;

    result<platform::view_memory> map(const platform::view_request &request) override;
    fm_status commit(uint64_t offset, uint64_t size) override;

private:
    fm_status commit_piece(uint64_t offset, uint64_t size);
};

} // namespace fm::windows
