#include "iceberg/deletion_vector.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <set>

#include "base/random.h"
#include "iceberg/memory_table_impl.h"

namespace dosql::iceberg {
namespace {

DeletionVector vector_of(std::initializer_list<uint64_t> positions) {
  DeletionVector vector;
  for (const uint64_t position : positions) vector.add(position);
  return vector;
}

void add_range(DeletionVector& vector, uint64_t begin, uint64_t end) {
  for (uint64_t position = begin; position < end; ++position) vector.add(position);
}

// A blob around `vector` (what follows the magic number), its length and checksum right.
Buffer blob_of(Bytes vector) {
  Buffer content = {0xd1, 0xd3, 0x39, 0x64};
  append_bytes(content, vector);
  const auto checksum =
      static_cast<uint32_t>(::crc32(0, content.data(), static_cast<uInt>(content.size())));
  Buffer blob;
  append_le(blob, __builtin_bswap32(static_cast<uint32_t>(content.size())));
  append_bytes(blob, content);
  append_le(blob, __builtin_bswap32(checksum));
  return blob;
}

// Of one bitmap with key 0.
Result<DeletionVector> parse_bitmap(std::string hex) {
  std::erase(hex, ' ');
  Buffer vector = bytes_of_hex("010000000000000000000000");
  append_bytes(vector, bytes_of_hex(hex));
  return DeletionVector::from_blob(blob_of(vector));
}

TEST(deletion_vector, blobs_equal_the_golden_ones_of_the_java_implementation) {
  DeletionVector all_kinds = vector_of({5, 7, (1ULL << 32) + 10, (1ULL << 32) + 20});
  add_range(all_kinds, 65537, 65536 + 1000);
  add_range(all_kinds, 2 * 65536 + 1, 3 * 65536 - 1);
  add_range(all_kinds, (1ULL << 32) + 65536 + 10, (1ULL << 32) + 65536 + 500);
  add_range(all_kinds, (1ULL << 32) + 2 * 65536 + 1, (1ULL << 32) + 3 * 65536 - 1);
  const std::pair<DeletionVector, std::string> golden[] = {
      {{}, "0000000cd1d339640000000000000000bf18480c"},
      {vector_of({0, 2}),
       "00000024d1d339640100000000000000000000003a300000010000000000010010000000"
       "00000200c993c18d"},
      {vector_of({1, 3, 5, 7, 9}),
       "0000002ad1d339640100000000000000000000003a3000000100000000000400100000000100030005000700090"
       "0"
       "b3fb20be"},
      {vector_of({100, 101, 0x80000000 + 99, 0x80000000 + 100}),
       "00000030d1d339640100000000000000000000003a30000002000000000001000080010018000000"
       "1c000000640065006300640015eb1c7c"},
      {all_kinds,
       "00000056d1d339640200000000000000000000003b30020006000001000100e6030200fdff05000700"
       "01000100e60301000100fdff010000003b30020006000001000100e9010200fdff0a001400"
       "01000a00e90101000100fdffc89be397"}};
  for (const auto& [vector, hex] : golden) {
    const auto read = DeletionVector::from_blob(bytes_of_hex(hex));
    ASSERT_TRUE(read) << hex;
    EXPECT_EQ(*read, vector);
    EXPECT_EQ(hex_of(vector.to_blob()), hex);
    EXPECT_EQ(hex_of(read->to_blob()), hex);
  }
}

TEST(deletion_vector, every_flipped_bit_and_every_cut_of_a_blob_is_an_error) {
  const Buffer blob = vector_of({1, 100000, 1ULL << 33}).to_blob();
  ASSERT_TRUE(DeletionVector::from_blob(blob));
  for (size_t i = 0; i < blob.size() * 8; ++i) {
    Buffer bad = blob;
    bad[i / 8] ^= static_cast<uint8_t>(1 << (i % 8));
    const auto read = DeletionVector::from_blob(bad);
    ASSERT_FALSE(read) << i;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
  }
  for (size_t size = 0; size < blob.size(); ++size) {
    EXPECT_FALSE(DeletionVector::from_blob(Bytes(blob).first(size))) << size;
  }
}

TEST(deletion_vector, bitmaps_out_of_order_are_errors_even_with_a_right_checksum) {
  // cookie, count; key, cardinality - 1; offset; values
  EXPECT_TRUE(parse_bitmap("3a300000 01000000 0000 0100 10000000 0100 0200"));
  // cookie, flags; key, cardinality - 1; run count; start, length - 1
  EXPECT_TRUE(parse_bitmap("3b300000 01 0000 0100 0100 0100 0100"));
  const std::pair<const char*, const char*> bad[] = {
      {"cookie", "3c300000 01000000 0000 0100 10000000 0100 0200"},
      {"values descend", "3a300000 01000000 0000 0100 10000000 0200 0100"},
      {"a value twice", "3a300000 01000000 0000 0100 10000000 0100 0100"},
      {"keys descend", "3a300000 02000000 0100 0000 0000 0000 18000000 1a000000 0100 0100"},
      {"ends early", "3a300000 01000000 0000 0200 10000000 0100 0200"},
      {"bytes left", "3a300000 01000000 0000 0100 10000000 0100 0200 0300"},
      {"too many containers", "3a300000 ffffffff"},
      {"a run longer than said", "3b300000 01 0000 0100 0100 0100 0300"},
      {"runs overlap", "3b300000 01 0000 0200 0200 0100 0100 0200 0000"},
      {"a run beyond the end", "3b300000 01 0000 0100 0100 ffff 0100"},
      {"no run", "3b300000 01 0000 0000 0000"}};
  for (const auto& [what, hex] : bad) {
    const auto read = parse_bitmap(hex);
    ASSERT_FALSE(read) << what;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
  }
}

TEST(deletion_vector, bitsets_must_have_as_many_bits_as_they_say) {
  DeletionVector odd;
  for (uint64_t i = 0; i < 5000; ++i) odd.add(2 * i + 1);
  const Buffer good = odd.to_blob();
  ASSERT_TRUE(DeletionVector::from_blob(good));
  Buffer vector(good.begin() + 8, good.end() - 4);
  vector.back() ^= 1;
  EXPECT_FALSE(DeletionVector::from_blob(blob_of(vector)));
}

TEST(deletion_vector, keys_ascend_and_are_no_negative_positions) {
  const std::string bitmap = "3a3000000100000000000000100000000100";
  const auto parse = [&](const std::string& hex) {
    return DeletionVector::from_blob(blob_of(bytes_of_hex(hex)));
  };
  const auto two = parse(
      "0200000000000000"
      "01000000" +
      bitmap + "02000000" + bitmap);
  ASSERT_TRUE(two);
  EXPECT_TRUE(two->contains((2ULL << 32) + 1));
  EXPECT_FALSE(
      parse("0200000000000000"
            "02000000" +
            bitmap + "01000000" + bitmap));
  EXPECT_FALSE(
      parse("0200000000000000"
            "01000000" +
            bitmap + "01000000" + bitmap));
  EXPECT_FALSE(
      parse("0100000000000000"
            "00000080" +
            bitmap));
  EXPECT_FALSE(
      parse("ffffffffffffffff"
            "01000000" +
            bitmap));
}

TEST(deletion_vector, empty_bitmaps_of_other_writers_are_nothing) {
  const auto read =
      DeletionVector::from_blob(blob_of(bytes_of_hex("0200000000000000"
                                                     "00000000"
                                                     "3a30000000000000"
                                                     "01000000"
                                                     "3a3000000100000000000000100000000100")));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, vector_of({(1ULL << 32) + 1}));
}

TEST(deletion_vector, behaves_as_a_set_of_positions) {
  Random random(7);
  for (int round = 0; round < 30; ++round) {
    DeletionVector vector;
    std::set<uint64_t> model;
    const uint64_t range = 1ULL << (4 + random.below(34));
    for (int i = 0; i < 500; ++i) {
      const uint64_t position = random.below(range);
      EXPECT_EQ(vector.add(position), model.insert(position).second);
    }
    DeletionVector copy = vector;
    copy.add(range);
    EXPECT_FALSE(vector.contains(range));
    EXPECT_EQ(vector.cardinality(), model.size());
    std::set<uint64_t> seen;
    vector.for_each([&](uint64_t position) { seen.insert(seen.end(), position); });
    EXPECT_EQ(seen, model);
    const auto back = DeletionVector::from_blob(vector.to_blob());
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, vector);
    EXPECT_FALSE(*back == copy);
    DeletionVector both = vector_of({range + 1});
    both.add_all(vector);
    EXPECT_EQ(both.cardinality(), model.size() + 1);
  }
}

