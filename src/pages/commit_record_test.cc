#include "pages/commit_record.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "pages/format.h"

namespace dosql::pages {
namespace {

PageEntry full_page(PageNo page, Bytes body) {
  return {.page = page, .kind = PageKind::kFull, .page_crc = 77, .body = body};
}

PartHeader header_of(uint32_t database) {
  return {.database = DatabaseId(database),
          .branch = BranchId(3),
          .version = Version(8),
          .parent = Version(7),
          .wall_us = -5,
          .page_count = 900,
          .flags = kPartChangesSchema};
}

struct Seen {
  PageEntry entry;
  uint64_t offset;
};

std::vector<Seen> pages_of(const RecordPart& part) {
  std::vector<Seen> pages;
  EXPECT_TRUE(for_each_page(part, [&](const PageEntry& entry, uint64_t offset) -> Result<void> {
    pages.push_back({entry, offset});
    return {};
  }));
  return pages;
}

Buffer sample_record() {
  const Buffer body(512, 9);
  const Buffer delta(13, 4);
  RecordBuilder builder;
  builder.begin_part(header_of(5));
  builder.add_page(full_page(2, body));
  builder.add_page({.page = 4,
                    .kind = PageKind::kDelta,
                    .chain = 2,
                    .chain_bytes = 30,
                    .page_crc = 78,
                    .previous = Address::log(Lsn(4096)),
                    .body = delta});
  builder.add_page({.page = 9, .kind = PageKind::kZero});
  const std::pair<PageNo, uint32_t> owners[] = {{2, 17}, {4, 18}, {11, 19}};
  builder.add_owners(owners);
  builder.add_section(Section::kMessage, as_bytes("hello"));
  builder.begin_part(header_of(6));
  builder.add_section(Section::kName, as_bytes("acme"));
  builder.add_section(Section::kDescriptor, as_bytes("d"));
  builder.add_section(Section::kSlot, as_bytes("12345678slot"));
  return builder.finish();
}

TEST(commit_record, comes_back_as_it_was_built) {
  const Buffer payload = sample_record();
  const auto parts = parse_record(payload);
  ASSERT_TRUE(parts) << parts.error().message;
  ASSERT_EQ(parts->size(), 2U);
  const RecordPart& part = (*parts)[0];
  EXPECT_EQ(part.header.database, DatabaseId(5));
  EXPECT_EQ(part.header.branch, BranchId(3));
  EXPECT_EQ(part.header.version, Version(8));
  EXPECT_EQ(part.header.parent, Version(7));
  EXPECT_EQ(part.header.wall_us, -5);
  EXPECT_EQ(part.header.page_count, 900U);
  EXPECT_EQ(part.header.flags, kPartChangesSchema);
  EXPECT_EQ(part.message, "hello");
  EXPECT_TRUE(part.name.empty());

  const auto pages = pages_of(part);
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_EQ(pages[0].entry.page, 2U);
  EXPECT_EQ(pages[0].entry.body.size(), 512U);
  EXPECT_EQ(pages[0].entry.page_crc, 77U);
  EXPECT_EQ(pages[1].entry.kind, PageKind::kDelta);
  EXPECT_EQ(pages[1].entry.chain, 2);
  EXPECT_EQ(pages[1].entry.chain_bytes, 30);
  EXPECT_EQ(pages[1].entry.previous, Address::log(Lsn(4096)));
  EXPECT_EQ(pages[1].entry.body.size(), 13U);
  EXPECT_EQ(pages[2].entry.kind, PageKind::kZero);

  std::vector<std::pair<PageNo, uint32_t>> owners;
  ASSERT_TRUE(for_each_owner(part, [&](PageNo page, uint32_t owner) -> Result<void> {
    owners.emplace_back(page, owner);
    return {};
  }));
  EXPECT_EQ(owners, (std::vector<std::pair<PageNo, uint32_t>>{{2, 17}, {4, 18}, {11, 19}}));

  const RecordPart& other = (*parts)[1];
  EXPECT_EQ(other.header.database, DatabaseId(6));
  EXPECT_EQ(other.name, "acme");
  EXPECT_EQ(as_text(other.descriptor), "d");
  EXPECT_EQ(as_text(other.slot), "12345678slot");
  EXPECT_TRUE(pages_of(other).empty());
}

TEST(commit_record, an_entry_can_be_read_alone_at_the_offset_the_builder_gave) {
  RecordBuilder builder;
  builder.begin_part(header_of(1));
  builder.add_section(Section::kMessage, as_bytes("odd"));
  const Buffer body(777, 3);
  const uint64_t first = builder.add_page(full_page(1, body));
  const uint64_t second = builder.add_page(full_page(70, body));
  const Buffer payload = builder.finish();
  const auto parts = parse_record(payload);
  ASSERT_TRUE(parts);
  const auto pages = pages_of(parts->front());
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(pages[0].offset, first);
  EXPECT_EQ(pages[1].offset, second);
  EXPECT_EQ(first % 8, 0U);
  EXPECT_EQ(second % 8, 0U);
  uint32_t body_size = 0;
  const auto entry =
      parse_page_entry_header(Bytes(payload).subspan(second, kPageEntryHeader), &body_size);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->page, 70U);
  EXPECT_EQ(body_size, 777U);
}

TEST(commit_record, a_builder_can_be_used_again_after_finish) {
  RecordBuilder builder;
  builder.begin_part(header_of(1));
  builder.add_page(full_page(5, Buffer(16, 1)));
  const Buffer first = builder.finish();
  builder.begin_part(header_of(1));
  builder.add_page(full_page(5, Buffer(16, 1)));
  EXPECT_EQ(builder.finish(), first);
}

TEST(commit_record, sections_of_a_newer_program_are_skipped) {
  RecordBuilder builder;
  builder.begin_part(header_of(1));
  builder.add_section(static_cast<Section>(200), as_bytes("who knows"));
  builder.add_page(full_page(5, Buffer(16, 1)));
  const Buffer payload = builder.finish();
  const auto parts = parse_record(payload);
  ASSERT_TRUE(parts);
  EXPECT_EQ(pages_of(parts->front()).size(), 1U);
}

TEST(commit_record, a_longer_part_header_of_a_newer_program_is_skipped) {
  Buffer payload = sample_record();
  const size_t part_at = sizeof(format::RecordPrefix);
  payload.insert(payload.begin() + part_at + sizeof(format::PartPrefix), 8, 0x55);
  store_le(payload.data() + part_at, load_le<uint32_t>(payload.data() + part_at) + 8);
  store_le<uint32_t>(payload.data() + part_at + 4, sizeof(format::PartPrefix) + 8);
  const auto parts = parse_record(payload);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(parts->front().message, "hello");
  EXPECT_EQ(pages_of(parts->front()).size(), 3U);
}

TEST(commit_record, a_record_of_a_newer_format_says_so) {
  Buffer payload = sample_record();
  payload[0] = 2;
  const auto parts = parse_record(payload);
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().code, Code::kNewerFormat);
}

