#include "lake/layout.h"

#include <gtest/gtest.h>

namespace dosql::lake {
namespace {

SourceTable people() {
  return {.name = "people",
          .columns = {{"id", "INTEGER", {}}, {"name", "TEXT", {}}, {"age", "INT", {}}},
          .key = {0},
          .key_is_not_null = true};
}

std::string shown(const Layout& layout) {
  std::string text;
  for (const Field& field : layout.fields) {
    text += field.column.name + ":" + std::to_string(field.column.field_id) + " ";
  }
  if (layout.rowid) text += layout.rowid->name + ":" + std::to_string(layout.rowid->field_id) + " ";
  return text + "last " + std::to_string(layout.last_field_id);
}

Layout first(const SourceTable& source) {
  return follow(nullptr, source, ColumnMatch::kByName).layout;
}

TEST(layout, a_new_table_numbers_its_columns_from_one) {
  const LayoutChange change = follow(nullptr, people(), ColumnMatch::kByName);
  EXPECT_EQ(shown(change.layout), "id:1 name:2 age:3 last 3");
  EXPECT_TRUE(change.changes_schema);
  EXPECT_FALSE(change.replaces_rows);
  EXPECT_EQ(change.layout.key, std::vector<int>{1});
  EXPECT_TRUE(change.layout.key_is_required);
  EXPECT_EQ(change.layout.key_indices(), std::vector<size_t>{0});
}

TEST(layout, an_unchanged_table_changes_nothing) {
  const Layout before = first(people());
  for (const ColumnMatch match : {ColumnMatch::kByName, ColumnMatch::kByPosition}) {
    const LayoutChange change = follow(&before, people(), match);
    EXPECT_FALSE(change.changes_schema);
    EXPECT_FALSE(change.replaces_rows);
    EXPECT_EQ(shown(change.layout), shown(before));
  }
}

TEST(layout, an_added_column_gets_a_new_id_and_its_default) {
  const Layout before = first(people());
  SourceTable source = people();
  source.columns.push_back({"vip", "BOOLEAN", Cell::of(int64_t{1})});
  source.columns.push_back({"note", "TEXT", {}});
  const LayoutChange change = follow(&before, source, ColumnMatch::kByPosition);
  EXPECT_EQ(shown(change.layout), "id:1 name:2 age:3 vip:4 note:5 last 5");
  EXPECT_TRUE(change.changes_schema);
  EXPECT_FALSE(change.replaces_rows);
  EXPECT_EQ(change.layout.fields[3].initial_default, "true");
  EXPECT_EQ(change.layout.fields[4].initial_default, std::nullopt);
}

TEST(layout, a_default_that_does_not_fit_its_column_has_all_rows_written_anew) {
  const Layout before = first(people());
  SourceTable source = people();
  source.columns.push_back({"born", "DATE", Cell::text("unknown")});
  EXPECT_TRUE(follow(&before, source, ColumnMatch::kByPosition).replaces_rows);
}

TEST(layout, columns_altered_in_place_keep_their_ids_whatever_their_names) {
  const Layout before = first(people());
  SourceTable source = people();
  source.columns[1].name = "age";  // both renamed, so that a name moved to another column
  source.columns[2].name = "years";
  const LayoutChange change = follow(&before, source, ColumnMatch::kByPosition);
  EXPECT_EQ(shown(change.layout).substr(0, 18), "id:1 age:2 years:3");
  EXPECT_TRUE(change.changes_schema);
}

TEST(layout, a_dropped_column_leaves_and_its_id_is_not_used_again) {
  const Layout before = first(people());
  SourceTable source = people();
  source.columns.erase(source.columns.begin() + 2);
  const LayoutChange dropped = follow(&before, source, ColumnMatch::kByName);
  EXPECT_EQ(shown(dropped.layout), "id:1 name:2 last 3");
  EXPECT_TRUE(dropped.changes_schema);
  EXPECT_FALSE(dropped.replaces_rows);
  source.columns.push_back({"age", "INT", {}});
  EXPECT_EQ(shown(follow(&dropped.layout, source, ColumnMatch::kByPosition).layout),
            "id:1 name:2 age:4 last 4");
}

TEST(layout, another_type_or_another_key_has_all_rows_written_anew) {
  const Layout before = first(people());
  SourceTable retyped = people();
  retyped.columns[2].declared_type = "TEXT";
  const LayoutChange change = follow(&before, retyped, ColumnMatch::kByName);
  EXPECT_TRUE(change.replaces_rows);
  EXPECT_EQ(shown(change.layout), "id:1 name:2 age:4 last 4");
  SourceTable rekeyed = people();
  rekeyed.key = {1};
  EXPECT_TRUE(follow(&before, rekeyed, ColumnMatch::kByName).replaces_rows);
  SourceTable keyless = people();
  keyless.key.clear();
  EXPECT_TRUE(follow(&before, keyless, ColumnMatch::kByName).replaces_rows);
}

TEST(layout, a_table_without_a_key_gets_its_rowid_under_a_free_name) {
  SourceTable source = people();
  source.key.clear();
  const Layout plain = first(source);
  EXPECT_EQ(shown(plain), "id:1 name:2 age:3 _rowid:4 last 4");
  EXPECT_EQ(plain.key, std::vector<int>{4});
  EXPECT_EQ(plain.key_indices(), std::vector<size_t>{0});
  source.columns[1].name = "_ROWID";
  const LayoutChange change = follow(&plain, source, ColumnMatch::kByPosition);
  EXPECT_EQ(shown(change.layout), "id:1 _ROWID:2 age:3 _rowid_1:4 last 4");
  EXPECT_TRUE(change.changes_schema);
  EXPECT_FALSE(change.replaces_rows);
}

TEST(layout, nullable_and_floating_keys_are_no_identifiers) {
  SourceTable nullable = people();
  nullable.key = {1};
  nullable.key_is_not_null = false;
  EXPECT_FALSE(first(nullable).key_is_required);
  SourceTable floating = people();
  floating.columns[0].declared_type = "REAL";
  EXPECT_FALSE(first(floating).key_is_required);
}

TEST(layout, a_key_that_was_optional_stays_so_until_all_rows_are_written_anew) {
  Layout before = first(people());
  EXPECT_TRUE(relax_key(before));
  EXPECT_FALSE(relax_key(before));
  LayoutChange change = follow(&before, people(), ColumnMatch::kByPosition);
  EXPECT_FALSE(change.layout.key_is_required);
  EXPECT_FALSE(change.changes_schema);
  SourceTable other = people();
  other.columns[0].declared_type = "TEXT";
  change = follow(&before, other, ColumnMatch::kByPosition);
  EXPECT_TRUE(change.replaces_rows);
  EXPECT_TRUE(change.layout.key_is_required);
}

TEST(layout, a_rename_has_rows_with_misfits_written_anew) {
  Layout before = first(people());
  SourceTable source = people();
  source.columns[2].name = "years";
  EXPECT_FALSE(follow(&before, source, ColumnMatch::kByPosition).replaces_rows);
  add_extra(before);
  EXPECT_TRUE(follow(&before, source, ColumnMatch::kByPosition).replaces_rows);
  EXPECT_FALSE(follow(&before, people(), ColumnMatch::kByPosition).replaces_rows);
}

TEST(layout, extra_joins_the_schema_once) {
  Layout layout = first(people());
  EXPECT_EQ(layout.row_layout().extra.field_id, 0);
  EXPECT_TRUE(add_extra(layout));
  EXPECT_FALSE(add_extra(layout));
  EXPECT_EQ(layout.extra.field_id, 4);
  EXPECT_EQ(follow(&layout, people(), ColumnMatch::kByName).layout.extra.field_id, 4);
}

}  // namespace
}  // namespace dosql::lake