TEST(deletion_vector, a_deleted_range_takes_few_bytes) {
  DeletionVector vector;
  add_range(vector, 0, 1'000'000);
  EXPECT_LT(vector.to_blob().size(), 300U);
}

TEST(puffin, has_the_frame_and_the_footer_of_the_specification) {
  const PuffinFile file = encode_puffin(vector_of({0, 2}), "file:///t/a \"b\".parquet");
  const std::string text(as_text(file.bytes));
  EXPECT_EQ(text.substr(0, 4), "PFA1");
  EXPECT_EQ(hex_of(Bytes(file.bytes).subspan(4, 44)), hex_of(vector_of({0, 2}).to_blob()));
  EXPECT_EQ(text.substr(48, 4), "PFA1");
  const std::string footer =
      R"({"blobs":[{"type":"deletion-vector-v1","fields":[2147483645],"snapshot-id":-1,)"
      R"("sequence-number":-1,"offset":4,"length":44,"properties":{"referenced-data-file":)"
      R"("file:///t/a \"b\".parquet","cardinality":"2"}}],"properties":{"created-by":"DoSQL"}})";
  EXPECT_EQ(text.substr(52, footer.size()), footer);
  Buffer tail;
  append_le(tail, static_cast<uint32_t>(footer.size()));
  append_le(tail, uint32_t{0});
  append_bytes(tail, "PFA1");
  EXPECT_EQ(text.substr(52 + footer.size()), as_text(tail));
}

