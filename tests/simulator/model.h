// The simulator's model of one database: stock SQLite in memory running the same statements, and an
// image of it for every version that a crash may bring back.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "base/ids.h"
#include "sqlite/connection.h"

namespace dosql::simulator {

// Everything a database says about itself through SQL, as text: schema and all rows.
Result<std::string> dump(sqlite::Connection& connection);

class Model {
 public:
  static Result<Model> create(uint32_t page_size);

  [[nodiscard]] sqlite::Connection& stock() { return stock_; }
  // The statements run so far are what `version` holds.
  Result<void> remember(Version version);
  // Everything up to here was acknowledged.
  void acknowledge(Version version);
  // Goes back to what it was at `version`; false when no such version can have survived.
  Result<bool> go_back_to(Version version);

  [[nodiscard]] Version acknowledged() const { return acknowledged_; }
  [[nodiscard]] Version newest() const { return newest_; }
  // nullptr when it was forgotten (older than what was acknowledged at some crash).
  [[nodiscard]] const std::string* dump_at(Version version) const;

 private:
  sqlite::Connection stock_;
  std::map<Version, Buffer> images_;
  std::map<Version, std::string> dumps_;
  Version acknowledged_{1};
  Version newest_{1};
};

}  // namespace dosql::simulator
