// A small store as bytes: its files, and every state its databases went through. Damage is done to
// a copy of the files; what then opens is compared with the states.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <dosql/dosql.h>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "engine/instance.h"

namespace dosql::faults {

using Files = std::map<std::string, Buffer>;  // by path below the store's directory

inline Files read_files(const std::string& directory) {
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[std::filesystem::relative(entry.path(), directory).string()] =
        Buffer(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return files;
}

// The zeros that a log segment has ahead of its end, all but 4 KiB: less to copy.
inline void shorten_tails(Files& files) {
  for (auto& [name, bytes] : files) {
    if (!name.starts_with("log/")) continue;
    size_t end = bytes.size();
    while (end > 0 && bytes[end - 1] == 0) --end;
    bytes.resize(std::min(bytes.size(), (end + 4096 + 7) & ~size_t{7}));
  }
}

inline void write_file(const std::string& path, Bytes bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

inline void write_files(const std::string& directory, const Files& files) {
  std::filesystem::remove_all(directory);
  for (const auto& [name, bytes] : files) write_file(str_cat({directory, "/", name}), bytes);
}

inline std::string text_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  return "?";
}

// Every row of every database.
inline Result<std::string> dump(Store& store) {
  std::string text;
  DOSQL_TRY(const auto databases, store.databases());
  for (const DatabaseSummary& summary : databases) {
    text += str_cat({summary.name, "\n"});
    DOSQL_TRY(Database database, store.database(summary.name));
    DOSQL_TRY(const Rows tables, database.query("SELECT name FROM sqlite_schema ORDER BY 1"));
    if (tables.empty()) continue;
    DOSQL_TRY(const Rows rows, database.query("SELECT id, k, v FROM t ORDER BY id"));
    for (const auto& row : rows.rows) {
      for (const Value& value : row) text += str_cat({text_of(value), "|"});
      text += "\n";
    }
  }
  return text;
}

struct StoreImage {
  Files killed;                     // the process died here
  Files closed;                     // or closed the store here; the same rows
  std::vector<std::string> states;  // after each commit, the newest last
  size_t checkpoint_state = 0;      // what the newest checkpoint round saw
};

// Two databases, two log segments (one process was killed before), two checkpoint rounds, and
// commits behind the newest one. `directory` is for scratch.
class ImageMaker {
 public:
  explicit ImageMaker(std::string directory) : directory_(std::move(directory)) {}

  Result<StoreImage> make() {
    DOSQL_TRY(store_, open("first"));
    DOSQL_TRY(store_->create_database("acme"));
    DOSQL_TRY(store_->create_database("shop", {.group = {}, .page_size = 512}));
    for (const char* name : {"acme", "shop"}) {
      DOSQL_TRY(commit(name, "CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v INT)"));
    }
    DOSQL_TRY(commit_rows(6));
    DOSQL_TRY(checkpoint());
    DOSQL_TRY(commit_rows(4));
    write_files(path("second"), read_files(path("first")));
    DOSQL_TRY(store_, open("second"));
    DOSQL_TRY(commit_rows(4));
    DOSQL_TRY(checkpoint());
    DOSQL_TRY(commit_rows(4));
    image_.killed = read_files(path("second"));
    DOSQL_TRY(store_->close());
    image_.closed = read_files(path("second"));
    shorten_tails(image_.killed);
    shorten_tails(image_.closed);
    return std::move(image_);
  }

 private:
  [[nodiscard]] std::string path(std::string_view name) const {
    return str_cat({directory_, "/", name});
  }

  [[nodiscard]] Result<std::optional<Store>> open(std::string_view name) const {
    StoreOptions options;
    options.background = false;
    DOSQL_TRY(Store store, Store::open(path(name), options));
    return std::optional<Store>(std::move(store));
  }

  Result<void> commit(std::string_view name, std::string_view sql) {
    DOSQL_TRY(Database database, store_->database(name));
    DOSQL_TRY(database.run(sql));
    DOSQL_TRY(std::string state, dump(*store_));
    image_.states.push_back(std::move(state));
    return {};
  }

  Result<void> commit_rows(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string id = std::to_string(next_id_++);
      DOSQL_TRY(commit("acme", str_cat({"INSERT INTO t VALUES(", id, ", 'key ", id, " of acme', ",
                                        id, " * 1000003)"})));
      DOSQL_TRY(commit("shop", str_cat({"INSERT INTO t VALUES(", id, ", printf('%.*c', 300 + ", id,
                                        ", 'x'), ", id, ")"})));
    }
    return commit("acme", "UPDATE t SET v = v + 1 WHERE id % 2 = 0");
  }

  Result<void> checkpoint() {
    image_.checkpoint_state = image_.states.size() - 1;
    return store_->checkpoint();
  }

  std::string directory_;
  std::optional<Store> store_;
  StoreImage image_;
  int next_id_ = 1;
};

}  // namespace dosql::faults
