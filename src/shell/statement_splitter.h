// StatementSplitter: cuts a stream of SQL text into statements, as it arrives in pieces. Knows
// quotes, comments and the bodies of triggers, by the rule of sqlite3_complete().
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dosql::shell {

class StatementSplitter {
 public:
  void append(std::string_view text);
  // No more text will come: next() also gives a last statement without a semicolon.
  void finish() { is_finished_ = true; }

  struct Piece {
    std::string_view sql;  // without leading white space; valid until the next call
    size_t line = 1;       // of the whole text, where it begins
    size_t column = 1;     // in characters
  };
  // nullopt: nothing complete (or, after finish(), nothing at all) is left. Never blank text.
  std::optional<Piece> next();

  // Text that next() has not given yet is a statement that has begun.
  [[nodiscard]] bool is_inside() const;
  // Forgets what next() has not given.
  void clear();

 private:
  enum class Token : uint8_t {
    kSemicolon,
    kSpace,
    kOther,
    kExplain,
    kCreate,
    kTemp,
    kTrigger,
    kEnd
  };
  enum class State : uint8_t {
    kInvalid,
    kStart,
    kNormal,
    kExplain,
    kCreate,
    kTrigger,
    kSemi,
    kEnd
  };

  // Length of the token at text_[scan_], 0 while its end has not come.
  size_t token_length(Token& token) const;
  size_t quoted_length(char quote) const;
  size_t word_length(Token& token) const;
  [[nodiscard]] std::string_view rest() const { return std::string_view(text_).substr(scan_); }
  Piece take();
  // Moves the position on.
  void pass(std::string_view text);

  std::string text_;
  size_t begin_ = 0;  // of the statement that has not been given
  size_t scan_ = 0;
  size_t line_ = 1;  // at begin_
  size_t column_ = 1;
  State state_ = State::kInvalid;
  bool has_tokens_ = false;  // between begin_ and scan_, other than space and semicolons
  bool is_finished_ = false;
};

}  // namespace dosql::shell
