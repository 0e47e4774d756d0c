// The text form of SQL cases; see README.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace dosql::sqltest {

struct CaseStatement {
  char connection = 'a';
  std::optional<std::string> ours;  // expected of DoSQL instead of stock's answer
  std::string sql;
};

struct Case {
  std::string file;
  std::string name;
  std::vector<CaseStatement> statements;
};

// Every case of every file, sorted by file name. Ends the program when a file cannot be read.
std::vector<Case> read_cases(const std::string& folder);

}  // namespace dosql::sqltest
