// Changes of a database as a stream: by definition the row difference of each version to the one
// before it, read from retained versions; nothing is logged for it. One event per changed row,
// ordered by table then key inside a commit, whole commits in commit order.
//
// Left out: SQLite's own tables (sqlite_*) and the shadow tables of virtual tables, save the
// content table of FTS. Order and intermediate states inside one transaction are not events. Thread
// rule: one thread; writers and checkpoint rounds go on meanwhile.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "btree/row_difference.h"
#include "changes/table_shape.h"
#include "store/history.h"
#include "store/store.h"

namespace dosql::changes {

struct Event {
  enum class Operation : char { kCreate = 'c', kUpdate = 'u', kDelete = 'd', kRead = 'r' };
  Operation operation = Operation::kCreate;
  std::string_view table;
  const btree::TableShape* shape = nullptr;         // of the columns of `after`
  const btree::TableShape* before_shape = nullptr;  // of the columns of `before`
  const btree::RowChange* row = nullptr;
  uint64_t total_order = 0;  // in the commit, from 1
  uint64_t table_order = 0;  // in the commit and table, from 1
};

struct Commit {
  Version version;
  std::string bookmark;
  int64_t wall_us = 0;
  std::string message;
  bool changes_schema = false;
};

// Gets the events of one commit; views live during the call.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual Result<void> event(const Commit& commit, const Event& event) = 0;
};

// Events between two sides in any distance (folded: one event per row), for streams, log and lake.
// `tables` in lower case; empty: all.
Result<void> emit_difference(const btree::VersionSide& before, const btree::VersionSide& after,
                             std::span<const PageNo> differing, btree::ShapeSource& shapes,
                             const std::vector<std::string>& tables, const Commit& commit,
                             bool is_read, EventSink& sink);

class ChangeStream {
 public:
  // Begins after the version `after` (Version(0): at the oldest retained). kNotFound when that is
  // not retained; the message says what is.
  static Result<std::unique_ptr<ChangeStream>> open(store::Store& store,
                                                    std::shared_ptr<store::Database> database,
                                                    Version after, std::vector<std::string> tables);

  // The next commit's events; nullopt when the newest durable version is reached.
  Result<std::optional<Commit>> next(EventSink& sink);

 private:
  ChangeStream() = default;
  store::Store* store_ = nullptr;
  std::shared_ptr<store::Database> database_;
  std::unique_ptr<store::History> history_;
  std::vector<std::string> tables_;
  SqliteShapes shapes_;
};

// Every row of the newest durable version as `r` events; returns that version's commit.
Result<Commit> emit_snapshot(store::Store& store, store::Database& database,
                             const std::vector<std::string>& tables, EventSink& sink);

// False for tables whose rows are not a user's: sqlite_*, shadow tables.
[[nodiscard]] bool is_user_table(const btree::Schema& schema, std::string_view table);

}  // namespace dosql::changes
