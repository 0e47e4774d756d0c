#include "btree/schema.h"

#include <algorithm>

#include "base/text.h"
#include "btree/page.h"
#include "btree/row_decoder.h"
#include "btree/table_shape.h"
#include "btree/tree_scan.h"

namespace dosql::btree {
namespace {

std::string text_of(const Value& value) {
  return value.type() == Value::Type::kText ? std::string(value.as_text()) : std::string();
}

}  // namespace

const SchemaRow* Schema::find_table(PageNo root) const {
  const auto at = std::ranges::find_if(
      rows, [&](const SchemaRow& row) { return row.root == root && row.is_stored_table(); });
  return at == rows.end() ? nullptr : &*at;
}

Result<TextEncoding> read_encoding(PageReader& pages) {
  if (pages.page_count() == 0) return TextEncoding::kUtf8;
  DOSQL_TRY(const PageRef first, pages.page(1));
  const auto encoding = load_be<uint32_t>(first.data() + kHeaderEncoding);
  if (encoding > 3) {
    return fail(Code::kCorrupt, str_cat({"the database file names the text encoding ",
                                         std::to_string(encoding), ", which does not exist"}));
  }
  return encoding == 0 ? TextEncoding::kUtf8 : static_cast<TextEncoding>(encoding);
}

Result<Schema> read_schema(PageReader& pages) {
  Schema schema;
  if (pages.page_count() == 0) return schema;
  DOSQL_TRY(schema.encoding, read_encoding(pages));
  DOSQL_TRY(TreeScan scan, TreeScan::open(pages, 1, TreeScan::Kind::kTable));
  DOSQL_TRY(RowDecoder decoder, RowDecoder::open(pages));
  Cell cell;
  for (;;) {
    DOSQL_TRY(const bool has_cell, scan.next(cell));
    if (!has_cell) return schema;
    DOSQL_TRY(const std::span<const Value> row, decoder.decode(cell, schema_shape()));
    SchemaRow& entry = schema.rows.emplace_back();
    entry.rowid = cell.rowid;
    entry.type = text_of(row[0]);
    entry.name = text_of(row[1]);
    entry.table = text_of(row[2]);
    if (row[3].type() == Value::Type::kInteger && row[3].as_integer() > 0 &&
        row[3].as_integer() <= pages.page_count()) {
      entry.root = static_cast<PageNo>(row[3].as_integer());
    }
    entry.sql = text_of(row[4]);
  }
}

}  // namespace dosql::btree
