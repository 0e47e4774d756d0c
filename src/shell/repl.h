// Repl: the interactive shell: lines in, statements and dot-commands run, results out. An error
// ends a statement, not the shell; Ctrl-C ends what runs, or the line that is being typed. Thread
// rule: one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <dosql/database.h>

#include "shell/call.h"
#include "shell/sql_runner.h"

namespace dosql::shell {

class Repl {
 public:
  explicit Repl(Call& call) : call_(call), format_(call.format()) {}

  // Chooses the database; an open transaction of the one before is rolled back.
  Result<void> use(std::string_view place);
  // Until the end of the input or .quit.
  Result<void> run();

 private:
  struct DotCommand;
  static const DotCommand* dot_commands(size_t& count);

  enum class Next : uint8_t { kGoOn, kQuit };
  Next run_line(const std::string& line, StatementSplitter& splitter);
  Next run_dot(std::string_view line);
  Result<void> run_statements(StatementSplitter& splitter);
  Result<Session*> session();
  [[nodiscard]] std::string prompt(const StatementSplitter& splitter) const;
  void complain(const Error& error);
  void warn_of_open_transaction();

  Result<void> show_help(std::string_view);
  Result<void> show_databases(std::string_view);
  Result<void> show_tables(std::string_view pattern);
  Result<void> show_indexes(std::string_view table);
  Result<void> show_schema(std::string_view name);
  Result<void> set_mode(std::string_view name);
  Result<void> read_file(std::string_view path);
  Result<void> set_timer(std::string_view state);
  Result<void> show(std::string_view sql, std::string_view parameter);

  Call& call_;
  FormatOptions format_;
  std::string place_;
  std::optional<Database> database_;
  std::optional<Session> session_;
  bool is_timed_ = false;
  int depth_ = 0;  // of .read
};

}  // namespace dosql::shell
