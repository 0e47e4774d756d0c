#include <cctype>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "changes/table_shape.h"
#include "engine/csv_import.h"
#include "engine/sqlite_files.h"
#include "shell/commands.h"
#include "shell/place.h"
#include "shell/sql_script.h"

namespace dosql::shell {
namespace {

enum class Kind : uint8_t { kSqlite, kSql, kCsv };

struct Loaded {
  std::string table;
  int64_t rows = 0;
};

Result<Kind> kind_of(Call& call, const std::string& path) {
  const auto given = call.arguments().find("type");
  std::error_code ignored;
  const auto type = std::filesystem::status(path, ignored).type();
  if (type == std::filesystem::file_type::not_found) {
    return fail(Code::kNotFound, str_cat({"there is no file \"", path, "\""}));
  }
  if (type != std::filesystem::file_type::regular) {
    const bool is_directory = type == std::filesystem::file_type::directory;
    return fail(Code::kInvalidArgument,
                str_cat({"\"", path, "\" is ", is_directory ? "a directory" : "no regular file",
                         ": import reads files, and reads them twice"}));
  }
  if (given == "sqlite") return Kind::kSqlite;
  if (given == "sql") return Kind::kSql;
  if (given == "csv") return Kind::kCsv;
  if (given) {
    return call.wrong_usage(str_cat({"--type is sqlite, sql or csv, not \"", *given, "\""}));
  }
  if (engine::page_size_of_sqlite_file(path)) return Kind::kSqlite;
  const std::string extension = to_lower(std::filesystem::path(path).extension().string());
  if (extension == ".sql") return Kind::kSql;
  if (extension == ".csv" || extension == ".tsv" || extension == ".txt") return Kind::kCsv;
  return call.wrong_usage(str_cat({"cannot tell what \"", path,
                                   "\" is: it is no SQLite file and its name ends neither in .csv, "
                                   ".tsv nor .sql; say it with --type sqlite, sql or csv"}));
}

std::string table_name_of(const std::string& path) {
  std::string name = std::filesystem::path(path).stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

Result<engine::CsvImport> csv_import_of(Call& call, const std::string& path) {
  const Arguments& arguments = call.arguments();
  engine::CsvImport import;
  import.path = path;
  import.table =
      arguments.find("table") ? std::string(*arguments.find("table")) : table_name_of(path);
  import.null_text = arguments.value_or("null", "");
  const std::string extension = to_lower(std::filesystem::path(path).extension().string());
  const std::string_view separator =
      arguments.value_or("separator", extension == ".tsv" ? "\t" : ",");
  if (separator != "\\t" && separator.size() != 1) {
    return call.wrong_usage("--separator is one character, or \\t for a tab");
  }
  import.separator = separator == "\\t" ? '\t' : separator[0];
  using Header = engine::CsvImport::Header;
  const std::string_view header = arguments.value_or("header", "auto");
  if (header != "yes" && header != "no" && header != "auto") {
    return call.wrong_usage(str_cat({"--header is yes, no or auto, not \"", header, "\""}));
  }
  import.header = header == "yes" ? Header::kYes : header == "no" ? Header::kNo : Header::kAuto;
  if (arguments.has("append")) import.if_exists = engine::CsvImport::IfExists::kAppend;
  return import;
}

Result<std::vector<Loaded>> count_tables(Session& session) {
  DOSQL_TRY(const Rows tables,
            session.query("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN "
                          "('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                          "ORDER BY name"));
  std::vector<Loaded> loaded;
  for (const auto& row : tables.rows) {
    const std::string name = text_of(cell_of(row[0]), "");
    DOSQL_TRY(const Rows count,
              session.query("SELECT count(*) FROM " + changes::quote_identifier(name)));
    loaded.push_back({name, std::get<int64_t>(count.at(0, 0))});
  }
  return loaded;
}

class Import {
 public:
  Import(Call& call, Store& store) : call_(call), store_(store) {}

  Result<void> run(const std::string& name) {
    const auto& words = call_.arguments().positional();
    const auto done = [&]() -> Result<void> {
      for (size_t i = 1; i < words.size(); ++i) DOSQL_TRY(load(name, std::string(words[i])));
      return {};
    }();
    if (!done && is_created_) {
      database_.reset();
      static_cast<void>(store_.drop_database(name));
    }
    if (!done) return done;
    std::vector<std::vector<Cell>> rows;
    for (const Loaded& loaded : loaded_) rows.push_back({loaded.table, loaded.rows});
    return call_.print({"table", "rows"}, rows);
  }

 private:
  Result<void> open(const std::string& name, uint32_t page_size) {
    if (database_) return {};
    auto found = store_.database(name);
    if (!found && found.error().code == Code::kNotFound) {
      found = store_.create_database(name, {.group = {}, .page_size = page_size});
      is_created_ = found.has_value();
    }
    DOSQL_TRY(database_, std::move(found));
    return {};
  }

  Result<void> load(const std::string& name, const std::string& path) {
    DOSQL_TRY(const Kind kind, kind_of(call_, path));
    uint32_t page_size = DatabaseOptions().page_size;
    if (kind == Kind::kSqlite) {
      DOSQL_TRY(page_size, engine::page_size_of_sqlite_file(path));
    }
    DOSQL_TRY(const engine::CsvImport csv, csv_import_of(call_, path));
    DOSQL_TRY(open(name, page_size));
    DOSQL_TRY(Session session, database_->session());
    const std::string_view unit = kind == Kind::kSqlite ? "pages" : "bytes";
    Progress progress(call_.progress_mode(), call_.terminal().err, Clock::system(),
                      "importing " + path, std::string(unit), 0);
    const engine::CopyProgress report = [&](uint64_t done, uint64_t total) {
      progress.set_total(total);
      progress.update(done);
      return !call_.terminal().interrupts.is_raised();
    };
    if (kind == Kind::kCsv) {
      DOSQL_TRY(const uint64_t rows, engine::import_csv_file(session, csv, report));
      loaded_.push_back({csv.table, static_cast<int64_t>(rows)});
      return {};
    }
    DOSQL_TRY(kind == Kind::kSqlite
                  ? engine::import_sqlite_file(session, path, report)
                  : run_sql_script(session, path, call_.terminal().interrupts, report));
    DOSQL_TRY(Session fresh, database_->session());
    DOSQL_TRY(loaded_, count_tables(fresh));
    return {};
  }

  Call& call_;
  Store& store_;
  std::optional<Database> database_;
  bool is_created_ = false;
  std::vector<Loaded> loaded_;
};

}  // namespace

Result<void> run_import(Call& call) {
  const bool has_many = call.arguments().positional().size() > 2;
  if (has_many && call.arguments().has("table")) {
    return call.wrong_usage("--table names one table and there are several files");
  }
  DOSQL_TRY(const std::string name, database_of(call.positional(0)));
  for (size_t i = 1; i < call.arguments().positional().size(); ++i) {
    const std::string path(call.positional(i));
    DOSQL_TRY(kind_of(call, path));
    DOSQL_TRY(csv_import_of(call, path));
  }
  DOSQL_TRY(Store * store, call.store(Call::IfAbsent::kCreate));
  return Import(call, *store).run(name);
}

}  // namespace dosql::shell
