#include "shell/statement_splitter.h"

#include <algorithm>

#include "base/text.h"

namespace dosql::shell {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || (static_cast<uint8_t>(c) & 0x80) != 0;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

}  // namespace

void StatementSplitter::append(std::string_view text) {
  if (begin_ > text_.size() / 2) {
    text_.erase(0, begin_);
    scan_ -= begin_;
    begin_ = 0;
  }
  text_ += text;
}

void StatementSplitter::clear() {
  pass(std::string_view(text_).substr(begin_));
  begin_ = scan_ = text_.size();
  state_ = State::kInvalid;
  has_tokens_ = false;
}

bool StatementSplitter::is_inside() const {
  return has_tokens_ || scan_ < text_.size();
}

size_t StatementSplitter::quoted_length(char quote) const {
  const size_t end = rest().find(quote, 1);
  if (end == std::string_view::npos) return is_finished_ ? rest().size() : 0;
  return end + 1;
}

size_t StatementSplitter::word_length(Token& token) const {
  const std::string_view text = rest();
  size_t length = 1;
  while (length < text.size() && is_word(text[length])) ++length;
  if (length == text.size() && !is_finished_) return 0;
  const std::string_view word = text.substr(0, length);
  if (equals_ignoring_case(word, "create")) token = Token::kCreate;
  if (equals_ignoring_case(word, "trigger")) token = Token::kTrigger;
  if (equals_ignoring_case(word, "temp") || equals_ignoring_case(word, "temporary")) {
    token = Token::kTemp;
  }
  if (equals_ignoring_case(word, "end")) token = Token::kEnd;
  if (equals_ignoring_case(word, "explain")) token = Token::kExplain;
  return length;
}

size_t StatementSplitter::token_length(Token& token) const {
  const std::string_view text = rest();
  const char c = text.front();
  const bool has_second = text.size() > 1;
  token = Token::kOther;
  switch (c) {
    case ';':
      token = Token::kSemicolon;
      return 1;
    case '/':
    case '-': {
      if (!has_second) return is_finished_ ? 1 : 0;
      const bool is_block = c == '/' && text[1] == '*';
      if (!is_block && (c == '/' || text[1] != '-')) return 1;
      token = Token::kSpace;
      const size_t end = is_block ? text.find("*/", 2) : text.find('\n');
      if (end == std::string_view::npos) return is_finished_ ? text.size() : 0;
      return is_block ? end + 2 : end + 1;
    }
    case '[':
      return quoted_length(']');
    case '\'':
    case '"':
    case '`':
      return quoted_length(c);
    default:
      if (is_space(c)) {
        token = Token::kSpace;
        return 1;
      }
      return is_word(c) ? word_length(token) : 1;
  }
}

void StatementSplitter::pass(std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
      ++column_;
    }
  }
}

StatementSplitter::Piece StatementSplitter::take() {
  std::string_view sql = std::string_view(text_).substr(begin_, scan_ - begin_);
  const size_t blank = std::min(sql.find_first_not_of(" \t\r\n\f"), sql.size());
  pass(sql.substr(0, blank));
  const Piece piece{sql.substr(blank), line_, column_};
  pass(piece.sql);
  begin_ = scan_;
  state_ = State::kInvalid;
  has_tokens_ = false;
  return piece;
}

std::optional<StatementSplitter::Piece> StatementSplitter::next() {
  using enum State;
  // Rows: states, columns: tokens, as in sqlite3_complete(); a statement is complete in kStart.
  static constexpr State kNext[8][8] = {
      // ;      space     other     explain   create    temp      trigger   end
      {kStart, kInvalid, kNormal, kExplain, kCreate, kNormal, kNormal, kNormal},          // invalid
      {kStart, kStart, kNormal, kExplain, kCreate, kNormal, kNormal, kNormal},            // start
      {kStart, kNormal, kNormal, kNormal, kNormal, kNormal, kNormal, kNormal},            // normal
      {kStart, kExplain, kExplain, kNormal, kCreate, kNormal, kNormal, kNormal},          // explain
      {kStart, kCreate, kNormal, kNormal, kNormal, kCreate, kTrigger, kNormal},           // create
      {kSemi, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger},      // trigger
      {kSemi, kSemi, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger, State::kEnd},      // semi
      {kStart, State::kEnd, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger, kTrigger},  // end
  };
  while (scan_ < text_.size()) {
    Token token = Token::kOther;
    const size_t length = token_length(token);
    if (length == 0) return std::nullopt;
    scan_ += length;
    has_tokens_ |= token != Token::kSpace && token != Token::kSemicolon;
    state_ = kNext[static_cast<size_t>(state_)][static_cast<size_t>(token)];
    if (state_ != kStart || token != Token::kSemicolon) continue;
    const bool is_blank = !has_tokens_;
    const Piece piece = take();
    if (!is_blank) return piece;
  }
  if (!is_finished_ || !has_tokens_) return std::nullopt;
  return take();
}

}  // namespace dosql::shell
