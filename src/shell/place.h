// Place: DATABASE, DATABASE@BRANCH, or either with :POINT behind it (`acme@try:-10m`).
// Thread rule: plain values.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dosql::shell {

struct Place {
  std::string database;
  std::string branch;  // empty: main
  std::string point;   // empty: the newest version
};

// kInvalidArgument when a part is missing.
Result<Place> parse_place(std::string_view text);

// The database of a place that names neither another branch than main nor a point; kUnsupported
// says that those are not built yet.
Result<std::string> database_of(std::string_view place);

}  // namespace dosql::shell
