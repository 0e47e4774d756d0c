// RAII over DuckDB's C handles. For this folder's .cc files alone: it shows duckdb.h.
#pragma once

#include <duckdb.h>

#include <memory>
#include <string>
#include <utility>

#include "base/result.h"

namespace dosql::duck {

// Owns a handle that `destroy(&handle)` frees.
template <class T, auto destroy>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T value) : value_(value) {}
  Handle(Handle&& other) noexcept : value_(std::exchange(other.value_, T{})) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Handle() { reset(); }
  void reset() {
    if (value_ != T{}) destroy(&value_);
    value_ = T{};
  }
  [[nodiscard]] T get() const { return value_; }
  // For out parameters.
  [[nodiscard]] T* out() {
    reset();
    return &value_;
  }
  explicit operator bool() const { return value_ != T{}; }

 private:
  T value_{};
};

using DatabaseHandle = Handle<duckdb_database, duckdb_close>;
using ConnectionHandle = Handle<duckdb_connection, duckdb_disconnect>;
using PreparedHandle = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using ChunkHandle = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using TypeHandle = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;
using ValueHandle = Handle<duckdb_value, duckdb_destroy_value>;
using ExtractedHandle = Handle<duckdb_extracted_statements, duckdb_destroy_extracted>;

// duckdb_result is a struct, destroyed even after a failed query.
class ResultHandle {
 public:
  ResultHandle() = default;
  ResultHandle(const ResultHandle&) = delete;
  ResultHandle& operator=(const ResultHandle&) = delete;
  ~ResultHandle() { duckdb_destroy_result(&result_); }
  [[nodiscard]] duckdb_result* get() { return &result_; }
  // What went wrong with the statement, as one line.
  [[nodiscard]] std::unexpected<Error> error();

 private:
  duckdb_result result_{};
};

// Takes a string that DuckDB allocated.
[[nodiscard]] std::string take_text(char* text);
// DuckDB's message without the excerpt of the statement, with our code.
[[nodiscard]] std::unexpected<Error> duck_error(duckdb_error_type type, const char* message);

[[nodiscard]] std::string type_name(duckdb_logical_type type);

}  // namespace dosql::duck
