#include "engine/csv_import.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "changes/table_shape.h"
#include "engine/csv_types.h"

namespace dosql::engine {
namespace {

constexpr uint64_t kProgressEvery = 1024;  // records

class CsvFile {
 public:
  explicit CsvFile(const CsvImport& import)
      : file_(import.path, std::ios::binary),
        path_(import.path),
        reader_([this](std::span<char> buffer) { return read(buffer); }, import.separator) {}

  [[nodiscard]] CsvReader& reader() { return reader_; }

 private:
  Result<size_t> read(std::span<char> buffer) {
    if (!file_.is_open() || file_.bad()) {
      return fail(Code::kNotFound,
                  str_cat({"cannot read \"", path_, "\": ", std::strerror(errno)}));
    }
    file_.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    return static_cast<size_t>(file_.gcount());
  }

  std::ifstream file_;
  const std::string path_;
  CsvReader reader_;
};

struct Shape {
  bool has_header = false;
  std::vector<CsvColumn> columns;
};

class Importer {
 public:
  Importer(Session& session, const CsvImport& import, const CopyProgress& progress)
      : session_(session), import_(import), progress_(progress) {
    std::error_code ignored;
    total_ = 2 * std::filesystem::file_size(import.path, ignored);
    if (ignored) total_ = 0;
  }

  Result<uint64_t> run() {
    DOSQL_TRY(const Shape shape, detect());
    // The table appears together with its first rows.
    DOSQL_TRY(session_.run("BEGIN IMMEDIATE"));
    auto rows = [&]() -> Result<uint64_t> {
      DOSQL_TRY(const std::string insert, prepare_table(shape));
      return load(shape, insert);
    }();
    if (rows) return rows;
    if (session_.in_transaction()) static_cast<void>(session_.run("ROLLBACK"));
    if (is_created_ && committed_ > 0) {
      static_cast<void>(
          session_.run(str_cat({"DROP TABLE ", changes::quote_identifier(import_.table)})));
    } else if (committed_ > 0) {
      return with_context(str_cat({"the first ", std::to_string(committed_),
                                   " rows were appended before this failed"}),
                          rows.error());
    }
    return rows;
  }

 private:
  Result<void> report(uint64_t done) const {
    if (progress_(done, total_)) return {};
    return fail(Code::kInterrupted, "interrupted");
  }

  Result<Shape> detect() {
    CsvFile file(import_);
    CsvReader& reader = file.reader();
    CsvTypes types(import_.null_text);
    Shape shape;
    for (uint64_t n = 0;; ++n) {
      DOSQL_TRY(const bool is_there, reader.next());
      if (!is_there) break;
      if (n == 0) {
        shape.has_header =
            import_.header == CsvImport::Header::kYes ||
            (import_.header == CsvImport::Header::kAuto && looks_like_header(reader.fields()));
        if (shape.has_header) {
          types.set_names(reader.fields());
          continue;
        }
      }
      DOSQL_TRY(types.observe(reader.fields(), reader.line()));
      if (n % kProgressEvery == 0) DOSQL_TRY(report(reader.bytes_read()));
    }
    detected_bytes_ = reader.bytes_read();
    shape.columns = types.columns();
    if (shape.columns.empty()) return fail(Code::kInvalidArgument, "the file has no records");
    return shape;
  }

  // Creates the table or looks at the one that is there; the INSERT for a record.
  Result<std::string> prepare_table(const Shape& shape) {
    DOSQL_TRY(const Rows existing,
              session_.query("SELECT name FROM pragma_table_info(?)", {import_.table}));
    if (!existing.empty() && import_.if_exists == CsvImport::IfExists::kRefuse) {
      return fail(Code::kAlreadyExists,
                  str_cat({"table \"", import_.table, "\" exists; --append adds to it"}));
    }
    if (existing.empty()) {
      std::string sql = str_cat({"CREATE TABLE ", changes::quote_identifier(import_.table), "("});
      for (size_t i = 0; i < shape.columns.size(); ++i) {
        const CsvColumn& column = shape.columns[i];
        sql += str_cat({i == 0 ? "" : ", ", changes::quote_identifier(column.name), " ",
                        sql_type_of(column.type)});
      }
      DOSQL_TRY(session_.run(sql + ")"));
      is_created_ = true;
    } else {
      DOSQL_TRY(check_columns(shape, existing));
    }
    return insert_sql(shape);
  }

