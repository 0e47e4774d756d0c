#include "shell/sql_dump.h"

#include "base/text.h"
#include "changes/table_shape.h"
#include "shell/row_sink.h"

namespace dosql::shell {
namespace {

using changes::quote_identifier;

class Dump {
 public:
  Dump(Session& session, Output& out, const Interrupts& interrupts)
      : session_(session), out_(out), interrupts_(interrupts) {}

  Result<void> run() {
    DOSQL_TRY(out_.write("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"));
    DOSQL_TRY(const Rows tables,
              session_.query("SELECT s.name, s.sql, l.type FROM sqlite_schema AS s "
                             "JOIN pragma_table_list AS l ON l.name = s.name AND l.schema = 'main' "
                             "WHERE s.type = 'table' AND l.type IN ('table', 'virtual') "
                             "AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid"));
    for (const auto& table : tables.rows) {
      DOSQL_TRY(write_table(text_of(cell_of(table[0]), ""), text_of(cell_of(table[1]), "")));
    }
    DOSQL_TRY(write_sequences());
    DOSQL_TRY(
        write_lines("SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL "
                    "AND type IN ('index', 'trigger', 'view') "
                    "ORDER BY type <> 'index', type <> 'view', rowid"));
    return out_.write("COMMIT;\n");
  }

 private:
  Result<void> write_table(const std::string& name, const std::string& create) {
    DOSQL_TRY(out_.write(str_cat({create, ";\n"})));
    DOSQL_TRY(const Rows columns,
              session_.query("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid",
                             {name}));
    std::string names;
    std::string values;
    const auto add = [&](const std::string& column) {
      const std::string_view comma = names.empty() ? "" : ", ";
      names += str_cat({comma, column});
      values += str_cat({values.empty() ? "" : " || ',' || ", "quote(", column, ")"});
    };
    // Full-text tables refer to their rows by number.
    if (to_lower(create).find("using fts") != std::string::npos) add("rowid");
    for (const auto& column : columns.rows) add(quote_identifier(text_of(cell_of(column[0]), "")));
    if (names.empty()) return {};
    const std::string insert =
        str_cat({"INSERT INTO ", quote_identifier(name), "(", names, ") VALUES("});
    return write_lines("SELECT ? || " + values + " || ');' FROM " + quote_identifier(name), insert);
  }

  Result<void> write_sequences() {
    DOSQL_TRY(const Rows found, session_.query("SELECT 1 FROM sqlite_schema WHERE name = "
                                               "'sqlite_sequence'"));
    if (found.empty()) return {};
    DOSQL_TRY(out_.write("DELETE FROM sqlite_sequence;\n"));
    return write_lines(
        "SELECT 'INSERT INTO sqlite_sequence VALUES(' || quote(name) || ',' || "
        "quote(seq) || ');' FROM sqlite_sequence");
  }

  // The first column of each row, a line each.
  Result<void> write_lines(const std::string& sql, const std::string& parameter = {}) {
    DOSQL_TRY(Statement statement, session_.prepare(sql));
    if (!parameter.empty()) DOSQL_TRY(statement.bind(1, parameter));
    DOSQL_TRY(bool has_row, statement.step());
    while (has_row) {
      DOSQL_TRY(interrupts_.check());
      DOSQL_TRY(out_.write(text_of(cell_of(statement.column(0)), "")));
      DOSQL_TRY(out_.write("\n"));
      DOSQL_TRY(has_row, statement.step());
    }
    return {};
  }

  Session& session_;
  Output& out_;
  const Interrupts& interrupts_;
};

}  // namespace

Result<void> write_sql_dump(Session& session, Output& out, const Interrupts& interrupts) {
  DOSQL_TRY(session.run("BEGIN"));  // one version for all queries
  const auto done = Dump(session, out, interrupts).run();
  static_cast<void>(session.run("ROLLBACK"));
  return done;
}

}  // namespace dosql::shell
