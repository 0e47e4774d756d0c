// What a store has to be after a crash: each database as stock SQLite in memory that runs the same
// statements, with an image of every version, and the order of events in the log.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "sqlite/connection.h"

namespace dosql::simulator {

// Everything a database says about itself through SQL: schema and all rows with their rowids.
Result<std::string> dump(sqlite::Connection& connection);
// Where two dumps part.
std::string first_difference(const std::string& has, const std::string& expected);
// The one text that `sql` answers; empty when it has no row.
Result<std::string> answer(sqlite::Connection& connection, std::string_view sql);
// A value of the current row as text that tells type and content.
std::string describe(const sqlite::Statement& row, int column);

// One database.
class DatabaseModel {
 public:
  static Result<std::unique_ptr<DatabaseModel>> create(DatabaseId id, uint32_t page_size);

  [[nodiscard]] DatabaseId id() const { return id_; }
  [[nodiscard]] Version newest() const { return newest_; }
  // Runs what the newest version's successor is made of.
  [[nodiscard]] sqlite::Connection& stock() { return stock_; }
  // What stock() holds is `version`.
  Result<void> remember(Version version);
  // Later versions never were.
  Result<void> go_back_to(Version version);
  // A connection to one version; kNotFound when it never was.
  Result<sqlite::Connection> open_at(Version version) const;
  Result<std::string> dump_at(Version version);

 private:
  DatabaseModel(DatabaseId id, uint32_t page_size) : id_(id), page_size_(page_size) {}
  Result<sqlite::Connection> open_image(Bytes image) const;

  const DatabaseId id_;
  const uint32_t page_size_;
  sqlite::Connection stock_;
  std::map<Version, Buffer> images_;
  std::map<Version, std::string> dumps_;
  Version newest_{1};
};

// A connection in memory to the bytes of a database file.
Result<sqlite::Connection> open_bytes(Bytes file, uint32_t page_size);

// Which databases there are and where they stand.
struct State {
  std::map<std::string, uint32_t> names;  // -> DatabaseId
  std::map<uint32_t, uint64_t> versions;  // by DatabaseId
  std::map<std::pair<uint32_t, std::string>, uint64_t> slots;
  bool operator==(const State&) const = default;
};
std::string describe(const State& state);

// One record of the log.
struct Event {
  enum class Kind : uint8_t { kCreate, kDrop, kRename, kCommit };
  struct Slot {
    DatabaseId database;
    std::string name;
    Version version;
  };
  Kind kind = Kind::kCommit;
  DatabaseId database{0};
  std::string name;    // of kCreate and kDrop; before kRename
  std::string to;      // after kRename
  Version version{0};  // of kCommit
  std::vector<Slot> slots;
};

// The events in the order of the log, and how many of them were acknowledged.
class EventLog {
 public:
  // Its number; acknowledging it acknowledges all before it.
  uint64_t add(Event event);
  void acknowledge(uint64_t number);
  void acknowledge_all() { acknowledge(next_ - 1); }
  // A reader saw this version: it must not vanish.
  void acknowledge_version(DatabaseId database, Version version);
  [[nodiscard]] bool is_acknowledged(uint64_t number) const { return number < first_; }
  [[nodiscard]] const State& acknowledged() const { return base_; }
  [[nodiscard]] const State& newest() const { return newest_; }

  // A crash left `found`. False when that is not what some prefix of the events with all
  // acknowledged ones makes; else later events never were, and all others are acknowledged.
  bool recover(const State& found);

 private:
  State base_;  // after the acknowledged events
  State newest_;
  std::deque<Event> events_;  // not acknowledged
  uint64_t first_ = 1;        // number of events_.front()
  uint64_t next_ = 1;
};

}  // namespace dosql::simulator
