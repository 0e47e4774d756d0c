// The demo's proof: every table as lines of text, and one question, by SQLite from the database and
// by our query from the lake; the files are then compared with what other engines read
// (examples/read_lake.py). Thread rule: one thread.
#pragma once

#include <string>
#include <vector>

#include <dosql/session.h>

#include "lake/lake.h"

namespace dosql::shell::demo {

// Exact in every engine; averages are for whoever prints.
extern const char* const kQuestion;

// One text for the same cell in all engines: NULL is \N, a REAL has 17 digits, tabs, line ends and
// backslashes are escaped, a time is "2013-01-01 05:00:00".
void append_cell(std::string& line, const Value& value, bool is_time);

struct Table {
  std::string name;
  uint64_t rows = 0;
};

// Writes FOLDER/<table>.rows for every table: a line of column names, then the sorted rows. The
// source and the lake must say the same; kCorrupt names the first table where they do not.
Result<std::vector<Table>> compare_tables(Session& source, lake::Lake& lake,
                                          const std::string& folder);

// The answer, one line a row; kCorrupt where source and lake differ.
Result<std::vector<std::string>> compare_answers(Session& source, lake::Lake& lake);

}  // namespace dosql::shell::demo
