#include "sides.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <vector>

#include "base/text.h"
#include "changes/table_shape.h"

namespace dosql::sqltest {
namespace {

std::string real_text(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

std::string hex(const uint8_t* bytes, size_t size) {
  std::string text = "x'";
  for (size_t i = 0; i < size; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
    text += digits;
  }
  return text + "'";
}

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return "i" + std::to_string(*number);
  if (const auto* real = std::get_if<double>(&value)) return "r" + real_text(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return "t" + *text;
  if (const auto* blob = std::get_if<Blob>(&value)) {
    return hex(blob->bytes.data(), blob->bytes.size());
  }
  return "null";
}

std::string text_of(const sqlite::Statement& statement, int column) {
  switch (statement.column_type(column)) {
    case sqlite::Type::kInteger:
      return "i" + std::to_string(statement.column_int64(column));
    case sqlite::Type::kFloat:
      return "r" + real_text(statement.column_double(column));
    case sqlite::Type::kText:
      return "t" + std::string(statement.column_text(column));
    case sqlite::Type::kBlob: {
      const Bytes bytes = statement.column_blob(column);
      return hex(bytes.data(), bytes.size());
    }
    case sqlite::Type::kNull:
      break;
  }
  return "null";
}

std::string error_text(const Error& error) {
  return "error " + std::to_string(static_cast<int>(error.code)) + ": " + error.message + "\n";
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::abort();
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// Runs a prepared statement to its end; `text` renders a column.
template <class Prepared, class Text>
std::string run_to_end(Prepared& statement, const Text& text) {
  std::string out;
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return out + error_text(row.error());
    if (!*row) return out;
    for (int i = 0; i < statement.column_count(); ++i) {
      if (i > 0) out += '|';
      out += text(i);
    }
    out += '\n';
  }
}

std::string changes_text(int64_t total) {
  return "changes " + std::to_string(total) + "\n";
}

}  // namespace

std::string Side::first_value(const std::string& outcome) {
  const size_t end = outcome.find_first_of("|\n");
  return end == std::string::npos || end == 0 ? "" : outcome.substr(1, end - 1);
}

DosqlSide::DosqlSide(const std::string& folder, uint32_t page_size) : folder_(folder) {
  open();
  must(store_->create_database("main", {.group = {}, .page_size = page_size}));
  must(store_->create_database("other"));
  database_ = std::make_unique<Database>(must(store_->database("main")));
}

void DosqlSide::open() {
  store_ = std::make_unique<Store>(must(Store::open(folder_)));
}

void DosqlSide::reopen() {
  sessions_.clear();
  database_.reset();
  must(store_->close());
  open();
  database_ = std::make_unique<Database>(must(store_->database("main")));
}

std::string DosqlSide::run(char name, const std::string& sql) {
  auto at = sessions_.find(name);
  if (at == sessions_.end()) {
    at = sessions_.emplace(name, must(database_->session())).first;
    at->second.set_busy_timeout(std::chrono::milliseconds(0));
  }
  Session& session = at->second;
  std::string out;
  {
    auto statement = session.prepare(sql);
    if (statement) {
      out = run_to_end(*statement, [&](int i) { return text_of(statement->column(i)); });
    } else {
      out = error_text(statement.error());
    }
  }
  return out + changes_text(session.total_changes());
}

std::string StockSide::run(char name, const std::string& sql) {
  auto at = connections_.find(name);
  if (at == connections_.end()) {
    at = connections_
             .emplace(name,
                      must(sqlite::Connection::open_file(path_, sqlite::Connection::Mode::kCreate)))
             .first;
    must(at->second.exec("PRAGMA page_size=" + std::to_string(page_size_)));
    must(at->second.exec("PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF"));
  }
  sqlite::Connection& connection = at->second;
  // WAL mode writes the first page, after which pragmas like auto_vacuum change nothing.
  if (!is_wal_ && !sql.starts_with("PRAGMA")) {
    is_wal_ = true;
    must(connection.exec("PRAGMA journal_mode=WAL"));
  }
  std::string out;
  {
    auto statement = connection.prepare(sql);
    if (statement) {
      out = run_to_end(*statement, [&](int i) { return text_of(*statement, i); });
    } else {
      out = error_text(statement.error());
    }
  }
  return out + changes_text(connection.total_changes());
}

std::string dump(Side& side) {
  std::string out =
      side.run('a', "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
  const std::string tables =
      side.run('a',
               "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE "
               "VIRTUAL%' ORDER BY name");
  std::istringstream lines(tables);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] != 't') continue;
    const std::string name = changes::quote_identifier(line.substr(1));
    out += line + "\n" + side.run('a', "SELECT * FROM " + name);
  }
  // total_changes of a connection that was opened again begins anew.
  std::string without_changes;
  std::istringstream all(out);
  for (std::string line; std::getline(all, line);) {
    if (!line.starts_with("changes ")) without_changes += line + "\n";
  }
  return without_changes;
}

}  // namespace dosql::sqltest
