// Result<T>: a value or an Error. Every fallible function of the core returns one; nothing throws.
//
//   Result<File> open(std::string_view path);
//   DOSQL_TRY(auto file, open("x"));   // declares `file`, or returns the error to the caller
//   DOSQL_TRY(file.sync());            // for Result<void>
//
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace dosql {

// The closed list. Each code is mapped once to its HTTP status, SQLite result code and retry rule
// (base/result.cc).
enum class Code : uint8_t {
  kInvalidArgument,  // the caller's request can never succeed as written
  kNotFound,
  kAlreadyExists,
  kSql,              // SQLite refused the statement (syntax, missing table, misuse, ...)
  kConstraint,       // UNIQUE, NOT NULL, CHECK, FOREIGN KEY, ...
  kBusy,             // somebody else writes; retry later
  kBusySnapshot,     // the snapshot this transaction reads is no longer the head; begin again
  kReadOnly,
  kLocked,           // another process owns the store
  kCorrupt,          // bytes that fail their checksum or their format
  kNewerFormat,      // written by a newer version of the program
  kIo,
  kDiskFull,
  kTooBig,           // beyond a named limit
  kOutcomeUnknown,   // the log failed while the commit was on its way: it may or may not survive
  kInterrupted,
  kUnsupported,      // known, and not built yet
  kInternal,
};

[[nodiscard]] std::string_view name_of(Code code);
[[nodiscard]] int http_status_of(Code code);
// The extended SQLite result code the VFS and the HTTP surface report (SQLITE_CORRUPT, ...).
[[nodiscard]] int sqlite_code_of(Code code);
[[nodiscard]] bool is_retryable(Code code);

// `message` names the thing, the reason and, where there is one, the way out.
struct Error {
  Code code = Code::kInternal;
  std::string message;
};

template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using Base = std::expected<T, Error>;
  using Base::Base;
  Result(Base base) : Base(std::move(base)) {}
  Result() requires std::is_default_constructible_v<Base> = default;
};

[[nodiscard]] inline std::unexpected<Error> fail(Code code, std::string message) {
  return std::unexpected<Error>(Error{code, std::move(message)});
}

// Appends context on the way up: `with_context("database \"acme\"", error)` gives
// `database "acme": <message>`.
[[nodiscard]] inline std::unexpected<Error> with_context(std::string_view context, Error error) {
  std::string text(context);
  text += ": ";
  text += error.message;
  return std::unexpected<Error>(Error{error.code, std::move(text)});
}

namespace internal {
[[noreturn]] void check_failed(const char* expression, const char* file, int line);
}  // namespace internal

}  // namespace dosql

#define DOSQL_CONCAT_(a, b) a##b
#define DOSQL_CONCAT(a, b) DOSQL_CONCAT_(a, b)
#define DOSQL_TRY_1_(tmp, expression) \
  if (auto tmp = (expression); !tmp) return std::unexpected(std::move(tmp).error())
#define DOSQL_TRY_2_(tmp, declaration, expression)                 \
  auto tmp = (expression);                                         \
  if (!tmp) return std::unexpected(std::move(tmp).error());        \
  declaration = *std::move(tmp)
#define DOSQL_TRY_PICK_(_1, _2, name, ...) name
#define DOSQL_TRY(...)                                            \
  DOSQL_TRY_PICK_(__VA_ARGS__, DOSQL_TRY_2_, DOSQL_TRY_1_, unused) \
  (DOSQL_CONCAT(dosql_try_, __COUNTER__), __VA_ARGS__)

// An invariant of our own code. Stays on in release. Never for input: bad input is an Error.
#define DOSQL_CHECK(condition)                                                         \
  do {                                                                                 \
    if (!(condition)) ::dosql::internal::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
