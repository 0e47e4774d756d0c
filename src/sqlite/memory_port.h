// MemoryStore: a versioned page store in memory that keeps every version. For tests and benchmarks
// of the VFS; nothing is durable.
//
// open_port("acme") gives the newest version of "acme", which is made when it is absent;
// "acme@3" gives version 3, immutable.
// Thread rule: thread-safe; ports by the thread of their connection. Lifetime: outlives its ports.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sync.h"
#include "sqlite/page_port.h"

namespace dosql::sqlite {

class MemoryStore final : public PortOpener {
 public:
  explicit MemoryStore(uint32_t page_size) : page_size_(page_size) {}

  Result<std::unique_ptr<PagePort>> open_port(std::string_view name) override;

  // The page size of databases that are made from now on.
  void set_page_size(uint32_t page_size) { page_size_ = page_size; }
  // The newest version; 0 when there is no such database.
  [[nodiscard]] Version head(std::string_view name);

  // Faults. Each happens once, on any port: the next commit, read of a page, start of a write or
  // first change of a transaction fails.
  void fail_next_commit(Error error);
  void fail_next_page(Error error);
  void fail_next_begin_write(Error error);
  void fail_next_begin_change(Error error);
  // Called before each start of a write, outside the lock: what others do just before it.
  std::function<void()> before_begin_write;

 private:
  friend class MemoryPort;
  using Pages = std::vector<PageRef>;  // empty: never written
  struct Database {
    uint32_t page_size;
    std::vector<std::shared_ptr<const Pages>> versions;  // [0] is version 1
    const PagePort* writer = nullptr;
  };

  Result<void> take_fault(std::optional<Error>& fault) DOSQL_EXCLUDES(mutex_);

  Mutex mutex_;
  uint32_t page_size_;
  std::map<std::string, std::unique_ptr<Database>, std::less<>> databases_ DOSQL_GUARDED_BY(mutex_);
  std::optional<Error> commit_fault_;
  std::optional<Error> page_fault_;
  std::optional<Error> begin_write_fault_;
  std::optional<Error> begin_change_fault_;
};

}  // namespace dosql::sqlite
