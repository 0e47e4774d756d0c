#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "iceberg/avro.h"
#include "iceberg/bounds.h"
#include "iceberg/deletion_vector.h"
#include "iceberg/snapshot_producer.h"

namespace dosql::iceberg {
namespace {

std::string hex(Bytes bytes) {
  std::string out;
  for (const uint8_t byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

DeletionVector vector_of(std::initializer_list<uint64_t> positions) {
  DeletionVector vector;
  for (const uint64_t position : positions) vector.add(position);
  return vector;
}

TEST(deletion_vector, blobs_equal_the_golden_ones_of_the_java_implementation) {
  EXPECT_EQ(
      hex(vector_of({1, 3, 5, 7, 9}).to_blob()),
      "0000002ad1d339640100000000000000000000003a30000001000000000004001000000001000300050007000900"
      "b3fb20be");
  EXPECT_EQ(hex(DeletionVector().to_blob()), "0000000cd1d339640000000000000000bf18480c");
  EXPECT_EQ(hex(vector_of({0, 2}).to_blob()),
            "00000024d1d339640100000000000000000000003a300000010000000000010010000000"
            "00000200c993c18d");
}

TEST(deletion_vector, every_flipped_bit_of_a_blob_is_an_error) {
  const Buffer blob = vector_of({1, 100000, 1ULL << 33}).to_blob();
  ASSERT_TRUE(DeletionVector::from_blob(blob));
  for (size_t i = 0; i < blob.size() * 8; ++i) {
    Buffer bad = blob;
    bad[i / 8] ^= static_cast<uint8_t>(1 << (i % 8));
    EXPECT_FALSE(DeletionVector::from_blob(bad)) << i;
  }
}

TEST(deletion_vector, a_puffin_file_gives_back_its_vector) {
  const DeletionVector vector = vector_of({0, 7, 70000});
  const PuffinFile file = encode_puffin(vector, "file:///t/a.parquet");
  const auto back = read_puffin_blob(file.bytes, file.blob_offset, file.blob_size);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, vector);
  EXPECT_FALSE(read_puffin_blob(file.bytes, file.blob_offset + 1, file.blob_size));
}

TEST(bounds, strings_are_cut_at_sixteen_code_points_and_upper_bounds_rounded_up) {
  EXPECT_EQ(as_text(*upper_bound_of_string("short")), "short");
  EXPECT_EQ(as_text(lower_bound_of_string("aaaaaaaaaaaaaaaab")), "aaaaaaaaaaaaaaaa");
  EXPECT_EQ(as_text(*upper_bound_of_string("aaaaaaaaaaaaaaaab")), "aaaaaaaaaaaaaaab");
  EXPECT_FALSE(upper_bound_of_binary(Buffer(17, 0xff)));
  EXPECT_EQ(hex(bound_of_decimal(1420)), "058c");
  EXPECT_EQ(hex(bound_of_decimal(-1)), "ff");
  EXPECT_EQ(hex(bound_of_decimal(128)), "0080");
}

Schema schema_of_two() {
  Schema schema;
  schema.fields = {{1, "id", true, {TypeKind::kLong}, {}, {}},
                   {2, "k", false, {TypeKind::kString}, {}, {}}};
  schema.identifier_field_ids = {1};
  return schema;
}

// A table whose files live in a map.
class Table {
 public:
  Table() { metadata_ = *new_table(3, "u", "file:///wh/t", schema_of_two(), 1000); }

  void apply(TableUpdate update) {
    ProducerContext context;
    context.read_file = [this](const std::string& uri) -> Result<Buffer> {
      const auto at = files_.find(uri);
      if (at == files_.end()) return fail(Code::kNotFound, uri);
      return at->second;
    };
    context.new_uuid = [this] { return "uuid-" + std::to_string(++uuids_); };
    context.new_snapshot_id = [this] { return ++snapshots_; };
    context.now_ms = now_ms_ += 10;
    context.previous_metadata_uri = uri_;
    context.metadata_version = ++version_;
    auto produced = produce(metadata_, update, context);
    ASSERT_TRUE(produced) << produced.error().message;
    for (ProducedFile& file : produced->files) files_[file.uri] = std::move(file.bytes);
    uri_ = produced->metadata_uri;
    metadata_ = *parse_metadata(as_text(files_[uri_]));
    EXPECT_EQ(metadata_, produced->metadata);
    live_ = *load_live_files(*metadata_.current_snapshot(), context.read_file);
  }

  DataFile data(const std::string& name, int64_t rows) const {
    DataFile file;
    file.path = "file:///wh/t/" + name;
    file.format = "PARQUET";
    file.record_count = rows;
    file.file_size = rows * 10;
    file.value_counts = {{1, rows}, {2, rows}};
    file.lower_bounds = {{1, bound_of_long(-5)}};
    return file;
  }
  DataFile deletes(const std::string& name, int64_t count) const {
    DataFile file;
    file.content = FileContent::kPositionDeletes;
    file.path = "file:///wh/t/" + name + "-" + std::to_string(count) + ".puffin";
    file.format = "PUFFIN";
    file.record_count = count;
    file.file_size = 100;
    file.referenced_data_file = "file:///wh/t/" + name;
    file.content_offset = 4;
    file.content_size = 50;
    return file;
  }

  TableMetadata metadata_;
  LiveFiles live_;
  std::map<std::string, Buffer> files_;
  std::string uri_;
  int64_t snapshots_ = 0;
  int64_t now_ms_ = 1000;
  int uuids_ = 0;
  int version_ = -1;
};

TEST(snapshot_producer, row_ids_and_sequence_numbers_follow_each_other) {
  Table table;
  table.apply({{table.data("a", 3), table.data("b", 4)}, {}, false, {{"dosql.lsn", "9"}}});
  EXPECT_EQ(table.metadata_.next_row_id, 7);
  EXPECT_EQ(table.metadata_.current_snapshot()->summary.at("operation"), "append");
  EXPECT_EQ(table.metadata_.current_snapshot()->summary.at("dosql.lsn"), "9");
  table.apply({{table.data("c", 5)}, {}, false, {}});
  EXPECT_EQ(table.metadata_.next_row_id, 12);
  EXPECT_EQ(table.metadata_.last_sequence_number, 2);
  ASSERT_EQ(table.live_.data_files.size(), 3U);
  EXPECT_EQ(*table.live_.data_files[0].file.first_row_id, 7);
  EXPECT_EQ(*table.live_.data_files[2].file.first_row_id, 3);
  EXPECT_EQ(*table.live_.data_files[2].sequence_number, 1);
}

TEST(snapshot_producer, a_data_file_never_has_two_live_deletion_vectors) {
  Table table;
  table.apply({{table.data("a", 3), table.data("b", 4)}, {}, false, {}});
  table.apply({{}, {table.deletes("a", 1), table.deletes("b", 1)}, false, {}});
  EXPECT_EQ(table.metadata_.current_snapshot()->summary.at("operation"), "delete");
  table.apply({{table.data("c", 1)}, {table.deletes("a", 2)}, false, {}});
  ASSERT_EQ(table.live_.deletion_vectors.size(), 2U);
  std::map<std::string, int64_t> counts;
  for (const auto& entry : table.live_.deletion_vectors) {
    counts[entry.file.referenced_data_file] += entry.file.record_count;
  }
  EXPECT_EQ(counts["file:///wh/t/a"], 2);
  EXPECT_EQ(counts["file:///wh/t/b"], 1);
  EXPECT_EQ(table.metadata_.current_snapshot()->summary.at("total-position-deletes"), "3");
}

TEST(snapshot_producer, replacing_all_rows_leaves_only_the_new_files) {
  Table table;
  table.apply({{table.data("a", 3)}, {}, false, {}});
  table.apply({{}, {table.deletes("a", 1)}, false, {}});
  table.apply({{table.data("n", 2)}, {}, true, {}});
  ASSERT_EQ(table.live_.data_files.size(), 1U);
  EXPECT_TRUE(table.live_.deletion_vectors.empty());
  EXPECT_EQ(table.metadata_.current_snapshot()->summary.at("total-records"), "2");
}

TEST(snapshot_producer, many_appends_keep_few_manifests_and_every_row_id) {
  Table table;
  for (int i = 0; i < 60; ++i) {
    table.apply({{table.data("f" + std::to_string(i), 2)}, {}, false, {}});
  }
  EXPECT_EQ(table.live_.data_files.size(), 60U);
  EXPECT_LE(table.live_.manifests.size(), 22U);
  std::map<int64_t, int> ids;
  for (const auto& entry : table.live_.data_files) ++ids[*entry.file.first_row_id];
  EXPECT_EQ(ids.size(), 60U);
}

TEST(manifest, damaged_bytes_are_an_error_or_another_manifest_but_never_a_crash) {
  Table table;
  table.apply({{table.data("a", 3)}, {}, false, {}});
  const ManifestFile manifest = table.live_.manifests[0];
  const Buffer good = table.files_[manifest.path];
  Random random(1);
  for (int i = 0; i < 3000; ++i) {
    Buffer bad = good;
    bad[random.below(bad.size())] = static_cast<uint8_t>(random.next());
    static_cast<void>(parse_manifest(bad, manifest));
    bad.resize(random.below(bad.size()));
    EXPECT_FALSE(parse_manifest(bad, manifest) && bad.size() < 200);
  }
}

TEST(metadata, a_snapshot_ahead_of_the_clock_or_out_of_order_is_refused) {
  TableMetadata metadata = *new_table(3, "u", "file:///t", schema_of_two(), 1000);
  Snapshot snapshot{1, {}, 1, 2000, "l", {{"operation", "append"}}, 0, 0, 0};
  EXPECT_FALSE(add_snapshot(metadata, snapshot, 1500));
  snapshot.sequence_number = 2;
  EXPECT_FALSE(add_snapshot(metadata, snapshot, 3000));
  snapshot.sequence_number = 1;
  EXPECT_TRUE(add_snapshot(metadata, snapshot, 3000));
}

TEST(schema, json_keeps_ids_types_defaults_and_keys) {
  Schema schema = schema_of_two();
  schema.fields.push_back({3, "d\"x", false, {TypeKind::kDecimal, 10, 2}, "\"1.50\"", "null"});
  schema.fields.back().write_default.reset();
  const auto back = parse_schema(to_json(schema));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, schema);
}

}  // namespace
}  // namespace dosql::iceberg
