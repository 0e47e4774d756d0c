// PendingTables: the tables of a database as a query must see them now: what is in the lake, and
// what has changed since it was cut. The same rules as a cycle, but into memory.
// Thread rule: one thread while read() runs; constant afterwards.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "lake/row_writer.h"
#include "lake/source.h"
#include "lake/warehouse.h"

namespace dosql::lake {

struct PendingTable {
  std::string name;                        // as the source spells it now
  Layout layout;                           // that the rows below and a scan of `files` have
  std::vector<LiveFile> files;             // empty when all rows are in `added`
  std::unique_ptr<duck::RowBuffer> added;  // may be null
  std::unique_ptr<duck::RowBuffer> gone;   // may be null
  std::vector<int> gone_fields;            // see PendingRows, also for may_repeat
  bool may_repeat = false;
};

class PendingTables final : private SourceSink {
 public:
  // `wanted` in lower case.
  PendingTables(Warehouse& warehouse, const store::Descriptor& descriptor,
                std::set<std::string> wanted)
      : warehouse_(warehouse), descriptor_(descriptor), wanted_(std::move(wanted)) {}
  ~PendingTables() override = default;

  // False when more than `bytes_max` of rows wait: nothing can be used then.
  Result<bool> read(size_t bytes_max);

  [[nodiscard]] std::list<PendingTable>& tables() { return tables_; }
  [[nodiscard]] size_t byte_count() const { return bytes_; }

 private:
  Result<bool> begin_table(const SourceDifference& table) override;
  Result<void> row(const SourceChange& change) override;
  Result<void> end_table() override;
  void begin_rows(const TableState* state, const SourceDifference& table);
  void match_whole_rows();

  Warehouse& warehouse_;
  const store::Descriptor& descriptor_;
  const std::set<std::string> wanted_;
  std::list<PendingTable> tables_;
  std::set<std::string> seen_;  // in lower case
  std::map<std::string, ColumnMatch> anew_;
  bool reads_anew_ = false;
  size_t bytes_ = 0;
  size_t bytes_max_ = 0;
  bool is_too_big_ = false;

  // Of the table at hand, tables_.back().
  RowLayout row_layout_;
  RowLayout old_row_layout_;
  std::unique_ptr<RowWriter> writer_;
  std::unique_ptr<RowWriter> old_writer_;
  std::vector<size_t> old_key_;
  std::vector<int> old_fields_;
};

}  // namespace dosql::lake
