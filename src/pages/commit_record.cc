#include "pages/commit_record.h"

#include <algorithm>

#include "base/text.h"
#include "pages/format.h"

namespace dosql::pages {
namespace {

using format::align_up;

std::unexpected<Error> corrupt_record(std::string_view what, uint64_t offset) {
  return fail(Code::kCorrupt, str_cat({"commit record: ", what, " at byte ", std::to_string(offset),
                                       " of the record"}));
}

template <class T>
void append_struct(Buffer& out, const T& value) {
  const size_t at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

template <class T>
T load_struct(const uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

bool are_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](uint8_t byte) { return byte == 0; });
}

}  // namespace

// --- building

RecordBuilder::RecordBuilder() {
  out_.reserve(2048);
}

void RecordBuilder::begin_part(const PartHeader& header) {
  if (out_.empty()) append_struct(out_, format::RecordPrefix{.format = format::kRecordFormat});
  end_part();
  part_at_ = out_.size();
  append_struct(out_, format::PartPrefix{
                          .header_length = sizeof(format::PartPrefix),
                          .database = header.database.value(),
                          .branch = header.branch.value(),
                          .flags = header.flags,
                          .page_count = header.page_count,
                          .version = header.version.value(),
                          .parent = header.parent.value(),
                          .wall_us = header.wall_us,
                      });
  last_page_ = 0;
  ++parts_;
}

void RecordBuilder::begin_section(Section section) {
  DOSQL_CHECK(part_at_ != 0);
  end_section();
  section_at_ = out_.size();
  append_struct(out_, format::SectionPrefix{.kind = static_cast<uint8_t>(section)});
}

uint64_t RecordBuilder::add_page(const PageEntry& entry) {
  if (last_page_ == 0) begin_section(Section::kPages);
  // Ascending, and no other section came in between.
  DOSQL_CHECK(entry.page > last_page_ && section_at_ != 0);
  DOSQL_CHECK(entry.body.size() <= format::kPageBytesMax);
  last_page_ = entry.page;
  const size_t at = out_.size();
  append_struct(out_, format::PageEntryPrefix{
                          .page = entry.page,
                          .kind = static_cast<uint8_t>(entry.kind),
                          .chain = entry.chain,
                          .chain_bytes = entry.chain_bytes,
                          .body_size = static_cast<uint32_t>(entry.body.size()),
                          .page_crc = entry.page_crc,
                          .previous = entry.previous.raw(),
                      });
  append_bytes(out_, entry.body);
  out_.resize(align_up(out_.size()));
  return at;
}

void RecordBuilder::add_owners(std::span<const std::pair<PageNo, uint32_t>> owners) {
  if (owners.empty()) return;
  begin_section(Section::kOwners);
  PageNo last = 0;
  for (const auto& [page, owner] : owners) {
    DOSQL_CHECK(page > last);
    last = page;
    append_le(out_, page);
    append_le(out_, owner);
  }
  end_section();
}

void RecordBuilder::add_section(Section section, Bytes bytes) {
  begin_section(section);
  append_bytes(out_, bytes);
  end_section();
}

Buffer RecordBuilder::finish() {
  DOSQL_CHECK(parts_ > 0);
  end_part();
  store_le(out_.data() + offsetof(format::RecordPrefix, parts), parts_);
  parts_ = 0;
  return std::exchange(out_, {});
}

void RecordBuilder::end_section() {
  if (section_at_ == 0) return;
  const size_t length = out_.size() - section_at_ - sizeof(format::SectionPrefix);
  store_le(out_.data() + section_at_, static_cast<uint32_t>(length));
  out_.resize(align_up(out_.size()));
  section_at_ = 0;
}

void RecordBuilder::end_part() {
  end_section();
  if (part_at_ == 0) return;
  store_le(out_.data() + part_at_, static_cast<uint32_t>(out_.size() - part_at_));
  part_at_ = 0;
}

// --- parsing

namespace {

// The bytes of one section go to their member; `seen` has a bit per known kind.
Result<void> assign_section(RecordPart& part, uint8_t kind, Bytes body, uint64_t offset,
                            uint32_t& seen) {
  if (kind == 0) return corrupt_record("a section without a kind", offset);
  if (kind > static_cast<uint8_t>(Section::kMessage)) return {};
  if ((seen & (1U << kind)) != 0) return corrupt_record("a section that came before", offset);
  seen |= 1U << kind;
  switch (static_cast<Section>(kind)) {
    case Section::kPages:
      part.pages = body;
      part.pages_offset = offset;
      break;
    case Section::kOwners:
      part.owners = body;
      break;
    case Section::kDescriptor:
      part.descriptor = body;
      break;
    case Section::kName:
      part.name = as_text(body);
      break;
    case Section::kSlot:
      part.slot = body;
      break;
    case Section::kMessage:
      part.message = as_text(body);
      break;
  }
  return {};
}

Result<void> parse_sections(RecordPart& part, Bytes payload, size_t at, size_t end) {
  uint32_t seen = 0;
  while (at < end) {
    if (end - at < sizeof(format::SectionPrefix)) return corrupt_record("a cut section", at);
    const auto prefix = load_struct<format::SectionPrefix>(payload.data() + at);
    const size_t body_at = at + sizeof prefix;
    const size_t padded = align_up(prefix.length);
    if (padded > end - body_at) return corrupt_record("a section that leaves its part", at);
    if (!are_zero(payload.subspan(body_at + prefix.length, padded - prefix.length)) ||
        !are_zero(prefix.zero)) {
      return corrupt_record("a section with padding that is not zero", at);
    }
    DOSQL_TRY(
        assign_section(part, prefix.kind, payload.subspan(body_at, prefix.length), body_at, seen));
    at = body_at + padded;
  }
  return {};
}

Result<RecordPart> parse_part(Bytes payload, size_t at, size_t* end) {
  if (payload.size() - at < sizeof(format::PartPrefix)) return corrupt_record("a cut part", at);
  const auto prefix = load_struct<format::PartPrefix>(payload.data() + at);
  if (prefix.length > payload.size() - at || prefix.header_length > prefix.length ||
      prefix.header_length < sizeof prefix || prefix.length % format::kAlignment != 0 ||
      prefix.header_length % format::kAlignment != 0) {
    return corrupt_record("a part of an impossible length", at);
  }
  RecordPart part;
  part.header = {.database = DatabaseId(prefix.database),
                 .branch = BranchId(prefix.branch),
                 .version = Version(prefix.version),
                 .parent = Version(prefix.parent),
                 .wall_us = prefix.wall_us,
                 .page_count = prefix.page_count,
                 .flags = prefix.flags};
  *end = at + prefix.length;
  DOSQL_TRY(parse_sections(part, payload, at + prefix.header_length, *end));
  return part;
}

}  // namespace

