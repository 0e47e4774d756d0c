// For tests: a table whose files lie in a map, and small tools.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "iceberg/bounds.h"
#include "iceberg/snapshot_producer.h"

namespace dosql::iceberg {

inline std::string hex_of(Bytes bytes) {
  std::string out;
  for (const uint8_t byte : bytes) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

inline Buffer bytes_of_hex(std::string_view hex) {
  Buffer out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

inline Schema schema_of_two() {
  Schema schema;
  schema.fields = {{1, "id", true, {TypeKind::kLong}, {}, {}},
                   {2, "k", false, {TypeKind::kString}, {}, {}}};
  schema.identifier_field_ids = {1};
  return schema;
}

class MemoryTable {
 public:
  explicit MemoryTable(int format_version = 3) {
    metadata_ = *new_table(format_version, "u", "file:///wh/t", schema_of_two(), 1000);
  }

  Result<Produced> try_apply(const TableUpdate& update) {
    ProducerContext context;
    context.read_file = reader();
    context.new_uuid = [this] { return "uuid-" + std::to_string(++uuids_); };
    context.new_snapshot_id = [this] { return ++snapshots_; };
    context.now_ms = now_ms_ += 10;
    context.previous_metadata_uri = uri_;
    context.metadata_version = version_ + 1;
    return produce(metadata_, update, context);
  }

  void apply(const TableUpdate& update) {
    auto produced = try_apply(update);
    ASSERT_TRUE(produced) << produced.error().message;
    ++version_;
    for (ProducedFile& file : produced->files) {
      const bool is_new = files_.emplace(file.uri, std::move(file.bytes)).second;
      EXPECT_TRUE(is_new) << file.uri;
    }
    uri_ = produced->metadata_uri;
    metadata_ = *parse_metadata(as_text(files_[uri_]));
    EXPECT_EQ(metadata_, produced->metadata);
    if (const Snapshot* snapshot = metadata_.current_snapshot()) {
      auto live = load_live_files(*snapshot, reader());
      ASSERT_TRUE(live) << live.error().message;
      live_ = *std::move(live);
    }
  }

  std::function<Result<Buffer>(const std::string&)> reader() {
    return [this](const std::string& uri) -> Result<Buffer> {
      const auto at = files_.find(uri);
      if (at == files_.end()) return fail(Code::kNotFound, uri);
      return at->second;
    };
  }

  [[nodiscard]] const std::string& summary(const std::string& name) const {
    static const std::string kNone = "(none)";
    const auto& summary = metadata_.current_snapshot()->summary;
    const auto at = summary.find(name);
    return at == summary.end() ? kNone : at->second;
  }

  [[nodiscard]] static DataFile data(const std::string& name, int64_t rows) {
    DataFile file;
    file.path = "file:///wh/t/" + name;
    file.format = "PARQUET";
    file.record_count = rows;
    file.file_size = rows * 10;
    file.value_counts = {{1, rows}, {2, rows}};
    file.lower_bounds = {{1, bound_of_long(-5)}};
    return file;
  }
  [[nodiscard]] static DataFile deletes(const std::string& name, int64_t count) {
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

}  // namespace dosql::iceberg
