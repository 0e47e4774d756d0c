// A folder for one test. In memory where the system offers that: what SQL does is compared here,
// not what survives a fall of the power, and syncs would be most of the time.
// Thread rule: one thread.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace dosql::sqltest {

class Folder {
 public:
  Folder() {
    const std::filesystem::path memory = "/dev/shm";
    std::error_code failed;
    const bool has_memory = std::filesystem::space(memory, failed).available + 1 > 1U << 30;
    path_ = (has_memory ? memory : std::filesystem::temp_directory_path()) / "dosql-sql-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace dosql::sqltest