Result<std::vector<RecordPart>> parse_record(Bytes payload) {
  if (payload.size() < sizeof(format::RecordPrefix)) return corrupt_record("a cut record", 0);
  const auto prefix = load_struct<format::RecordPrefix>(payload.data());
  if (prefix.format > format::kRecordFormat) {
    return fail(Code::kNewerFormat,
                str_cat({"commit record of format ", std::to_string(prefix.format),
                         ": written by a newer version of dosql; use that version"}));
  }
  // Each part takes a prefix at least: a count that does not fit would reserve too much.
  if (prefix.format == 0 || !are_zero(prefix.zero) || prefix.parts == 0 ||
      prefix.parts > payload.size() / sizeof(format::PartPrefix)) {
    return corrupt_record("an impossible head", 0);
  }
  std::vector<RecordPart> parts;
  parts.reserve(prefix.parts);
  size_t at = sizeof prefix;
  for (uint32_t i = 0; i < prefix.parts; ++i) {
    size_t end = 0;
    DOSQL_TRY(auto part, parse_part(payload, at, &end));
    parts.push_back(part);
    at = end;
  }
  if (at != payload.size()) return corrupt_record("bytes after the last part", at);
  return parts;
}

Result<PageEntry> parse_page_entry_header(Bytes bytes, uint32_t* body_size) {
  if (bytes.size() < kPageEntryHeader) return fail(Code::kCorrupt, "page entry: it is cut");
  const auto prefix = load_struct<format::PageEntryPrefix>(bytes.data());
  PageEntry entry;
  entry.page = prefix.page;
  entry.kind = static_cast<PageKind>(prefix.kind);
  entry.chain = prefix.chain;
  entry.chain_bytes = prefix.chain_bytes;
  entry.page_crc = prefix.page_crc;
  entry.previous = Address::from_raw(prefix.previous);
  const bool is_chained = prefix.chain > 0 && (entry.previous.is_log() || entry.previous.is_pack());
  const bool is_free = prefix.chain == 0 && prefix.chain_bytes == 0 && entry.previous.is_hole();
  const bool is_right = prefix.page > 0 && prefix.body_size <= format::kPageBytesMax &&
                        ((entry.kind == PageKind::kFull && is_free && prefix.body_size > 0) ||
                         (entry.kind == PageKind::kDelta && is_chained) ||
                         (entry.kind == PageKind::kZero && is_free && prefix.body_size == 0));
  if (!is_right) return fail(Code::kCorrupt, "page entry: its fields contradict each other");
  *body_size = prefix.body_size;
  return entry;
}

Result<void> for_each_page(const RecordPart& part,
                           const std::function<Result<void>(const PageEntry&, uint64_t)>& visit) {
  PageNo last = 0;
  for (size_t at = 0; at < part.pages.size();) {
    const uint64_t offset = part.pages_offset + at;
    uint32_t body_size = 0;
    auto entry = parse_page_entry_header(part.pages.subspan(at), &body_size);
    if (!entry) return corrupt_record(entry.error().message, offset);
    const size_t body_at = at + kPageEntryHeader;
    if (align_up(body_size) > part.pages.size() - body_at) {
      return corrupt_record("a page entry that leaves its section", offset);
    }
    if (entry->page <= last) return corrupt_record("a page entry out of order", offset);
    last = entry->page;
    entry->body = part.pages.subspan(body_at, body_size);
    DOSQL_TRY(visit(*entry, offset));
    at = body_at + align_up(body_size);
  }
  return {};
}

Result<void> for_each_owner(const RecordPart& part,
                            const std::function<Result<void>(PageNo, uint32_t)>& visit) {
  ByteReader in(part.owners);
  PageNo last = 0;
  while (in.ok() && in.remaining() > 0) {
    const auto page = in.read_le<uint32_t>();
    const auto owner = in.read_le<uint32_t>();
    if (!in.ok() || page <= last) {
      return fail(Code::kCorrupt, "commit record: its list of page owners is damaged");
    }
    last = page;
    DOSQL_TRY(visit(page, owner));
  }
  return {};
}

}  // namespace dosql::pages
