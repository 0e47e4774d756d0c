// SqlRunner: runs statements on a session one by one; rows go to a sink, acknowledgements beside
// them. Used by `sql`, `shell` and `import` of SQL text.
// Thread rule: one thread; Ctrl-C interrupts the running statement.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <dosql/session.h>

#include "shell/interrupts.h"
#include "shell/output.h"
#include "shell/row_sink.h"
#include "shell/statement_splitter.h"

namespace dosql::shell {

using NamedValues = std::vector<std::pair<std::string, Value>>;

// `name=value`: an integer or a number where the text is exactly one, else text. A name of digits
// is the position of a `?`.
Result<std::pair<std::string, Value>> parse_parameter(std::string_view text);

class SqlRunner {
 public:
  enum class Acknowledge : uint8_t { kNo, kEachCommit };

  SqlRunner(Session& session, RowSink& sink, Output& out, Interrupts& interrupts)
      : session_(session), sink_(sink), out_(out), interrupts_(interrupts) {}

  // Each commit's bookmark, alone on a line, once it is durable.
  void set_acknowledge(Acknowledge acknowledge) { acknowledge_ = acknowledge; }
  void set_parameters(NamedValues parameters) { parameters_ = std::move(parameters); }

  // One statement; what it commits is durable on return. Errors name the table that was probably
  // meant.
  Result<void> run(std::string_view sql);
  // All that `splitter` can give now; errors name the place in its whole text.
  Result<void> run_available(StatementSplitter& splitter);
  // An error of run(piece.sql), with the position in the text that the piece is of.
  [[nodiscard]] static Error placed(Error error, const StatementSplitter::Piece& piece);
  // Ends a transaction that is open; false when there was none.
  bool roll_back();

 private:
  Result<void> bind(Statement& statement);
  Result<void> step_all(Statement& statement);
  Error with_suggestion(Error error, std::string_view sql);

  Session& session_;
  RowSink& sink_;
  Output& out_;
  Interrupts& interrupts_;
  Acknowledge acknowledge_ = Acknowledge::kNo;
  NamedValues parameters_;
};

}  // namespace dosql::shell
