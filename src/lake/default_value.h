// `initial-default` of a column: as the JSON that Iceberg's schema holds, and from that as the
// literal that DuckDB casts. https://iceberg.apache.org/spec/#json-single-value-serialization
#pragma once

#include <string>
#include <string_view>

#include "duck/row_buffer.h"
#include "lake/column_type.h"

namespace dosql::lake {

[[nodiscard]] std::string default_json(const LakeType& type, const duck::Scalar& value);

// A SQL string literal. `json` is what default_json made, or another writer for such a type.
[[nodiscard]] std::string default_sql(const LakeType& type, std::string_view json);

}  // namespace dosql::lake
