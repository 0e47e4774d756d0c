// Catalog: which Iceberg tables exist, the metadata each points to, and how far the lake has read
// every database. Its state is the hidden database `_catalog` of the store; a Change is one
// transaction there, so pointers, progress and slots move together or not at all (exactly once).
//
// Thread rule: thread-safe; changes run one after the other. Lifetime: the Instance outlives it.
// Durability: what commit() did is durable when it returns ok. On kOutcomeUnknown it may have
// happened: reopen and look.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sync.h"
#include "engine/instance.h"

namespace dosql::catalog {

struct TableName {
  std::string space;  // namespace: the database or group
  std::string name;
  auto operator<=>(const TableName&) const = default;
};

struct Table {
  TableName name;
  std::string uuid;               // identity: renames keep it
  std::string metadata_location;  // URI of the current metadata.json
  std::string metadata;           // its content
  uint32_t database = 0;          // DatabaseId its rows come from; 0: none of the store
};

// The lake's position in a database, as of the newest commit that flushed it.
struct Progress {
  uint32_t database = 0;  // DatabaseId
  std::string name;
  uint64_t version = 0;
  std::string bookmark;
  uint32_t epoch = 0;
  uint64_t lsn = 0;
  int64_t flushed_us = 0;
};

struct TableChange {
  Table table;
  // What the caller built on: the location before, empty for a table that must not exist yet.
  std::string expected_location;
};

struct Change {
  std::vector<TableChange> tables;
  std::vector<std::string> dropped;  // uuids
  std::vector<Progress> progress;
  std::vector<uint32_t> forgotten;       // progress of databases that are gone
  std::vector<store::SlotUpdate> slots;  // move in the same log record
  std::string message;                   // of the commit
};

class Catalog {
 public:
  static constexpr std::string_view kDatabase = "_catalog";

  // Creates the database on first use; exists() asks without creating.
  static Result<std::unique_ptr<Catalog>> open(engine::Instance& instance);
  static Result<bool> exists(engine::Instance& instance);

  // kBusySnapshot when a table is not at its expected location any more: nothing was changed.
  Result<void> commit(const Change& change);

  // Sorted by name. `metadata` and all else is filled.
  Result<std::vector<Table>> tables();
  Result<std::optional<Table>> find(const TableName& name);
  Result<std::vector<std::string>> namespaces();
  Result<std::map<uint32_t, Progress>> progress();

 private:
  explicit Catalog(Session session) : session_(std::move(session)) {}
  Result<std::vector<Table>> select_tables(std::string_view condition, const Params& params)
      DOSQL_REQUIRES(mutex_);
  Result<void> apply(Session& session, const Change& change) DOSQL_REQUIRES(mutex_);

  Mutex mutex_;
  Session session_ DOSQL_GUARDED_BY(mutex_);
};

}  // namespace dosql::catalog
