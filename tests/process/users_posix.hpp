// Two users, which needs root to become another. Both users' processes are children with a namespace of their own, so
// that the real one stays out of it.
#pragma once

#include "process/puppet.hpp"
#include "support/test.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <sys/stat.h>

namespace fm::test {

constexpr uint32_t nobody = 65534;

/// A folder like /dev/shm: root's, everybody may create, and remove only what is theirs.
class users_folder {
public:
    users_folder() {
        if (!mkdtemp(path_.data()) || chmod(path_.c_str(), 01777) != 0) throw std::runtime_error("mkdtemp " + path_);
    }
    ~users_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    users_folder(const users_folder &) = delete;
    users_folder &operator=(const users_folder &) = delete;
    const std::string &path() const { return path_; }

private:
    std::string path_ = "/dev/shm/filemap-users-XXXXXX";
};

class two_users : public testing::Test {
protected:
    void SetUp() override {
        if (!may_change_user()) GTEST_SKIP() << "only root can start a process of another user";
    }
    child_options as(uint32_t user) const {
        child_options options;
        options.user = user;
        options.environment = {{"FILEMAP_DIR", folder_.path()}};
        return options;
    }
    const std::string &folder() const { return folder_.path(); }
    const std::string local_ = "Local\\" + unique_name(), global_ = "Global\\" + unique_name();

private:
    users_folder folder_;
};

} // namespace fm::test
