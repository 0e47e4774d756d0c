// The rows of all user tables, kept in step by change events and compared with what SQL says.
// Thread rule: one thread.
#pragma once

#include <map>
#include <string>

#include "engine/instance.h"
#include "sides.h"

namespace dosql::sqltest {

class ChangeCheck {
 public:
  explicit ChangeCheck(DosqlSide& side) : side_(side) {}

  // Call after every statement. Empty when the events of the versions since the last call turn the
  // rows of then into those of now; else what is wrong.
  std::string after_statement();
  // After the store was opened again.
  void begin_anew() { is_known_ = false; }

 private:
  using Rows = std::map<std::string, std::string>;          // by key, as text
  using Tables = std::map<std::string, Rows, std::less<>>;  // by lower-case name
  struct State {
    uint64_t version = 0;
    std::string bookmark;
    std::string schema;
    Tables tables;
  };
  class Applier;

  State read();
  std::string read_table(Session& session, const std::string& name, Rows& rows);

  DosqlSide& side_;
  bool is_known_ = false;
  State state_;
};

}  // namespace dosql::sqltest
