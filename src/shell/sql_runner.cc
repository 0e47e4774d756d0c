#include "shell/sql_runner.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/text.h"

namespace dosql::shell {
namespace {

template <class Number>
bool reads_back(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

Value value_of(std::string_view text) {
  const bool is_number = !text.empty() && text.find_first_of("0123456789") != text.npos;
  int64_t integer = 0;
  if (is_number && reads_back(text, integer) && std::to_string(integer) == text) return integer;
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool is_code = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
  double real = 0;
  if (is_number && !is_code && text.find('.') != text.npos && reads_back(text, real)) return real;
  return std::string(text);
}

// `FROM t AT (VERSION => 3)`, `FROM t FOR SYSTEM_TIME AS OF '...'`: syntax errors to SQLite.
bool names_a_point(std::string_view sql) {
  const std::string text = to_lower(sql);
  return text.find("for system_time") != std::string::npos ||
         (text.find("=>") != std::string::npos && text.find(" at") != std::string::npos);
}

}  // namespace

Result<std::pair<std::string, Value>> parse_parameter(std::string_view text) {
  const size_t equals = text.find('=');
  std::string_view name = text.substr(0, std::min(equals, text.size()));
  if (name.starts_with(':') || name.starts_with('@') || name.starts_with('$')) {
    name.remove_prefix(1);
  }
  if (equals == text.npos || name.empty()) {
    return fail(Code::kInvalidArgument, str_cat({"--param wants name=value, not \"", text, "\""}));
  }
  return std::pair(std::string(name), value_of(text.substr(equals + 1)));
}

Result<void> SqlRunner::bind(Statement& statement) {
  for (int i = 1; i <= statement.parameter_count(); ++i) {
    const std::string_view own = statement.parameter_name(i);
    const std::string name = own.empty() ? std::to_string(i) : std::string(own);
    const auto at = std::ranges::find(parameters_, name, &NamedValues::value_type::first);
    if (at == parameters_.end()) {
      return fail(Code::kInvalidArgument, str_cat({"parameter \"", name,
                                                   "\" has no value; give it "
                                                   "with --param ",
                                                   name, "=VALUE"}));
    }
    DOSQL_TRY(statement.bind(i, at->second));
  }
  return {};
}

Result<void> SqlRunner::step_all(Statement& statement) {
  const int count = statement.column_count();
  if (count > 0) {
    std::vector<std::string> columns;
    for (int i = 0; i < count; ++i) columns.emplace_back(statement.column_name(i));
    DOSQL_TRY(sink_.begin(columns));
  }
  std::vector<Cell> cells(static_cast<size_t>(count));
  DOSQL_TRY(bool has_row, statement.step());
  while (has_row) {
    DOSQL_TRY(interrupts_.check());
    for (int i = 0; i < count; ++i) {
      cells[static_cast<size_t>(i)] = cell_of(statement.column(i));
    }
    DOSQL_TRY(sink_.row(cells));
    DOSQL_TRY(has_row, statement.step());
  }
  return count > 0 ? sink_.end() : Result<void>();
}

Result<void> SqlRunner::run(std::string_view sql) {
  DOSQL_TRY(interrupts_.check());
  const Interrupts::Scope scope(interrupts_, [this] { session_.interrupt(); });
  const std::string before = session_.last_bookmark();
  const auto done = [&]() -> Result<void> {
    std::string_view tail = sql;
    while (!tail.empty()) {
      DOSQL_TRY(Statement statement, session_.prepare(tail, &tail));
      DOSQL_TRY(bind(statement));
      DOSQL_TRY(step_all(statement));
    }
    return {};
  }();
  if (!done) return std::unexpected(with_suggestion(done.error(), sql));
  if (acknowledge_ == Acknowledge::kNo) return {};
  const std::string after = session_.last_bookmark();
  if (after == before) return {};
  DOSQL_TRY(out_.write(str_cat({after, "\n"})));
  return out_.flush();
}

Result<void> SqlRunner::run_available(StatementSplitter& splitter) {
  while (const auto piece = splitter.next()) {
    const auto done = run(piece->sql);
    if (!done) return std::unexpected(placed(done.error(), *piece));
  }
  return {};
}

Error SqlRunner::placed(Error error, const StatementSplitter::Piece& piece) {
  constexpr std::string_view kPosition = " (line ";
  size_t line = 0;
  size_t column = 0;
  const size_t at = error.message.rfind(kPosition);
  const size_t end = at == std::string::npos ? at : error.message.find(')', at);
  if (end != std::string::npos &&
      std::sscanf(error.message.c_str() + at, " (line %zu, column %zu)", &line, &column) == 2) {
    column += line == 1 ? piece.column - 1 : 0;
    line += piece.line - 1;
    error.message.replace(
        at, end - at,
        str_cat({kPosition, std::to_string(line), ", column ", std::to_string(column)}));
  } else if (error.code != Code::kInterrupted && piece.line > 1) {
    error.message =
        str_cat({"statement at line ", std::to_string(piece.line), ": ", error.message});
  }
  return error;
}

bool SqlRunner::roll_back() {
  if (!session_.in_transaction()) return false;
  static_cast<void>(session_.run("ROLLBACK"));
  return true;
}

Error SqlRunner::with_suggestion(Error error, std::string_view sql) {
  if (error.message.find("syntax error") != std::string::npos && names_a_point(sql)) {
    error.message += "; reading at a point (AT, FOR SYSTEM_TIME) is not built yet";
  }
  constexpr std::string_view kNoTable = "no such table: ";
  const size_t at = error.message.find(kNoTable);
  if (at == std::string::npos) return error;
  std::string_view name = std::string_view(error.message).substr(at + kNoTable.size());
  name = name.substr(0, name.find(' '));
  name = name.substr(name.find('.') == name.npos ? 0 : name.find('.') + 1);
  const auto rows =
      session_.query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')");
  if (!rows) return error;
  std::vector<std::string> names;
  for (const auto& row : rows->rows) names.push_back(text_of(cell_of(row[0]), ""));
  const std::string_view nearest = nearest_word(name, names);
  if (!nearest.empty()) error.message += str_cat({" (did you mean \"", nearest, "\"?)"});
  return error;
}

}  // namespace dosql::shell
