// Result<T> (dosql/errors.h) inside: how to make an Error and how to hand one up.
//
//   DOSQL_TRY(auto file, open("x"));   // declares `file`, or returns the error to the caller
//   DOSQL_TRY(file.sync());            // for Result<void>
//
// Thread rule: plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <dosql/errors.h>

namespace dosql {

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
#define DOSQL_TRY_2_(tmp, declaration, expression)          \
  auto tmp = (expression);                                  \
  if (!tmp) return std::unexpected(std::move(tmp).error()); \
  declaration = *std::move(tmp)
#define DOSQL_TRY_PICK_(_1, _2, name, ...) name
#define DOSQL_TRY(...)                                             \
  DOSQL_TRY_PICK_(__VA_ARGS__, DOSQL_TRY_2_, DOSQL_TRY_1_, unused) \
  (DOSQL_CONCAT(dosql_try_, __COUNTER__), __VA_ARGS__)

// An invariant of our own code. Stays on in release. Never for input: bad input is an Error.
#define DOSQL_CHECK(condition)                                                         \
  do {                                                                                 \
    if (!(condition)) ::dosql::internal::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
