#include "case_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "shell/statement_splitter.h"

namespace dosql::sqltest {
namespace {

CaseStatement statement_of(std::string_view text) {
  CaseStatement statement;
  if (text.starts_with("@ours ")) {
    text.remove_prefix(6);
    const size_t space = text.find(' ');
    statement.ours = std::string(text.substr(0, space));
    text.remove_prefix(space + 1);
  } else if (text.size() > 3 && text[0] == '@' && text[2] == ' ') {
    statement.connection = text[1];
    text.remove_prefix(3);
  }
  statement.sql = std::string(text);
  return statement;
}

void read_file(const std::filesystem::path& path, std::vector<Case>& cases) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << "cannot read " << path << "\n";
    std::exit(1);
  }
  std::string line;
  std::vector<std::string> bodies;
  const size_t first = cases.size();
  while (std::getline(file, line)) {
    if (line.starts_with("=== ")) {
      cases.push_back({path.stem().string(), line.substr(4), {}});
      bodies.emplace_back();
    } else if (!bodies.empty()) {
      bodies.back() += line + '\n';
    }
  }
  for (size_t i = 0; i < bodies.size(); ++i) {
    shell::StatementSplitter splitter;
    splitter.append(bodies[i]);
    splitter.finish();
    while (const auto piece = splitter.next()) {
      cases[first + i].statements.push_back(statement_of(piece->sql));
    }
  }
}

}  // namespace

std::vector<Case> read_cases(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".sql") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Case> cases;
  for (const auto& path : paths) read_file(path, cases);
  return cases;
}

}  // namespace dosql::sqltest
