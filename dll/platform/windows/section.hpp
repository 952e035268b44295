// A mapping as Windows has it: a section object behind a HANDLE. Knows how to look at one and to map it; create.cpp
// and tokens.cpp know where one comes from.
#pragma once

#include "platform/platform.hpp"
#include "platform/windows/export_mark.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace fm::windows {

/// What the kernel tells of an open section: kind, size and flags; not its protection, nor its age. Nothing where the
/// handle is no section, or allows nothing; then GetLastError() says why.
std::optional<platform::object_facts> read_facts(HANDLE section);

class section final : public platform::mapping {
public:
    section(unique_handle handle, const platform::object_facts &facts) : handle_(std::move(handle)), facts_(facts) {}
    section(unique_handle handle, const platform::object_facts &facts, std::string name)
        : handle_(std::move(handle)), facts_(facts), name_(std::move(name)) {}

    const platform::object_facts &facts() const override { return facts_; }
    uint32_t holders() const override;
    result<std::string> name() const override;
    result<std::shared_ptr<platform::object>> reopen(bool inheritable) override;
    result<platform::token_body> token() const override;
    result<platform::view_memory> map(const platform::view_request &request) override;
    fm_status commit(uint64_t offset, uint64_t size) override;

    /// Makes the object ready for tokens. Done before the first token; for what children inherit, before they start.
    fm_status mark() const;

private:
    fm_status commit_piece(uint64_t offset, uint64_t size);

    unique_handle handle_;
    platform::object_facts facts_;
    std::optional<std::string> name_; ///< none: not known yet, ask the kernel
    mutable std::mutex marking_;
    mutable export_mark mark_; ///< behind handle_, because it has to be closed first
};

} // namespace fm::windows
