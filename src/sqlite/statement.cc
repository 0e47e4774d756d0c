#include "sqlite/statement.h"

#include <sqlite3.h>

#include "sqlite/error.h"

namespace dosql::sqlite {
namespace {

Result<void> check(sqlite3_stmt* statement, int result) {
  if (result == SQLITE_OK) return {};
  return sqlite_failure(sqlite3_db_handle(statement), result);
}

std::string_view view_of(const char* text) {
  return text == nullptr ? std::string_view() : text;
}

}  // namespace

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this != &other) {
    finalize();
    statement_ = std::exchange(other.statement_, nullptr);
    writes_ = other.writes_;
  }
  return *this;
}

void Statement::finalize() {
  // A result here repeats the error of the last step.
  if (statement_ != nullptr)
    static_cast<void>(sqlite3_finalize(std::exchange(statement_, nullptr)));
}

Result<void> Statement::bind_null(int index) {
  return check(statement_, sqlite3_bind_null(statement_, index));
}
Result<void> Statement::bind_int64(int index, int64_t value) {
  return check(statement_, sqlite3_bind_int64(statement_, index, value));
}
Result<void> Statement::bind_double(int index, double value) {
  return check(statement_, sqlite3_bind_double(statement_, index, value));
}
Result<void> Statement::bind_text(int index, std::string_view value) {
  const char* text = value.data() == nullptr ? "" : value.data();
  return check(statement_, sqlite3_bind_text64(statement_, index, text, value.size(),
                                               SQLITE_TRANSIENT, SQLITE_UTF8));
}
Result<void> Statement::bind_blob(int index, Bytes value) {
  const void* bytes = value.empty() ? static_cast<const void*>("") : value.data();
  return check(statement_,
               sqlite3_bind_blob64(statement_, index, bytes, value.size(), SQLITE_TRANSIENT));
}
void Statement::clear_bindings() {
  sqlite3_clear_bindings(statement_);
}
int Statement::parameter_count() const {
  return sqlite3_bind_parameter_count(statement_);
}
int Statement::parameter_index(const std::string& name) const {
  return sqlite3_bind_parameter_index(statement_, name.c_str());
}
std::string_view Statement::parameter_name(int index) const {
  return view_of(sqlite3_bind_parameter_name(statement_, index));
}

Result<bool> Statement::step() {
  clear_port_error();
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return sqlite_failure(sqlite3_db_handle(statement_), result, {sql()});
}

void Statement::reset() {
  static_cast<void>(sqlite3_reset(statement_));
}

int Statement::column_count() const {
  return sqlite3_column_count(statement_);
}
std::string_view Statement::column_name(int column) const {
  return view_of(sqlite3_column_name(statement_, column));
}
std::string_view Statement::column_decltype(int column) const {
  return view_of(sqlite3_column_decltype(statement_, column));
}
Type Statement::column_type(int column) const {
  return static_cast<Type>(sqlite3_column_type(statement_, column));
}
int64_t Statement::column_int64(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::column_double(int column) const {
  return sqlite3_column_double(statement_, column);
}
std::string_view Statement::column_text(int column) const {
  const auto* text = sqlite3_column_text(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {reinterpret_cast<const char*>(text), text == nullptr ? 0 : static_cast<size_t>(size)};
}
Bytes Statement::column_blob(int column) const {
  const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return {bytes, bytes == nullptr ? 0 : static_cast<size_t>(size)};
}

bool Statement::is_readonly() const {
  return sqlite3_stmt_readonly(statement_) != 0;
}
std::string_view Statement::sql() const {
  return view_of(sqlite3_sql(statement_));
}

}  // namespace dosql::sqlite