TEST(puffin, gives_back_its_vector_and_nothing_from_another_place) {
  const DeletionVector vector = vector_of({0, 7, 70000});
  const PuffinFile file = encode_puffin(vector, "file:///t/a.parquet");
  const auto back = read_puffin_blob(file.bytes, file.blob_offset, file.blob_size);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, vector);
  const auto size = static_cast<int64_t>(file.bytes.size());
  const std::pair<int64_t, int64_t> places[] = {{file.blob_offset + 1, file.blob_size},
                                                {file.blob_offset, file.blob_size - 1},
                                                {file.blob_offset, file.blob_size + 1},
                                                {0, file.blob_size},
                                                {-4, file.blob_size},
                                                {4, -1},
                                                {size, 20},
                                                {size + 1, 0},
                                                {4, std::numeric_limits<int64_t>::max()},
                                                {std::numeric_limits<int64_t>::max(), 1}};
  for (const auto& [offset, length] : places) {
    EXPECT_FALSE(read_puffin_blob(file.bytes, offset, length)) << offset << " " << length;
  }
}

TEST(puffin, a_bare_blob_or_a_cut_file_is_an_error) {
  const PuffinFile file = encode_puffin(vector_of({1}), "x");
  EXPECT_FALSE(read_puffin_blob(vector_of({1}).to_blob(), 0, 42));
  for (size_t size = 0; size < file.bytes.size(); ++size) {
    EXPECT_FALSE(read_puffin_blob(Bytes(file.bytes).first(size), 4, file.blob_size)) << size;
  }
  Buffer bad = file.bytes;
  bad[0] ^= 1;
  EXPECT_FALSE(read_puffin_blob(bad, 4, file.blob_size));
}

TEST(puffin, a_file_is_checked_against_its_manifest) {
  DeletionVector vector;
  vector.add(3);
  vector.add(5);
  const PuffinFile file = encode_puffin(vector, "file:///a.parquet");
  const auto check = [&](int64_t offset, int64_t size, std::string_view name, int64_t count) {
    return check_puffin(file.bytes, offset, size, name, count).has_value();
  };
  EXPECT_TRUE(check(file.blob_offset, file.blob_size, "file:///a.parquet", 2));
  EXPECT_FALSE(check(file.blob_offset, file.blob_size, "file:///b.parquet", 2));
  EXPECT_FALSE(check(file.blob_offset, file.blob_size, "file:///a.parquet", 3));
  EXPECT_FALSE(check(file.blob_offset, file.blob_size - 1, "file:///a.parquet", 2));
  EXPECT_FALSE(check(0, file.blob_size, "file:///a.parquet", 2));
}

}  // namespace
}  // namespace dosql::iceberg