  Result<void> check_columns(const Shape& shape, const Rows& existing) const {
    if (!shape.has_header) {
      if (shape.columns.size() == existing.size()) return {};
      return fail(Code::kInvalidArgument,
                  str_cat({"the file has ", std::to_string(shape.columns.size()),
                           " columns and no header, table \"", import_.table, "\" has ",
                           std::to_string(existing.size())}));
    }
    for (const CsvColumn& column : shape.columns) {
      const bool is_known = std::ranges::any_of(existing.rows, [&](const auto& row) {
        return equals_ignoring_case(std::get<std::string>(row[0]), column.name);
      });
      if (is_known) continue;
      return fail(Code::kInvalidArgument,
                  str_cat({"table \"", import_.table, "\" has no column \"", column.name, "\""}));
    }
    return {};
  }

  std::string insert_sql(const Shape& shape) const {
    std::string names;
    std::string values;
    for (size_t i = 0; i < shape.columns.size(); ++i) {
      const std::string_view comma = i == 0 ? "" : ", ";
      names += str_cat({comma, changes::quote_identifier(shape.columns[i].name)});
      values += str_cat({comma, "?"});
    }
    const std::string list =
        shape.has_header || is_created_ ? str_cat({"(", names, ")"}) : std::string();
    return str_cat(
        {"INSERT INTO ", changes::quote_identifier(import_.table), list, " VALUES(", values, ")"});
  }

  Result<uint64_t> load(const Shape& shape, const std::string& insert_text) {
    CsvFile file(import_);
    CsvReader& reader = file.reader();
    if (shape.has_header) DOSQL_TRY(reader.next());
    DOSQL_TRY(Statement insert, session_.prepare(insert_text));
    uint64_t rows = 0;
    uint64_t bytes_committed = 0;
    while (true) {
      DOSQL_TRY(const bool is_there, reader.next());
      if (!is_there) break;
      DOSQL_TRY(add_row(insert, reader));
      if (++rows % kProgressEvery == 0) DOSQL_TRY(report(detected_bytes_ + reader.bytes_read()));
      if (reader.bytes_read() - bytes_committed < kCsvBytesPerCommit) continue;
      DOSQL_TRY(session_.run("COMMIT"));
      bytes_committed = reader.bytes_read();
      committed_ = rows;
      DOSQL_TRY(session_.run("BEGIN IMMEDIATE"));
    }
    DOSQL_TRY(session_.run("COMMIT"));
    return rows;
  }

  // Fields go in as text: the column's affinity makes them what they are.
  Result<void> add_row(Statement& insert, const CsvReader& reader) {
    const auto fields = reader.fields();
    for (size_t i = 0; i < fields.size(); ++i) {
      const bool is_null = is_csv_null(fields[i], import_.null_text);
      DOSQL_TRY(insert.bind(static_cast<int>(i) + 1,
                            is_null ? Value() : Value(std::string(fields[i].text))));
    }
    const auto added = insert.step();
    if (added) return {};
    return with_context(str_cat({"line ", std::to_string(reader.line())}), added.error());
  }

  Session& session_;
  const CsvImport& import_;
  const CopyProgress& progress_;
  uint64_t total_ = 0;
  uint64_t detected_bytes_ = 0;
  uint64_t committed_ = 0;
  bool is_created_ = false;
};

}  // namespace

Result<uint64_t> import_csv_file(Session& session, const CsvImport& import,
                                 const CopyProgress& progress) {
  auto rows = Importer(session, import, progress).run();
  if (!rows) return with_context(import.path, rows.error());
  return rows;
}

}  // namespace dosql::engine
