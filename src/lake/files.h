// Files: the lake's folder on this machine: small files written durably, and synced.
// Thread rule: thread-safe. Errors name the path.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "fsx/disk.h"

namespace dosql::lake {

// Reads a whole file named by a URI.
Result<Buffer> read_uri(fsx::Disk& disk, const std::string& uri);
Result<uint64_t> size_of_uri(fsx::Disk& disk, const std::string& uri);

// Collects what one cycle writes, so that a directory is synced once.
// Durable after sync() returned ok; until then nothing may refer to any of it.
class DurableFiles {
 public:
  // `root` is durable already, or is created by make_dir(root).
  DurableFiles(fsx::Disk& disk, std::string root) : disk_(disk), root_(std::move(root)) {}

  // Creates the directory, at or below the root. That it exists says nothing: whoever created it
  // may have been killed before he could sync its name.
  Result<void> make_dir(const std::string& path);
  // The file must be new.
  Result<void> write(const std::string& path, Bytes bytes);
  // A file that somebody else wrote and closed.
  void add(const std::string& path);
  Result<void> sync();
  // Takes back what was written or added.
  void remove(const std::string& path);
  // Removes what was written; errors do not matter: nobody refers to it.
  void remove_all();

 private:
  fsx::Disk& disk_;
  const std::string root_;
  std::set<std::string> unsynced_files_;
  std::set<std::string> unsynced_dirs_;
  std::set<std::string> files_;
};

}  // namespace dosql::lake
