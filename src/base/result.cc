#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace dosql {
namespace {

struct CodeRow {
  std::string_view name;
  int http;
  int sqlite;
  bool retry;
};

// SQLite's numbers, spelled out because only src/sqlite may include sqlite3.h.
constexpr CodeRow row_of(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
      return {"invalid_argument", 400, 21, false};  // MISUSE
    case Code::kNotFound:
      return {"not_found", 404, 14, false};  // CANTOPEN
    case Code::kAlreadyExists:
      return {"already_exists", 409, 14, false};
    case Code::kSql:
      return {"sql_error", 400, 1, false};  // ERROR
    case Code::kConstraint:
      return {"constraint", 400, 19, false};  // CONSTRAINT
    case Code::kBusy:
      return {"busy", 503, 5, true};  // BUSY
    case Code::kBusySnapshot:
      return {"busy_snapshot", 409, 517, true};  // BUSY_SNAPSHOT
    case Code::kReadOnly:
      return {"read_only", 403, 8, false};  // READONLY
    case Code::kLocked:
      return {"locked", 503, 14, true};
    case Code::kCorrupt:
      return {"corrupt", 500, 11, false};  // CORRUPT
    case Code::kNewerFormat:
      return {"newer_format", 500, 14, false};
    case Code::kIo:
      return {"io_error", 500, 10, false};  // IOERR
    case Code::kDiskFull:
      return {"disk_full", 507, 13, true};  // FULL
    case Code::kTooBig:
      return {"too_big", 413, 18, false};  // TOOBIG
    case Code::kOutcomeUnknown:
      return {"outcome_unknown", 500, 10, false};
    case Code::kInterrupted:
      return {"interrupted", 499, 9, true};  // INTERRUPT
    case Code::kUnsupported:
      return {"unsupported", 501, 1, false};
    case Code::kInternal:
      return {"internal", 500, 2, false};  // INTERNAL
  }
  return {"internal", 500, 2, false};
}

}  // namespace

std::string_view name_of(Code code) {
  return row_of(code).name;
}
int http_status_of(Code code) {
  return row_of(code).http;
}
int sqlite_code_of(Code code) {
  return row_of(code).sqlite;
}
bool is_retryable(Code code) {
  return row_of(code).retry;
}

namespace internal {
void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "dosql: broken invariant: %s (%s:%d)\n", expression, file, line);
  std::abort();
}
}  // namespace internal

}  // namespace dosql
