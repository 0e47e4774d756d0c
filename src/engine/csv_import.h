// CSV files into a table.
// Thread rule: the thread that uses the session.
#pragma once

#include <cstdint>
#include <string>

#include <dosql/session.h>

#include "engine/csv_reader.h"
#include "engine/sqlite_files.h"

namespace dosql::engine {

struct CsvImport {
  enum class Header : uint8_t { kAuto, kYes, kNo };
  enum class IfExists : uint8_t { kRefuse, kAppend };

  std::string path;
  std::string table;
  char separator = ',';
  std::string null_text;  // what an unquoted field says for NULL
  Header header = Header::kAuto;
  IfExists if_exists = IfExists::kRefuse;
};

// Reads the file twice: for names and types, then for rows. A new table's columns are INTEGER, REAL
// or TEXT (engine/csv_types.h); an existing one's are matched by the header's names, else by
// position. Rows are committed every kCsvBytesPerCommit of the file; a table that was created is
// dropped again when the import fails, rows appended by then stay (the error says how many).
// Returns the rows. Progress counts bytes of both readings.
Result<uint64_t> import_csv_file(Session& session, const CsvImport& import,
                                 const CopyProgress& progress);

inline constexpr uint64_t kCsvBytesPerCommit = 64U << 20;

}  // namespace dosql::engine
