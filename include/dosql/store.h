// Store: a directory with any number of databases, owned by one process at a time.
//
//   auto store = dosql::Store::open("./data");
//   auto db = store->create_database("acme");
//   db->exec("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT)");
//   db->run("INSERT INTO t(k) VALUES(?)", {std::string("x")});   // durable on return
//
// Thread rule: thread-safe, except moving and closing. Errors of open: kLocked (another process
// holds the store; the message names it), kNewerFormat, kCorrupt, kReadOnly, kNotFound.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <dosql/database.h>
#include <dosql/errors.h>

namespace dosql {

struct StoreOptions {
  bool create = true;                        // make the directory when it is absent
  uint64_t cache_bytes = 256ULL << 20;       // page images in memory, all databases together
  uint64_t checkpoint_bytes = 256ULL << 20;  // log tail that starts a checkpoint round
  uint64_t history_bytes = 128ULL << 20;     // log kept behind the newest round, for changes
  int workers = 0;                           // threads for run_async; 0: one per core
  bool background = true;                    // checkpoint rounds by themselves
};

struct DatabaseOptions {
  std::string group;  // empty: dedicated (lake tables of its own); others are kUnsupported yet
  uint32_t page_size = 4096;
};

struct DatabaseSummary {
  std::string name;
  std::string group;
  uint64_t version = 0;
  std::string bookmark;
  uint64_t bytes = 0;  // pages of the newest version
  uint32_t page_size = 0;
  int branches = 1;
  std::string created;  // RFC 3339
};

class Store {
 public:
  static Result<Store> open(const std::string& directory, const StoreOptions& options = {});
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  // Closes; errors are lost. Prefer close().
  ~Store();

  // kNotFound, with a suggestion when a similar name exists.
  Result<Database> database(std::string_view name);
  // kAlreadyExists; kInvalidArgument for a name that is not [a-z0-9][a-z0-9._-]{0,62}.
  Result<Database> create_database(std::string_view name, const DatabaseOptions& options = {});
  Result<void> drop_database(std::string_view name);
  Result<void> rename_database(std::string_view from, std::string_view to);
  // Sorted by name.
  Result<std::vector<DatabaseSummary>> databases();

  // A checkpoint round now: what the log holds goes into packs, so that the next open is O(1).
  Result<void> checkpoint();
  [[nodiscard]] std::map<std::string, double> stats();
  // A sentence about what opening had to drop after a crash (bytes that were never acknowledged);
  // empty when there was nothing.
  [[nodiscard]] std::string recovery_notice() const;
  // Ends background work, makes the log's end durable and marks the store cleanly closed.
  Result<void> close();

  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

[[nodiscard]] std::string_view version_string();

}  // namespace dosql
