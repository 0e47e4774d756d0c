#include "lake/layout.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/text.h"
#include "lake/default_value.h"

namespace dosql::lake {
namespace {

using duck::ColumnType;

const Field* match_of(const Layout& before, const SourceTable& source, size_t index,
                      ColumnMatch match) {
  if (match == ColumnMatch::kByPosition) {
    return index < before.fields.size() ? &before.fields[index] : nullptr;
  }
  for (const Field& field : before.fields) {
    if (equals_ignoring_case(field.column.name, source.columns[index].name)) return &field;
  }
  return nullptr;
}

// The default as JSON; nullopt for NULL, and with `fits` false when it does not fit.
std::optional<std::string> convert_default(const Cell& value, const LakeType& type, bool& fits) {
  RowLayout layout;
  layout.columns.push_back({.name = "c", .type = type, .field_id = 1, .source = 0});
  layout.extra = {.name = "_extra", .type = {ColumnType::kString}, .field_id = 0, .source = 0};
  duck::RowBuffer rows(layout.buffer_columns());
  RowWriter writer(layout);
  writer.write({&value, 1}, 0, rows);
  fits = writer.misfit_count() == 0;
  const auto scalar = rows.scalar_at(0, 0);
  if (!scalar.has_value()) return std::nullopt;
  return default_json(type, *scalar);
}

// `wanted`, or with the first number behind it that no column of the source bears.
std::string free_name(const SourceTable& source, const std::string& wanted) {
  std::string name = wanted;
  for (int i = 1;; ++i) {
    const auto takes = [&](const SourceColumn& c) { return equals_ignoring_case(c.name, name); };
    if (std::ranges::none_of(source.columns, takes)) return name;
    name = str_cat({wanted, "_", std::to_string(i)});
  }
}

// Whether a column was renamed or dropped, so that `_extra` of stored rows would name no column.
bool loses_a_name(const Layout& before, const Layout& after) {
  for (const Field& old : before.fields) {
    const auto is_same = [&](const Field& field) {
      return field.column.field_id == old.column.field_id && field.column.name == old.column.name;
    };
    if (std::ranges::none_of(after.fields, is_same)) return true;
  }
  return false;
}

void follow_columns(const Layout* before, const SourceTable& source, ColumnMatch match,
                    LayoutChange& change) {
  Layout& layout = change.layout;
  for (size_t i = 0; i < source.columns.size(); ++i) {
    const SourceColumn& wanted = source.columns[i];
    const LakeType type = lake_type_of(wanted.declared_type);
    const Field* old = before == nullptr ? nullptr : match_of(*before, source, i, match);
    if (old != nullptr && old->column.type == type) {
      change.changes_schema |= old->column.name != wanted.name || old != &before->fields[i];
      layout.fields.push_back(*old);
      layout.fields.back().column.name = wanted.name;
      layout.fields.back().column.source = i;
      continue;
    }
    change.changes_schema = true;
    change.replaces_rows |= old != nullptr;  // another type
    Field field{.column = {wanted.name, type, ++layout.last_field_id, i}, .initial_default = {}};
    if (before != nullptr) {
      bool fits = true;
      field.initial_default = convert_default(wanted.default_value, type, fits);
      change.replaces_rows |= !fits;
    }
    layout.fields.push_back(std::move(field));
  }
  change.changes_schema |= before == nullptr || before->fields.size() != layout.fields.size();
}

bool may_identify(const LakeType& type) {
  return type.type != ColumnType::kDouble;
}

void follow_key(const Layout* before, const SourceTable& source, LayoutChange& change) {
  Layout& layout = change.layout;
  if (source.key.empty()) {
    const std::string name = free_name(source, "_rowid");
    const bool has_one = before != nullptr && before->rowid.has_value();
    const int id = has_one ? before->rowid->field_id : ++layout.last_field_id;
    layout.rowid = LakeColumn{name, {ColumnType::kLong}, id, 0};
    layout.key = {id};
    layout.key_is_required = true;
    change.changes_schema |= !has_one || before->rowid->name != name;
  }
  layout.key_is_required |= source.key_is_not_null;
  for (const size_t column : source.key) {
    const LakeColumn& field = layout.fields[column].column;
    layout.key.push_back(field.field_id);
    layout.key_is_required &= may_identify(field.type);
  }
  if (before == nullptr) return;
  change.replaces_rows |= before->key != layout.key;
  // Once optional, always optional: stored rows may have NULLs.
  layout.key_is_required &= before->key_is_required || change.replaces_rows;
  change.changes_schema |=
      before->key != layout.key || before->key_is_required != layout.key_is_required;
}

}  // namespace

RowLayout Layout::row_layout() const {
  RowLayout rows{.rowid = rowid, .columns = {}, .extra = extra};
  for (const Field& field : fields) rows.columns.push_back(field.column);
  return rows;
}

std::vector<size_t> Layout::key_indices() const {
  if (rowid.has_value()) return {0};
  std::vector<size_t> indices;
  for (const int id : key) {
    const auto has_id = [id](const Field& field) { return field.column.field_id == id; };
    indices.push_back(static_cast<size_t>(std::ranges::find_if(fields, has_id) - fields.begin()));
  }
  return indices;
}

std::vector<size_t> Layout::stored_indices() const {
  std::vector<size_t> indices(fields.size() + (rowid.has_value() ? 1 : 0) +
                              (extra.field_id != 0 ? 1 : 0));
  std::iota(indices.begin(), indices.end(), size_t{0});
  return indices;
}

LayoutChange follow(const Layout* before, const SourceTable& source, ColumnMatch match) {
  LayoutChange change;
  Layout& layout = change.layout;
  if (before != nullptr) layout.last_field_id = before->last_field_id;
  follow_columns(before, source, match, change);
  follow_key(before, source, change);
  if (before != nullptr && before->extra.field_id != 0) {
    change.replaces_rows |= loses_a_name(*before, layout);
  }
  layout.extra = {free_name(source, "_extra"), {ColumnType::kString}, 0, 0};
  if (before != nullptr && before->extra.field_id != 0) {
    layout.extra.field_id = before->extra.field_id;
    change.changes_schema |= before->extra.name != layout.extra.name;
  }
  return change;
}

bool relax_key(Layout& layout) {
  return std::exchange(layout.key_is_required, false);
}

bool add_extra(Layout& layout) {
  if (layout.extra.field_id != 0) return false;
  layout.extra.field_id = ++layout.last_field_id;
  return true;
}

}  // namespace dosql::lake
