// Our side of an Iceberg table: a Layout as schema and properties and back, files as manifest
// entries. Pure.
#pragma once

#include <map>
#include <string>

#include "duck/parquet_writer.h"
#include "iceberg/manifest.h"
#include "iceberg/metadata.h"
#include "lake/layout.h"

namespace dosql::lake {

// Properties that tell what a schema cannot: `dosql.key` (field ids), `dosql.key-required`,
// `dosql.rowid-field`, `dosql.extra-field`, `dosql.misfits` (values in `_extra`, all time).
inline constexpr const char* kKeyProperty = "dosql.key";
inline constexpr const char* kMisfitsProperty = "dosql.misfits";

[[nodiscard]] iceberg::Schema schema_of(const Layout& layout);
// Sets what schema_of leaves out; others stay.
void set_properties(const Layout& layout, std::map<std::string, std::string>& properties);
// kUnsupported for a table that the lake did not write.
Result<Layout> layout_of(const iceberg::TableMetadata& metadata);

// `uri` is the file's name in the manifest.
[[nodiscard]] iceberg::DataFile data_file_of(const duck::ParquetFile& file, const Layout& layout,
                                             std::string uri);

}  // namespace dosql::lake
