#include "shell/sql_script.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "shell/sql_runner.h"

namespace dosql::shell {
namespace {

constexpr size_t kReadBytes = 256U << 10;
constexpr uint64_t kBytesPerCommit = 32U << 20;

class NoRows final : public RowSink {
 public:
  Result<void> begin(const std::vector<std::string>&) override { return {}; }
  Result<void> row(std::span<const Cell>) override { return {}; }
  Result<void> end() override { return {}; }
};

// Statements that begin or end transactions, or mean something else inside one.
bool wants_no_transaction(std::string_view sql) {
  static const std::vector<std::string> words = {
      "begin", "commit", "end", "rollback", "savepoint", "pragma", "vacuum", "attach", "detach"};
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto end = std::ranges::find_if_not(sql, is_letter);
  const std::string word = to_lower(sql.substr(0, static_cast<size_t>(end - sql.begin())));
  return std::ranges::find(words, word) != words.end();
}

class Script {
 public:
  Script(Session& session, Interrupts& interrupts)
      : session_(session), runner_(session, no_rows_, nowhere_, interrupts) {}

  Result<void> run(const StatementSplitter::Piece& piece) {
    if (wants_no_transaction(piece.sql)) {
      DOSQL_TRY(commit_own());
    } else if (!session_.in_transaction()) {
      DOSQL_TRY(session_.run("BEGIN IMMEDIATE"));
      is_own_ = true;
    }
    bytes_ += piece.sql.size();
    const auto done = runner_.run(piece.sql);
    if (!done) return std::unexpected(SqlRunner::placed(done.error(), piece));
    return bytes_ < kBytesPerCommit ? Result<void>() : commit_own();
  }

  Result<void> commit_own() {
    bytes_ = 0;
    if (!std::exchange(is_own_, false) || !session_.in_transaction()) return {};
    DOSQL_TRY(session_.run("COMMIT"));
    return {};
  }

  Result<void> end() {
    DOSQL_TRY(commit_own());
    if (!runner_.roll_back()) return {};
    return fail(Code::kInvalidArgument, "the file ends inside a transaction; it was rolled back");
  }

  void roll_back() { static_cast<void>(runner_.roll_back()); }

 private:
  Session& session_;
  NoRows no_rows_;
  StringOutput nowhere_;
  SqlRunner runner_;
  bool is_own_ = false;  // the open transaction is ours
  uint64_t bytes_ = 0;   // of statements in it
};

}  // namespace

Result<void> run_sql_script(Session& session, const std::string& path, Interrupts& interrupts,
                            const engine::CopyProgress& progress) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Code::kNotFound, str_cat({"cannot read \"", path, "\""}));
  std::error_code ignored;
  const uint64_t total = std::filesystem::file_size(path, ignored);
  StatementSplitter splitter;
  Script script(session, interrupts);
  std::string buffer(kReadBytes, '\0');
  uint64_t done = 0;
  const auto run = [&]() -> Result<void> {
    bool is_at_end = false;
    while (!is_at_end) {
      file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
      const auto count = static_cast<size_t>(file.gcount());
      is_at_end = count < buffer.size();
      splitter.append(std::string_view(buffer).substr(0, count));
      if (is_at_end) splitter.finish();
      while (const auto piece = splitter.next()) DOSQL_TRY(script.run(*piece));
      done += count;
      if (!progress(done, total)) return fail(Code::kInterrupted, "interrupted");
    }
    return script.end();
  };
  const auto outcome = run();
  if (!outcome) {
    script.roll_back();
    return with_context(path, outcome.error());
  }
  return {};
}

}  // namespace dosql::shell
