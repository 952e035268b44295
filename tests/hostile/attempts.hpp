// Calling the library where it has to refuse: each attempt also checks what holds for every refusal (a message of its
// own, outputs left alone). And what every test of this program ends with: no descriptor is left open.
#pragma once

#include "support/child.hpp"
#include "support/test.hpp"

#include <string>
#include <vector>

namespace fm::test {

/// fm_open, fm_create, fm_import_token with a poisoned output. What could be opened is closed again.
fm_status attempt_open(const std::string &name, uint32_t access = FM_ACCESS_ALL);
fm_status attempt_create(const std::string &name, uint64_t size = 4096, const fm_create_options &with = options());
fm_status attempt_import(const fm_token &token, uint32_t access = 0);

/// Everything that can be done with an object that could be opened: each call may fail, none may do worse.
void use(fm_handle opened);

/// The names in a listing of everything, the dead included. Each has to be valid UTF-8.
std::vector<std::string> list_all();
/// fm_sweep, which has to succeed.
fm_sweep_info swept();

/// The open descriptors of this process and their flags, as text: what a leak or a foreign close() would change.
std::string open_descriptors();

/// Runs a role whose checks are EXPECTs and which ends with role_result(); shows what it said where it failed.
void expect_role_to_pass(const std::string &role, const arguments &values, const child_options &options = {});
int role_result();

class hostile : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override { EXPECT_EQ(descriptors_, open_descriptors()); }

private:
    std::string descriptors_;
};

} // namespace fm::test
