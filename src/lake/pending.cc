#include "lake/pending.h"

#include <algorithm>

#include "base/text.h"
#include "lake/cycle.h"

namespace dosql::lake {
namespace {

// The layout of rows as the lake has them, with the names they bear now; columns that are gone get
// names that nothing else has.
Layout with_new_names(Layout before, const Layout& after) {
  const auto name_of = [&after](const LakeColumn& column) {
    for (const Field& field : after.fields) {
      if (field.column.field_id == column.field_id) return field.column.name;
    }
    return str_cat({"dropped field ", std::to_string(column.field_id)});
  };
  for (Field& field : before.fields) field.column.name = name_of(field.column);
  if (before.rowid.has_value() && after.rowid.has_value()) before.rowid->name = after.rowid->name;
  before.extra.name = after.extra.name;
  return before;
}

std::vector<int> stored_fields(const Layout& layout, const Layout& after) {
  std::vector<int> fields;
  for (const Field& field : layout.fields) fields.push_back(field.column.field_id);
  if (layout.rowid.has_value()) fields.push_back(layout.rowid->field_id);
  if (layout.extra.field_id != 0) fields.push_back(layout.extra.field_id);
  std::erase_if(fields, [&after](int id) {
    const auto has_id = [id](const Field& field) { return field.column.field_id == id; };
    return std::ranges::none_of(after.fields, has_id) && after.extra.field_id != id &&
           (!after.rowid.has_value() || after.rowid->field_id != id);
  });
  return fields;
}

// Whether rows with different keys have different keys in the lake, NULL and misfits aside.
bool keeps_keys_apart(const SourceTable& table) {
  return std::ranges::all_of(table.key, [&table](size_t column) {
    return keeps_apart(table.columns[column].declared_type);
  });
}

}  // namespace

Result<bool> PendingTables::read(size_t bytes_max) {
  bytes_max_ = bytes_max;
  DOSQL_TRY(auto database, warehouse_.instance().versions().find(descriptor_.name));
  DOSQL_TRY(const store::Snapshot now, database->snapshot());
  DOSQL_TRY(const auto slot, database->slot_snapshot(Cycle::kSlot));
  DOSQL_TRY(const auto names, table_names(now));
  const bool has_cut = slot.has_value();
  if (has_cut && slot->version() != now.version()) {
    DOSQL_TRY(read_difference(&*slot, now, warehouse_.shapes(), *this));
  }
  for (const std::string& name : names) {
    const std::string key = to_lower(name);
    if (!wanted_.contains(key) || seen_.contains(key)) continue;
    DOSQL_TRY(TableState * state, warehouse_.find_state(descriptor_.id.value(), name));
    if (!has_cut || state == nullptr) {
      anew_[key] = ColumnMatch::kByName;
    } else {
      tables_.push_back({.name = name, .layout = state->layout, .files = state->files});
    }
  }
  if (!anew_.empty() && !is_too_big_) {
    reads_anew_ = true;
    DOSQL_TRY(read_difference(nullptr, now, warehouse_.shapes(), *this));
  }
  return !is_too_big_;
}

Result<bool> PendingTables::begin_table(const SourceDifference& table) {
  if (!table.after.has_value() || is_too_big_) return false;
  const std::string key = to_lower(table.after->name);
  const auto anew = anew_.find(key);
  if (!wanted_.contains(key) || (reads_anew_ && anew == anew_.end())) return false;
  seen_.insert(key);
  const std::string& known_as = table.before.has_value() ? table.before->name : table.after->name;
  DOSQL_TRY(TableState * state, warehouse_.find_state(descriptor_.id.value(), known_as));
  const ColumnMatch match = reads_anew_ ? anew->second : table.match;
  LayoutChange change = follow(state == nullptr ? nullptr : &state->layout, *table.after, match);
  const bool has_all_rows = !table.before.has_value();
  if (!has_all_rows && (state == nullptr || change.replaces_rows)) {
    anew_[key] = match;
    return false;
  }
  tables_.push_back({.name = table.after->name, .layout = std::move(change.layout)});
  if (!has_all_rows) tables_.back().files = state->files;
  begin_rows(state, table);
  return true;
}

void PendingTables::begin_rows(const TableState* state, const SourceDifference& table) {
  const Layout& after = tables_.back().layout;
  row_layout_ = after.row_layout();
  writer_ = std::make_unique<RowWriter>(row_layout_);
  if (state == nullptr) return;
  const Layout before = with_new_names(state->layout, after);
  old_row_layout_ = before.row_layout();
  old_writer_ = std::make_unique<RowWriter>(old_row_layout_);
  old_key_ = before.key_indices();
  old_fields_ = stored_fields(before, after);
  tables_.back().gone_fields = before.key;
  if (table.before.has_value() && !keeps_keys_apart(*table.before)) match_whole_rows();
}

void PendingTables::match_whole_rows() {
  tables_.back().gone_fields = old_fields_;
  tables_.back().may_repeat = true;
}

Result<void> PendingTables::row(const SourceChange& change) {
  if (is_too_big_) return {};
  PendingTable& table = tables_.back();
  if (!change.after.empty()) {
    if (table.added == nullptr) {
      table.added = std::make_unique<duck::RowBuffer>(row_layout_.buffer_columns());
    }
    writer_->write(change.after, change.rowid, *table.added);
  }
  if (!change.before.empty()) {
    if (table.gone == nullptr) {
      table.gone = std::make_unique<duck::RowBuffer>(old_row_layout_.buffer_columns());
    }
    old_writer_->write(change.before, change.rowid, *table.gone);
    const size_t row = table.gone->row_count() - 1;
    for (const size_t column : old_key_) {
      if (table.gone->is_null_at(row, column)) match_whole_rows();
    }
  }
  const size_t bytes = (table.added == nullptr ? 0 : table.added->byte_count()) +
                       (table.gone == nullptr ? 0 : table.gone->byte_count());
  is_too_big_ = bytes_ + bytes > bytes_max_;
  return {};
}

Result<void> PendingTables::end_table() {
  PendingTable& table = tables_.back();
  if (table.added != nullptr) bytes_ += table.added->byte_count();
  if (table.gone != nullptr) bytes_ += table.gone->byte_count();
  // Misfits show in `_extra` even if no file has the column yet.
  if (writer_->misfit_count() > 0) add_extra(table.layout);
  return {};
}

}  // namespace dosql::lake
