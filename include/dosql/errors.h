// Result<T>: a value or an Error. Nothing in DoSQL's API throws (std::bad_alloc aside).
//
//   auto rows = db.query("SELECT 1");
//   if (!rows) std::fprintf(stderr, "%s\n", rows.error().message.c_str());
//
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace dosql {

// The closed list. Each code has one HTTP status, one SQLite result code and one retry rule.
enum class Code : uint8_t {
  kInvalidArgument,  // the caller's request can never succeed as written
  kNotFound,
  kAlreadyExists,
  kSql,           // SQLite refused the statement (syntax, missing table, misuse, ...)
  kConstraint,    // UNIQUE, NOT NULL, CHECK, FOREIGN KEY, ...
  kBusy,          // somebody else writes; retry later
  kBusySnapshot,  // the snapshot this transaction reads is no longer the head; begin again
  kReadOnly,
  kLocked,       // another process owns the store
  kCorrupt,      // bytes that fail their checksum or their format
  kNewerFormat,  // written by a newer version of the program
  kIo,
  kDiskFull,
  kTooBig,          // beyond a named limit
  kOutcomeUnknown,  // the log failed while the commit was on its way: it may or may not survive
  kInterrupted,
  kUnsupported,  // known, and not built yet
  kInternal,
};

[[nodiscard]] std::string_view name_of(Code code);
[[nodiscard]] int http_status_of(Code code);
// The (extended) SQLite result code: SQLITE_CORRUPT, SQLITE_BUSY_SNAPSHOT, ...
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
  Result()
    requires std::is_default_constructible_v<Base>
  = default;
};

}  // namespace dosql
