// History: walks the retained versions of a database in commit order, rebuilt from the newest
// checkpoint before the start and the records after it. Used for change streams.
// Thread rule: one thread. Writers and rounds go on meanwhile; when a round trims what is not read
// yet, next() fails with kNotFound.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/database.h"

namespace dosql::store {

class History {
 public:
  // The walk's first next() goes to the version after `after` (Version(0): the oldest retained).
  // kNotFound when that is no longer, or not yet, there; the message says the oldest and newest.
  static Result<std::unique_ptr<History>> open(Database& database, Version after);

  // Moves on; false when the newest durable version is reached (call again later).
  Result<bool> next();

  // The version next() moved to, and the one before it. Valid until next() is called again.
  [[nodiscard]] const VersionView& before() const { return before_; }
  [[nodiscard]] const VersionView& after() const { return after_; }
  // Pages of which the slots differ, ascending.
  [[nodiscard]] const std::vector<PageNo>& changed() const { return changed_; }
  [[nodiscard]] int64_t wall_us() const { return wall_us_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] bool changes_schema() const { return changes_schema_; }

 private:
  History(Database& database, PageLoader& loader);
  Result<bool> step();

  Database& database_;
  PageLoader& loader_;
  pages::PageTree tree_;
  VersionView before_;
  VersionView after_;
  std::vector<PageNo> changed_;
  int64_t wall_us_ = 0;
  std::string message_;
  bool changes_schema_ = false;
};

}  // namespace dosql::store
