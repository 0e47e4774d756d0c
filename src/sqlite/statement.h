// Statement: RAII over sqlite3_stmt*. Must not outlive its Connection. One thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3_stmt;

namespace dosql::sqlite {

enum class Type : uint8_t { kInteger = 1, kFloat = 2, kText = 3, kBlob = 4, kNull = 5 };

class Statement {
 public:
  Statement() = default;
  enum class Writes : uint8_t { kAnything, kOnlyTemp };
  explicit Statement(sqlite3_stmt* statement, Writes writes = Writes::kAnything)
      : statement_(statement), writes_(writes) {}
  Statement(Statement&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)), writes_(other.writes_) {}
  Statement& operator=(Statement&& other) noexcept;
  ~Statement() { finalize(); }

  // Nothing but white space and comments was compiled.
  [[nodiscard]] bool is_empty() const { return statement_ == nullptr; }

  // Index from 1. Text and blobs are copied.
  Result<void> bind_null(int index);
  Result<void> bind_int64(int index, int64_t value);
  Result<void> bind_double(int index, double value);
  Result<void> bind_text(int index, std::string_view value);
  Result<void> bind_blob(int index, Bytes value);
  void clear_bindings();
  [[nodiscard]] int parameter_count() const;
  // 0 when there is none; with its prefix (":name").
  [[nodiscard]] int parameter_index(const std::string& name) const;
  // With its prefix; empty for `?`.
  [[nodiscard]] std::string_view parameter_name(int index) const;

  // True: a row. False: done.
  Result<bool> step();
  // Back to before the first step; never fails (the error of the last step was its own).
  void reset();

  [[nodiscard]] int column_count() const;
  [[nodiscard]] std::string_view column_name(int column) const;
  [[nodiscard]] std::string_view column_decltype(int column) const;
  // Of the current row; views live until the next step or reset.
  [[nodiscard]] Type column_type(int column) const;
  [[nodiscard]] int64_t column_int64(int column) const;
  [[nodiscard]] double column_double(int column) const;
  [[nodiscard]] std::string_view column_text(int column) const;
  [[nodiscard]] Bytes column_blob(int column) const;

  [[nodiscard]] bool is_readonly() const;
  // It writes, and only tables of the connection's own (of a versioned connection; else false).
  [[nodiscard]] bool writes_only_temp() const { return writes_ == Writes::kOnlyTemp; }
  [[nodiscard]] std::string_view sql() const;

 private:
  void finalize();
  sqlite3_stmt* statement_ = nullptr;
  Writes writes_ = Writes::kAnything;
};

}  // namespace dosql::sqlite
