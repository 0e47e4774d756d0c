// How a column's declared type in SQLite becomes a type of the lake.
//
//   INTEGER, INT, BIGINT ...          long        BLOB, BINARY, VARBINARY, BYTEA   binary
//   REAL, FLOAT, DOUBLE ...           double      BOOLEAN, BOOL                    boolean
//   TEXT, CHAR, VARCHAR, CLOB ...     string      DATE                             date
//   NUMERIC, DECIMAL, NUMBER, MONEY   double      DATETIME, TIMESTAMP ...          timestamp (us)
//   DECIMAL(p,s), NUMERIC(p,s)        decimal(p,s), 1 <= p <= 38, s <= p
//   ANY, none, anything else          string (text form)
#pragma once

#include <string_view>

#include "duck/row_buffer.h"

namespace dosql::lake {

struct LakeType {
  duck::ColumnType type = duck::ColumnType::kString;
  int precision = 0;  // of decimals
  int scale = 0;
  bool operator==(const LakeType&) const = default;
};

// Never fails. The rowid alias (INTEGER PRIMARY KEY) is a long like any INTEGER.
[[nodiscard]] LakeType lake_type_of(std::string_view declared);

// Whether values that SQLite tells apart in a column declared so are different in its lake column,
// too, as far as they fit: 1 and '1' in a column without a type are not, nor are '2026-01-22 10:00'
// and '2026-01-22T10:00:00' in a TIMESTAMP.
[[nodiscard]] bool keeps_apart(std::string_view declared);

}  // namespace dosql::lake
