// PosixDisk: fsx::Disk on this machine's file system. Contract in disk.h.
#pragma once

#include "fsx/disk.h"

namespace dosql::fsx {

class PosixDisk final : public Disk {
 public:
  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) override;
  Result<void> rename(std::string_view from, std::string_view to) override;
  Result<void> remove(std::string_view path) override;
  Result<void> make_dir(std::string_view path) override;
  Result<std::vector<std::string>> list(std::string_view dir) override;
  Result<bool> exists(std::string_view path) override;
  Result<void> sync_dir(std::string_view dir) override;
};

}  // namespace dosql::fsx
