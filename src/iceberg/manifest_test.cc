#include "iceberg/manifest.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "iceberg/avro.h"
#include "iceberg/memory_table_impl.h"

namespace dosql::iceberg {
namespace {

// Every field has a value of its own.
ManifestEntry full_entry() {
  DataFile file;
  file.content = FileContent::kPositionDeletes;
  file.path = "file:///t/a.parquet";
  file.format = "PUFFIN";
  file.record_count = 11;
  file.file_size = 12;
  file.column_sizes = {{1, 13}, {2, 14}};
  file.value_counts = {{1, 15}};
  file.null_value_counts = {{2, 16}};
  file.nan_value_counts = {{3, 17}};
  file.lower_bounds = {{1, bound_of_long(-5)}, {2, bytes_of_hex("00ff")}};
  file.upper_bounds = {{1, bound_of_long(5)}};
  file.first_row_id = 18;
  file.referenced_data_file = "file:///t/b.parquet";
  file.content_offset = 4;
  file.content_size = 19;
  file.key_metadata = bytes_of_hex("aabb");
  file.split_offsets = {4, 1'000'000};
  file.equality_ids = {1, 2};
  file.sort_order_id = 3;
  return {EntryStatus::kExisting, 21, 22, 23, file};
}

ManifestFile full_manifest() {
  ManifestFile manifest;
  manifest.path = "file:///t/m.avro";
  manifest.length = 1;
  manifest.content = ManifestContent::kDeletes;
  manifest.sequence_number = 2;
  manifest.min_sequence_number = 3;
  manifest.added_snapshot_id = 4;
  manifest.added_files = 5;
  manifest.existing_files = 6;
  manifest.deleted_files = 7;
  manifest.added_rows = 8;
  manifest.existing_rows = 9;
  manifest.deleted_rows = 10;
  manifest.first_row_id = 11;
  manifest.key_metadata = {12};
  return manifest;
}

TEST(manifest, gives_back_every_field) {
  const std::vector<ManifestEntry> entries = {full_entry()};
  const auto back = parse_manifest(
      encode_manifest(3, ManifestContent::kDeletes, schema_of_two(), entries), full_manifest());
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, entries);
}

TEST(manifest, of_format_version_2_has_no_row_ids_and_no_vectors) {
  std::vector<ManifestEntry> entries = {full_entry()};
  const auto back =
      parse_manifest(encode_manifest(2, ManifestContent::kDeletes, schema_of_two(), entries), {});
  ASSERT_TRUE(back);
  entries[0].file.first_row_id.reset();
  entries[0].file.content_offset.reset();
  entries[0].file.content_size.reset();
  EXPECT_EQ(*back, entries);
}

TEST(manifest, header_has_what_readers_ask_for) {
  const auto header = [](int version, ManifestContent content) {
    const auto file = parse_container(encode_manifest(version, content, schema_of_two(), {}));
    auto all = file->header;
    all.erase("avro.schema");
    return all;
  };
  const std::map<std::string, std::string> expected = {
      {"avro.codec", "deflate"}, {"schema", to_json(schema_of_two())}, {"schema-id", "0"},
      {"partition-spec", "[]"},  {"partition-spec-id", "0"},           {"format-version", "3"},
      {"content", "data"}};
  EXPECT_EQ(header(3, ManifestContent::kData), expected);
  EXPECT_EQ(header(2, ManifestContent::kDeletes).at("content"), "deletes");
  EXPECT_EQ(header(2, ManifestContent::kDeletes).at("format-version"), "2");
}

TEST(manifest, every_record_field_has_an_id_and_maps_are_arrays) {
  const auto file =
      parse_container(encode_manifest(3, ManifestContent::kData, schema_of_two(), {full_entry()}));
  const std::string& schema = file->header.at("avro.schema");
  const auto count = [&](std::string_view what) {
    size_t found = 0;
    for (size_t at = schema.find(what); at != schema.npos; at = schema.find(what, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("\"field-id\""), count("\"name\"") - count("\"record\""));
  EXPECT_EQ(count("\"logicalType\":\"map\""), 6U);
  EXPECT_EQ(count("\"element-id\""), 2U);
  EXPECT_EQ(count(R"({"name":"partition","type":{"type":"record","name":"r102","fields":[]})"), 1U);
  EXPECT_EQ(count("[\"null\""), count("\"default\":null"));
  for (const AvroField& field : file->rows[0].fields) EXPECT_GE(field.id, 0);
}

TEST(manifest, new_entries_inherit_from_the_list) {
  std::vector<ManifestEntry> entries;
  for (const EntryStatus status :
       {EntryStatus::kAdded, EntryStatus::kDeleted, EntryStatus::kAdded, EntryStatus::kAdded}) {
    ManifestEntry entry;
    entry.status = status;
    entry.file = MemoryTable::data(std::to_string(entries.size()), 10);
    entries.push_back(entry);
  }
  entries[2].file.first_row_id = 7;
  ManifestFile manifest;
  manifest.sequence_number = 9;
  manifest.added_snapshot_id = 77;
  manifest.first_row_id = 1000;
  const auto back = parse_manifest(
      encode_manifest(3, ManifestContent::kData, schema_of_two(), entries), manifest);
  ASSERT_TRUE(back);
  EXPECT_EQ(*(*back)[0].sequence_number, 9);
  EXPECT_EQ(*(*back)[0].file_sequence_number, 9);
  EXPECT_EQ(*(*back)[0].snapshot_id, 77);
  EXPECT_EQ(*(*back)[0].file.first_row_id, 1000);
  EXPECT_FALSE((*back)[1].file.first_row_id);
  EXPECT_EQ(*(*back)[2].file.first_row_id, 7);
  EXPECT_EQ(*(*back)[3].file.first_row_id, 1010);
}

TEST(manifest, summary_counts_and_finds_the_oldest_live_sequence_number) {
  std::vector<ManifestEntry> entries(3, full_entry());
  entries[0].status = EntryStatus::kAdded;
  entries[0].sequence_number.reset();
  entries[2].status = EntryStatus::kDeleted;
  entries[2].sequence_number = 1;
  const ManifestFile manifest = summarise(ManifestContent::kDeletes, entries, 50, 60);
  EXPECT_EQ(manifest.added_snapshot_id, 50);
  EXPECT_EQ(manifest.sequence_number, 60);
  EXPECT_EQ(manifest.min_sequence_number, 22);
  EXPECT_EQ(manifest.added_files + manifest.existing_files + manifest.deleted_files, 3);
  EXPECT_EQ(manifest.added_rows, 11);
  EXPECT_EQ(manifest.existing_rows, 11);
  EXPECT_EQ(manifest.deleted_rows, 11);
}

TEST(manifest, negative_or_absurd_counts_are_damage) {
  for (const int64_t count : {int64_t{-1}, int64_t{1} << 41}) {
    ManifestEntry entry = full_entry();
    entry.file.record_count = count;
    EXPECT_FALSE(parse_manifest(
        encode_manifest(3, ManifestContent::kData, schema_of_two(), {entry}), full_manifest()));
    ManifestFile manifest = full_manifest();
    manifest.existing_rows = count;
    EXPECT_FALSE(parse_manifest_list(encode_manifest_list(3, 1, {}, 1, 0, {manifest})));
  }
}

TEST(manifest, an_avro_file_of_something_else_is_damage) {
  AvroEncoder rows;
  rows.put_long(1);
  const Buffer other = encode_container({}, R"("long")", 1, rows.bytes());
  EXPECT_EQ(parse_manifest(other, {}).error().code, Code::kCorrupt);
  EXPECT_EQ(parse_manifest_list(other).error().code, Code::kCorrupt);
  const Buffer list = encode_manifest_list(3, 1, {}, 1, 0, {full_manifest()});
  EXPECT_FALSE(parse_manifest(list, {}));
  EXPECT_FALSE(parse_manifest_list(encode_manifest(3, ManifestContent::kData, {}, {full_entry()})));
}

TEST(manifest, damaged_bytes_are_an_error_or_another_manifest_but_never_a_crash) {
  const Buffer good =
      encode_manifest(3, ManifestContent::kDeletes, schema_of_two(), {full_entry(), full_entry()});
  Random random(1);
  for (int i = 0; i < 5000; ++i) {
    Buffer bad = good;
    bad[random.below(bad.size())] = static_cast<uint8_t>(random.next());
    if (const auto parsed = parse_manifest(bad, {}); !parsed) {
      EXPECT_TRUE(parsed.error().code == Code::kCorrupt ||
                  parsed.error().code == Code::kUnsupported);
    }
  }
  const auto whole = parse_manifest(good, {});
  for (size_t size = 0; size < good.size(); ++size) {
    const auto parsed = parse_manifest(Bytes(good).first(size), {});
    if (parsed) EXPECT_TRUE(parsed->empty()) << size;  // the header alone
  }
  EXPECT_EQ(whole->size(), 2U);
}

TEST(manifest_list, gives_back_every_field) {
  const std::vector<ManifestFile> manifests = {full_manifest(), ManifestFile{.path = "file:///x"}};
  const auto back = parse_manifest_list(encode_manifest_list(3, 1, {}, 1, 0, manifests));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, manifests);
}

TEST(manifest_list, header_has_what_readers_ask_for) {
  const auto header = [](int version, std::optional<int64_t> parent) {
    auto all = parse_container(encode_manifest_list(version, 5, parent, 6, 7, {}))->header;
    all.erase("avro.schema");
    return all;
  };
  const std::map<std::string, std::string> expected = {
      {"avro.codec", "deflate"}, {"snapshot-id", "5"},  {"parent-snapshot-id", "4"},
      {"sequence-number", "6"},  {"first-row-id", "7"}, {"format-version", "3"}};
  EXPECT_EQ(header(3, 4), expected);
  EXPECT_EQ(header(3, {}).at("parent-snapshot-id"), "null");
  EXPECT_FALSE(header(2, {}).contains("first-row-id"));
}

TEST(manifest_list, a_partitioned_manifest_is_not_supported) {
  // A list as another writer has it: counts left out, the spec not 0.
  const std::string schema =
      R"({"type":"record","name":"manifest_file","fields":[)"
      R"({"name":"manifest_path","type":"string","field-id":500},)"
      R"({"name":"manifest_length","type":"long","field-id":501},)"
      R"({"name":"partition_spec_id","type":"int","field-id":502},)"
      R"({"name":"added_snapshot_id","type":["null","long"],"field-id":503}]})";
  const auto parse = [&](int spec_id) {
    AvroEncoder row;
    row.put_string("file:///m");
    row.put_long(10);
    row.put_int(spec_id);
    row.put_branch(1);
    row.put_long(3);
    return parse_manifest_list(encode_container({}, schema, 1, row.bytes()));
  };
  const auto good = parse(0);
  ASSERT_TRUE(good);
  EXPECT_EQ((*good)[0].added_snapshot_id, 3);
  EXPECT_EQ((*good)[0].content, ManifestContent::kData);
  EXPECT_EQ(parse(1).error().code, Code::kUnsupported);
}

}  // namespace
}  // namespace dosql::iceberg
