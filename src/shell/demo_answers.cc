#include "shell/demo_answers.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "base/text.h"
#include "changes/table_shape.h"
#include "shell/demo_flights.h"

namespace dosql::shell::demo {
namespace {

struct Column {
  std::string name;
  bool is_time = false;
};

struct Shape {
  std::string table;
  std::vector<Column> columns;
};

std::string text_of_value(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

// The columns as the lake has them: a table without a primary key is keyed by its rowid.
Result<Shape> shape_of(Session& source, const std::string& table) {
  Shape shape{table, {}};
  DOSQL_TRY(const Rows columns,
            source.query("SELECT name, type, pk FROM pragma_table_info(?)", {table}));
  bool has_key = false;
  for (const auto& row : columns.rows) {
    shape.columns.push_back({text_of_value(row[0]), text_of_value(row[1]) == "DATETIME"});
    has_key = has_key || std::get<int64_t>(row[2]) > 0;
  }
  if (!has_key) shape.columns.insert(shape.columns.begin(), {"_rowid", false});
  return shape;
}

std::string select_of(const Shape& shape, std::string_view table, std::string_view rowid) {
  std::string sql = "SELECT ";
  for (const Column& column : shape.columns) {
    if (sql.size() > 7) sql += ", ";
    sql += column.name == "_rowid" ? std::string(rowid) : changes::quote_identifier(column.name);
  }
  return sql + " FROM " + std::string(table);
}

class Lines {
 public:
  explicit Lines(const Shape& shape) : shape_(shape) {}
  void add(const std::vector<Value>& row) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += '\t';
      append_cell(line, row[i], i < shape_.columns.size() && shape_.columns[i].is_time);
    }
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> sorted() {
    std::ranges::sort(lines_);
    return std::move(lines_);
  }

 private:
  const Shape& shape_;
  std::vector<std::string> lines_;
};

Result<std::vector<std::string>> read_source(Session& source, const Shape& shape,
                                             const std::string& sql) {
  Lines lines(shape);
  DOSQL_TRY(Statement statement, source.prepare(sql));
  std::vector<Value> row;
  for (;;) {
    DOSQL_TRY(const bool has_row, statement.step());
    if (!has_row) return lines.sorted();
    row.clear();
    for (int i = 0; i < statement.column_count(); ++i) row.push_back(statement.column(i));
    lines.add(row);
  }
}

Value value_of(const duck::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return int64_t{*flag};
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* blob = std::get_if<duck::Blob>(&value)) {
    return Blob{{blob->bytes.begin(), blob->bytes.end()}};
  }
  return std::monostate();
}

Result<std::vector<std::string>> read_lake(lake::Lake& lake, const Shape& shape,
                                           const std::string& sql) {
  Lines lines(shape);
  DOSQL_TRY(const auto query, lake.query(sql));
  std::vector<Value> row;
  for (;;) {
    DOSQL_TRY(const bool has_row, query->rows().next());
    if (!has_row) return lines.sorted();
    row.clear();
    for (size_t i = 0; i < query->rows().column_count(); ++i) {
      row.push_back(value_of(query->rows().value(i)));
    }
    lines.add(row);
  }
}

std::unexpected<Error> differ(const std::string& what, const std::vector<std::string>& source,
                              const std::vector<std::string>& lake) {
  const size_t shorter = std::min(source.size(), lake.size());
  size_t at = 0;
  while (at < shorter && source[at] == lake[at]) ++at;
  const auto line = [&](const std::vector<std::string>& lines) {
    return at < lines.size() ? lines[at] : std::string("(nothing)");
  };
  return fail(Code::kCorrupt, str_cat({what, ": the lake differs from the database: \"", line(lake),
                                       "\" where it should be \"", line(source), "\""}));
}

}  // namespace

const char* const kQuestion =
    "SELECT a.name, count(*), CAST(sum(f.arr_delay) AS BIGINT) FROM flights f "
    "JOIN airlines a ON a.carrier = f.carrier WHERE f.arr_delay IS NOT NULL GROUP BY a.name";

void append_cell(std::string& line, const Value& value, bool is_time) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    line += std::to_string(*number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", *real);
    line += text;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    for (const char c : *text) {
      if (is_time && c == 'Z') continue;
      if (is_time && c == 'T') {
        line += ' ';
      } else if (c == '\t' || c == '\n' || c == '\r' || c == '\\') {
        line += '\\';
        line += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\';
      } else {
        line += c;
      }
    }
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    for (const uint8_t byte : blob->bytes) {
      constexpr char kDigits[] = "0123456789abcdef";
      line += kDigits[byte >> 4];
      line += kDigits[byte & 15];
    }
  } else {
    line += "\\N";
  }
}

Result<std::vector<Table>> compare_tables(Session& source, lake::Lake& lake,
                                          const std::string& folder) {
  std::vector<Table> tables;
  for (const char* name : {"airlines", "airports", "planes", "weather", "flights"}) {
    DOSQL_TRY(const Shape shape, shape_of(source, name));
    DOSQL_TRY(const auto expected, read_source(source, shape, select_of(shape, name, "rowid")));
    const std::string lake_name = str_cat({kDatabase, ".", name});
    DOSQL_TRY(const auto found, read_lake(lake, shape, select_of(shape, lake_name, "_rowid")));
    if (expected != found) return differ(lake_name, expected, found);
    std::ofstream file(str_cat({folder, "/", name, ".rows"}), std::ios::binary);
    for (size_t i = 0; i < shape.columns.size(); ++i) {
      file << (i > 0 ? "\t" : "") << shape.columns[i].name;
    }
    file << '\n';
    for (const std::string& line : expected) file << line << '\n';
    if (!file.flush()) {
      return fail(Code::kIo, str_cat({"cannot write into \"", folder, "\": free some space"}));
    }
    tables.push_back({name, expected.size()});
  }
  return tables;
}

Result<std::vector<std::string>> compare_answers(Session& source, lake::Lake& lake) {
  const Shape shape{"", {}};
  DOSQL_TRY(auto expected, read_source(source, shape, kQuestion));
  DOSQL_TRY(const auto found, read_lake(lake, shape, kQuestion));
  if (expected != found) return differ("delays by airline", expected, found);
  return expected;
}

}  // namespace dosql::shell::demo
