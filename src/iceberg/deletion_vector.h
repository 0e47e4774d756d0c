// DeletionVector: the positions of a data file's rows that are gone, and the Puffin file that holds
// it. One blob per Puffin file: DuckDB 1.5.5 misreads files with more.
// https://iceberg.apache.org/puffin-spec/#deletion-vector-v1-blob-type
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace dosql::iceberg {

class DeletionVector {
 public:
  DeletionVector();
  DeletionVector(const DeletionVector& other);
  DeletionVector(DeletionVector&& other) noexcept;
  DeletionVector& operator=(DeletionVector other) noexcept;
  ~DeletionVector();

  // False when the position was in it.
  bool add(uint64_t position);
  [[nodiscard]] bool contains(uint64_t position) const;
  [[nodiscard]] uint64_t cardinality() const;
  void add_all(const DeletionVector& other);
  // Ascending.
  void for_each(const std::function<void(uint64_t position)>& visit) const;
  bool operator==(const DeletionVector& other) const;

  // The blob deletion-vector-v1: length, magic, portable 64-bit Roaring bitmap, CRC-32.
  [[nodiscard]] Buffer to_blob() const;
  // kCorrupt when magic, length, checksum or bitmap are wrong.
  static Result<DeletionVector> from_blob(Bytes blob);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct PuffinFile {
  Buffer bytes;
  int64_t blob_offset = 0;  // manifest fields 144 and 145
  int64_t blob_size = 0;
};

// `data_file` is the path exactly as the manifest spells it.
[[nodiscard]] PuffinFile encode_puffin(const DeletionVector& vector, std::string_view data_file);
// Everything a reader may look at: the frame, the footer, and in both the one vector of `data_file`
// with as many positions as the manifest says. kCorrupt for what is wrong.
Result<void> check_puffin(Bytes file, int64_t offset, int64_t size, std::string_view data_file,
                          int64_t cardinality);
// The vector of a blob of a Puffin file of any writer.
Result<DeletionVector> read_puffin_blob(Bytes file, int64_t offset, int64_t size);

}  // namespace dosql::iceberg
