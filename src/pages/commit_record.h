// The commit record: what one transaction (or one administrative step) puts into the log.
//
// A record is a list of parts, one per database. A part is a header and length-prefixed sections;
// a reader skips sections it does not know. DESIGN 4.2; every byte is in pages/format.h.
// Pure data: no I/O. Damaged bytes are kCorrupt, never a crash.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "pages/address.h"
#include "pages/page_tree.h"

namespace dosql::pages {

struct PartHeader {
  DatabaseId database;
  BranchId branch;
  Version version;          // the version this part makes (0: it makes none)
  Version parent;           // the version it follows
  int64_t wall_us = 0;      // monotonic per database
  uint32_t page_count = 0;  // pages after the commit
  uint32_t flags = 0;       // PartFlag
};

enum PartFlag : uint32_t {
  kPartCreatesDatabase = 1,  // the descriptor section holds the new database's descriptor
  kPartDropsDatabase = 2,
  kPartRenamesDatabase = 4,  // the name section holds the new name
  kPartSetsSlot = 8,         // the slot section: u64 version, then the slot's name
  kPartChangesSchema = 16,
};

enum class PageKind : uint8_t { kFull = 1, kDelta = 2, kZero = 3 };

// One changed page. On disk: u32 page | u8 kind | u8 chain | u16 chain bytes | u32 body size |
// u32 crc32c of the resulting page | u64 previous (raw address; 0 unless delta) | body, padded
// to 8.
struct PageEntry {
  PageNo page = 0;
  PageKind kind = PageKind::kFull;
  uint8_t chain = 0;         // deltas from here down to a full or packed page (0: this is full)
  uint16_t chain_bytes = 0;  // delta bytes of that chain, this one included
  uint32_t page_crc = 0;
  Address previous;  // the image a delta applies to
  Bytes body;
};
inline constexpr size_t kPageEntryHeader = 24;

enum class Section : uint8_t {
  kPages = 1,
  kOwners = 2,  // (u32 page, u32 owner)*: owners that changed
  kDescriptor = 3,
  kName = 4,
  kSlot = 5,
  kMessage = 6,  // commit message, UTF-8
};

// Builds one record. Use: begin_part, sections in any order, begin_part, ..., finish.
class RecordBuilder {
 public:
  RecordBuilder();
  // Each section comes at most once in a part.
  void begin_part(const PartHeader& header);
  // Adds a page to the current part; all pages of a part come ascending and in one go. Returns the
  // entry's offset in the payload: its address is log(payload lsn + offset).
  uint64_t add_page(const PageEntry& entry);
  // Ascending by page; nothing is written for an empty list.
  void add_owners(std::span<const std::pair<PageNo, uint32_t>> owners);
  void add_section(Section section, Bytes bytes);
  // The payload, of one part at least; the builder is empty again afterwards.
  [[nodiscard]] Buffer finish();

 private:
  void begin_section(Section section);
  void end_section();
  void end_part();
  Buffer out_;
  uint32_t parts_ = 0;
  size_t part_at_ = 0;     // 0: no part is open
  size_t section_at_ = 0;  // 0: no section is open
  PageNo last_page_ = 0;   // of the open part
};

// Views into a payload.
struct RecordPart {
  PartHeader header;
  Bytes pages;                // section bodies; empty when absent
  uint64_t pages_offset = 0;  // of `pages` in the payload
  Bytes owners;
  Bytes descriptor;
  std::string_view name;
  Bytes slot;
  std::string_view message;
};

// Checks the framing of the whole record (not what is inside its sections). The views point into
// `payload`. kNewerFormat for a record of a newer program.
Result<std::vector<RecordPart>> parse_record(Bytes payload);

// Each page entry of a part, ascending, with its offset in the payload. A visitor's error ends the
// walk.
Result<void> for_each_page(
    const RecordPart& part,
    const std::function<Result<void>(const PageEntry&, uint64_t offset)>& visit);
Result<void> for_each_owner(const RecordPart& part,
                            const std::function<Result<void>(PageNo page, uint32_t owner)>& visit);

// Reads the header of an entry (kPageEntryHeader bytes); `body` is left empty and its size returned
// through `body_size`.
Result<PageEntry> parse_page_entry_header(Bytes bytes, uint32_t* body_size);

}  // namespace dosql::pages
