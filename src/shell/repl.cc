#include "shell/repl.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "shell/commands.h"

namespace dosql::shell {
namespace {

constexpr int kReadDepthMax = 8;

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace

struct Repl::DotCommand {
  std::string_view name;
  std::string_view arguments;
  std::string_view help;
  Result<void> (Repl::*run)(std::string_view argument);  // nullptr: quits
};

const Repl::DotCommand* Repl::dot_commands(size_t& count) {
  static constexpr DotCommand kCommands[] = {
      {"databases", "", "the databases of the store", &Repl::show_databases},
      {"exit", "", "leave", nullptr},
      {"help", "", "this list", &Repl::show_help},
      {"indexes", "[TABLE]", "names of indexes", &Repl::show_indexes},
      {"mode", "FORMAT", "table, csv, json, jsonl, markdown or line", &Repl::set_mode},
      {"quit", "", "leave", nullptr},
      {"read", "FILE", "run the statements of a file", &Repl::read_file},
      {"schema", "[NAME]", "CREATE statements", &Repl::show_schema},
      {"tables", "[PATTERN]", "names of tables and views (a LIKE pattern)", &Repl::show_tables},
      {"timer", "on|off", "show how long each statement takes", &Repl::set_timer},
      {"use", "PLACE", "go to another database", &Repl::use},
  };
  count = std::size(kCommands);
  return kCommands;
}

Result<void> Repl::use(std::string_view place) {
  DOSQL_TRY(Database database, call_.database(place));
  DOSQL_TRY(Session session, database.session());
  warn_of_open_transaction();
  session_.reset();
  database_.emplace(std::move(database));
  session_.emplace(std::move(session));
  place_ = place;
  return {};
}

Result<Session*> Repl::session() {
  if (session_) return &*session_;
  return fail(Code::kInvalidArgument,
              "no database is chosen: .use NAME chooses one, .databases lists them");
}

std::string Repl::prompt(const StatementSplitter& splitter) const {
  std::string text = place_.empty() ? "dosql" : place_;
  if (splitter.is_inside()) return std::string(text.size() - 1, ' ') + "...> ";
  if (session_ && session_->in_transaction()) text += "*";
  return text + "> ";
}

void Repl::complain(const Error& error) {
  call_.terminal().say(str_cat({"dosql: ", error.message, "\n"}));
}

Result<void> Repl::run() {
  Terminal& terminal = call_.terminal();
  Input input(terminal.in, terminal.interrupts);
  StatementSplitter splitter;
  while (true) {
    if (terminal.is_in_terminal) terminal.say(prompt(splitter));
    auto line = input.read_line();
    if (!line && line.error().code == Code::kInterrupted && terminal.is_in_terminal) {
      terminal.interrupts.clear();
      splitter.clear();
      terminal.say("\n");
      continue;
    }
    DOSQL_TRY(std::string text, std::move(line));
    if (text.empty()) break;
    if (run_line(text, splitter) == Next::kQuit) {
      warn_of_open_transaction();
      return {};
    }
    DOSQL_TRY(terminal.out.flush());
    if (terminal.is_in_terminal) terminal.interrupts.clear();
  }
  splitter.finish();
  const auto done = run_statements(splitter);
  if (!done) complain(done.error());
  if (terminal.is_in_terminal) terminal.say("\n");
  warn_of_open_transaction();
  return {};
}

void Repl::warn_of_open_transaction() {
  if (!session_ || !session_->in_transaction()) return;
  call_.terminal().say("dosql: warning: the open transaction was rolled back\n");
}

Repl::Next Repl::run_line(const std::string& line, StatementSplitter& splitter) {
  if (!splitter.is_inside() && trimmed(line).starts_with('.')) return run_dot(trimmed(line));
  splitter.append(line);
  const auto done = run_statements(splitter);
  if (!done) {
    complain(done.error());
    splitter.clear();
  }
  return Next::kGoOn;
}

Repl::Next Repl::run_dot(std::string_view line) {
  const size_t space = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view name = line.substr(1, space - 1);
  size_t count = 0;
  const DotCommand* commands = dot_commands(count);
  std::vector<std::string> names;
  for (size_t i = 0; i < count; ++i) {
    if (commands[i].name == name) {
      if (commands[i].run == nullptr) return Next::kQuit;
      const auto done = (this->*commands[i].run)(trimmed(line.substr(space)));
      if (!done) complain(done.error());
      return Next::kGoOn;
    }
    names.emplace_back(commands[i].name);
  }
  const std::string_view nearest = nearest_word(name, names);
  const std::string hint =
      nearest.empty() ? "(.help lists them)" : str_cat({"(did you mean .", nearest, "?)"});
  complain({Code::kInvalidArgument, str_cat({"there is no .", name, " ", hint})});
  return Next::kGoOn;
}

Result<void> Repl::run_statements(StatementSplitter& splitter) {
  const auto sink = make_row_sink(format_, call_.terminal().out);
  while (const auto piece = splitter.next()) {
    DOSQL_TRY(Session * session, this->session());
    SqlRunner runner(*session, *sink, call_.terminal().out, call_.terminal().interrupts);
    const int64_t begun = Clock::system().steady_us();
    DOSQL_TRY(runner.run(piece->sql));
    if (!is_timed_) continue;
    char text[64];
    std::snprintf(text, sizeof text, "%.3f ms\n",
                  static_cast<double>(Clock::system().steady_us() - begun) / 1000);
    call_.terminal().say(text);
  }
  return {};
}

// --- dot-commands

Result<void> Repl::show_help(std::string_view) {
  size_t count = 0;
  const DotCommand* commands = dot_commands(count);
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    std::string left = str_cat({".", commands[i].name, " ", commands[i].arguments});
    left.resize(std::max<size_t>(left.size(), 20), ' ');
    text += str_cat({left, commands[i].help, "\n"});
  }
  text += "Anything else is SQL and ends with a semicolon.\n";
  return call_.terminal().out.write(text);
}

Result<void> Repl::show(std::string_view sql, std::string_view parameter) {
  DOSQL_TRY(Session * session, this->session());
  DOSQL_TRY(const Rows rows, session->query(sql, {std::string(parameter)}));
  std::string text;
  for (const auto& row : rows.rows) text += str_cat({text_of(cell_of(row[0]), ""), "\n"});
  return call_.terminal().out.write(text);
}

Result<void> Repl::show_databases(std::string_view) {
  return run_db_list(call_);
}

Result<void> Repl::show_tables(std::string_view pattern) {
  return show(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE "
      "'sqlite\\_%' ESCAPE '\\' AND name LIKE ? ORDER BY name",
      pattern.empty() ? "%" : pattern);
}

Result<void> Repl::show_indexes(std::string_view table) {
  return show(
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name LIKE ? ORDER BY name",
      table.empty() ? "%" : table);
}

Result<void> Repl::show_schema(std::string_view name) {
  return show(
      "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name LIKE ? ORDER BY "
      "rowid",
      name.empty() ? "%" : name);
}

Result<void> Repl::set_mode(std::string_view name) {
  const auto format = format_of(name);
  if (!format) {
    return fail(Code::kInvalidArgument,
                str_cat({"there is no mode \"", name,
                         "\"; it is one of table, csv, json, jsonl, markdown, line"}));
  }
  format_.format = *format;
  return {};
}

Result<void> Repl::set_timer(std::string_view state) {
  if (state != "on" && state != "off")
    return fail(Code::kInvalidArgument, ".timer on or .timer off");
  is_timed_ = state == "on";
  return {};
}

Result<void> Repl::read_file(std::string_view path) {
  std::ifstream file{std::string(path)};
  if (!file) return fail(Code::kNotFound, str_cat({"cannot read \"", path, "\""}));
  if (depth_ >= kReadDepthMax) return fail(Code::kTooBig, ".read is nested too deeply");
  ++depth_;
  StatementSplitter splitter;
  std::string line;
  auto next = Next::kGoOn;
  while (next == Next::kGoOn && std::getline(file, line)) next = run_line(line + "\n", splitter);
  splitter.finish();
  --depth_;
  return run_statements(splitter);
}

// --- the command

Result<void> run_shell(Call& call) {
  Repl repl(call);
  if (!call.arguments().positional().empty()) {
    DOSQL_TRY(repl.use(call.positional(0)));
  }
  if (call.terminal().is_in_terminal) {
    call.terminal().say(str_cat({"dosql ", version_string(), "; .help lists the commands\n"}));
  }
  return repl.run();
}

}  // namespace dosql::shell