TEST(commit_record, every_truncation_is_corrupt) {
  const Buffer payload = sample_record();
  for (size_t size = 0; size < payload.size(); ++size) {
    const Buffer cut(payload.begin(), payload.begin() + static_cast<ptrdiff_t>(size));
    const auto parts = parse_record(cut);
    ASSERT_FALSE(parts) << size;
    EXPECT_EQ(parts.error().code, Code::kCorrupt);
  }
  Buffer longer = payload;
  longer.resize(payload.size() + 8);
  EXPECT_FALSE(parse_record(longer));
}

TEST(commit_record, damaged_bytes_never_read_outside_the_payload) {
  const Buffer payload = sample_record();
  Random random(3);
  for (int round = 0; round < 20000; ++round) {
    Buffer damaged = payload;
    for (uint64_t i = 1 + random.below(4); i > 0; --i) {
      damaged[random.below(damaged.size())] = static_cast<uint8_t>(random.next());
    }
    const auto parts = parse_record(damaged);
    if (!parts) continue;
    for (const RecordPart& part : *parts) {
      (void)for_each_page(part, [&](const PageEntry& entry, uint64_t offset) -> Result<void> {
        EXPECT_LE(offset + kPageEntryHeader + entry.body.size(), damaged.size());
        return {};
      });
      (void)for_each_owner(part, [](PageNo, uint32_t) -> Result<void> { return {}; });
    }
  }
}

TEST(commit_record, entries_that_contradict_themselves_are_corrupt) {
  const auto code_of = [](const PageEntry& entry) {
    RecordBuilder builder;
    builder.begin_part(header_of(1));
    builder.add_page(entry);
    const Buffer payload = builder.finish();
    const auto parts = parse_record(payload);
    const auto walked = for_each_page(
        parts->front(), [](const PageEntry&, uint64_t) -> Result<void> { return {}; });
    return walked ? Code::kInternal : walked.error().code;
  };
  const Buffer body(8, 1);
  EXPECT_EQ(code_of({.page = 1, .kind = PageKind::kFull, .body = body}), Code::kInternal);
  EXPECT_EQ(code_of({.page = 1, .kind = PageKind::kFull}), Code::kCorrupt);
  EXPECT_EQ(code_of({.page = 1, .kind = PageKind::kZero, .body = body}), Code::kCorrupt);
  EXPECT_EQ(code_of({.page = 1, .kind = PageKind::kDelta, .chain = 1, .body = body}),
            Code::kCorrupt);
  EXPECT_EQ(code_of({.page = 1, .kind = static_cast<PageKind>(4), .body = body}), Code::kCorrupt);
  EXPECT_EQ(code_of({.page = 1, .kind = PageKind::kFull, .chain = 1, .body = body}),
            Code::kCorrupt);
}

TEST(commit_record, a_visitors_error_ends_the_walk) {
  const Buffer payload = sample_record();
  const auto parts = parse_record(payload);
  int visits = 0;
  const auto walked =
      for_each_page(parts->front(), [&](const PageEntry&, uint64_t) -> Result<void> {
        ++visits;
        return fail(Code::kIo, "no");
      });
  ASSERT_FALSE(walked);
  EXPECT_EQ(walked.error().code, Code::kIo);
  EXPECT_EQ(visits, 1);
}

}  // namespace
}  // namespace dosql::pages
