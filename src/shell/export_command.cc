#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "changes/table_shape.h"
#include "engine/sqlite_files.h"
#include "shell/commands.h"
#include "shell/sql_dump.h"
#include "shell/sql_runner.h"

namespace dosql::shell {
namespace {

enum class Kind : uint8_t { kSqlite, kSql, kCsv, kJsonl };

Result<Kind> kind_of(Call& call, const std::string& path) {
  const auto given = call.arguments().find("type");
  const std::string extension = to_lower(std::filesystem::path(path).extension().string());
  const std::string name = given ? std::string(*given) : extension;
  if (name == "sqlite" || name == ".sqlite" || name == ".sqlite3" || name == ".db") {
    return Kind::kSqlite;
  }
  if (name == "sql" || name == ".sql") return Kind::kSql;
  if (name == "csv" || name == ".csv") return Kind::kCsv;
  if (name == "jsonl" || name == ".jsonl" || name == ".ndjson") return Kind::kJsonl;
  if (given) {
    return call.wrong_usage(str_cat({"--type is sqlite, sql, csv or jsonl, not \"", *given, "\""}));
  }
  return call.wrong_usage(
      str_cat({"cannot tell what \"", path,
               "\" shall be: end it in .sqlite, .sql, .csv or .jsonl, or say it "
               "with --type"}));
}

// The query of which the rows are written.
Result<std::string> query_of(Call& call, Session& session) {
  if (const auto query = call.arguments().find("query")) return std::string(*query);
  if (const auto table = call.arguments().find("table")) {
    return "SELECT * FROM " + changes::quote_identifier(*table);
  }
  DOSQL_TRY(const Rows tables,
            session.query("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN "
                          "('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                          "ORDER BY name"));
  if (tables.size() != 1) {
    std::string names;
    for (const auto& row : tables.rows) {
      names += str_cat({names.empty() ? "" : ", ", text_of(cell_of(row[0]), "")});
    }
    return call.wrong_usage(str_cat({"name the table with --table (it has: ", names, ")"}));
  }
  return "SELECT * FROM " + changes::quote_identifier(text_of(cell_of(tables.at(0, 0)), ""));
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Writes into `path`.unfinished and renames it when it is whole.
Result<void> write_file(const std::string& path,
                        const std::function<Result<void>(Output&)>& write) {
  const std::string unfinished = path + ".unfinished";
  const auto system_failure = [&] {
    return fail(Code::kIo, str_cat({"cannot write \"", path, "\": ", std::strerror(errno)}));
  };
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(unfinished.c_str(), "wb"));
  if (file == nullptr) return system_failure();
  FileOutput out(file.get(), path);
  auto done = write(out);
  if (done) done = out.flush();
  if (done && std::rename(unfinished.c_str(), path.c_str()) != 0) done = system_failure();
  if (!done) std::remove(unfinished.c_str());
  return done;
}

Result<void> write_rows(Call& call, Session& session, Kind kind, Output& out) {
  DOSQL_TRY(const std::string query, query_of(call, session));
  FormatOptions options = call.format();
  options.format = kind == Kind::kCsv ? Format::kCsv : Format::kJsonl;
  const auto sink = make_row_sink(options, out);
  return SqlRunner(session, *sink, out, call.terminal().interrupts).run(query);
}

}  // namespace

Result<void> run_export(Call& call) {
  const std::string path(call.positional(1));
  DOSQL_TRY(const Kind kind, kind_of(call, path));
  if (std::filesystem::exists(path) && !call.arguments().has("force")) {
    return fail(Code::kAlreadyExists, str_cat({"file \"", path, "\" exists; --force replaces it"}));
  }
  DOSQL_TRY(Database database, call.database(call.positional(0)));
  DOSQL_TRY(Session session, database.session());
  if (kind != Kind::kSqlite) {
    return write_file(path, [&](Output& out) {
      return kind == Kind::kSql ? write_sql_dump(session, out, call.terminal().interrupts)
                                : write_rows(call, session, kind, out);
    });
  }
  Progress progress(call.progress_mode(), call.terminal().err, Clock::system(), "exporting " + path,
                    "pages", 0);
  return engine::export_sqlite_file(session, path, [&](uint64_t done, uint64_t total) {
    progress.set_total(total);
    progress.update(done);
    return !call.terminal().interrupts.is_raised();
  });
}

Result<void> run_dump(Call& call) {
  DOSQL_TRY(Database database, call.database(call.positional(0)));
  DOSQL_TRY(Session session, database.session());
  return write_sql_dump(session, call.terminal().out, call.terminal().interrupts);
}

}  // namespace dosql::shell
