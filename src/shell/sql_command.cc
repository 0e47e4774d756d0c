#include "base/text.h"
#include "shell/commands.h"
#include "shell/sql_runner.h"

namespace dosql::shell {
namespace {

constexpr size_t kReadBytes = 64U << 10;

// Statements run as they come in: a generator at the other end of a pipe may wait for replies.
Result<void> run_input(Call& call, SqlRunner& runner) {
  Input input(call.terminal().in, call.terminal().interrupts);
  StatementSplitter splitter;
  std::string buffer(kReadBytes, '\0');
  while (true) {
    DOSQL_TRY(const size_t count, input.read(buffer));
    if (count == 0) break;
    splitter.append(std::string_view(buffer).substr(0, count));
    DOSQL_TRY(runner.run_available(splitter));
    DOSQL_TRY(call.terminal().out.flush());
  }
  splitter.finish();
  return runner.run_available(splitter);
}

Result<void> run_words(Call& call, SqlRunner& runner) {
  const auto& words = call.arguments().positional();
  for (size_t i = 1; i < words.size(); ++i) {
    StatementSplitter splitter;
    splitter.append(words[i]);
    splitter.finish();
    DOSQL_TRY(runner.run_available(splitter));
  }
  return {};
}

}  // namespace

Result<void> run_sql(Call& call) {
  NamedValues parameters;
  for (const std::string_view text : call.arguments().all("param")) {
    auto parameter = parse_parameter(text);
    if (!parameter) return call.wrong_usage(parameter.error().message);
    parameters.push_back(*std::move(parameter));
  }
  DOSQL_TRY(Database database, call.database(call.positional(0)));
  DOSQL_TRY(Session session, database.session());
  const auto sink = make_row_sink(call.format(), call.terminal().out);
  SqlRunner runner(session, *sink, call.terminal().out, call.terminal().interrupts);
  runner.set_parameters(std::move(parameters));
  if (call.arguments().has("ack")) {
    runner.set_acknowledge(SqlRunner::Acknowledge::kEachCommit);
  }
  const bool has_words = call.arguments().positional().size() > 1;
  const auto done = has_words ? run_words(call, runner) : run_input(call, runner);
  const bool was_open = runner.roll_back();
  if (done && was_open) {
    call.terminal().say(
        "dosql: warning: the transaction was still open at the end of the input and is rolled "
        "back; end it with COMMIT\n");
  }
  return done;
}

}  // namespace dosql::shell
