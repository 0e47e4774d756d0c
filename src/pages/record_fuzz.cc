// parse_record, for_each_page, for_each_owner and apply_delta on any bytes: errors, never a crash,
// and views that stay inside the payload.
#include <algorithm>

#include "pages/commit_record.h"
#include "pages/page_delta.h"

namespace dosql::pages {
namespace {

bool is_inside(Bytes view, Bytes whole) {
  return view.empty() ||
         (view.data() >= whole.data() && view.data() + view.size() <= whole.data() + whole.size());
}

void walk(const RecordPart& part, Bytes payload) {
  DOSQL_CHECK(is_inside(part.pages, payload) && is_inside(part.owners, payload));
  DOSQL_CHECK(is_inside(as_bytes(part.name), payload) && is_inside(part.slot, payload));
  DOSQL_CHECK(is_inside(as_bytes(part.message), payload) && is_inside(part.descriptor, payload));
  PageNo last = 0;
  (void)for_each_page(part, [&](const PageEntry& entry, uint64_t offset) -> Result<void> {
    DOSQL_CHECK(entry.page > last && is_inside(entry.body, payload));
    last = entry.page;
    uint32_t body_size = 0;
    const auto alone = parse_page_entry_header(payload.subspan(offset), &body_size);
    DOSQL_CHECK(alone && alone->page == entry.page && body_size == entry.body.size());
    Buffer page(4096);
    if (entry.kind == PageKind::kDelta) (void)apply_delta(page, entry.body);
    return {};
  });
  (void)for_each_owner(part, [](PageNo, uint32_t) -> Result<void> { return {}; });
}

// What the encoder writes, the decoder reads.
void round_trip(Bytes bytes) {
  const size_t size = bytes.size() / 2;
  if (size > 65536) return;
  Buffer before(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size));
  const Bytes after = bytes.subspan(size, size);
  const auto delta = encode_delta(before, after, 5 * size);
  DOSQL_CHECK(delta.has_value());
  DOSQL_CHECK(apply_delta(before, *delta));
  DOSQL_CHECK(std::equal(before.begin(), before.end(), after.begin()));
}

}  // namespace
}  // namespace dosql::pages

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dosql;
  const Bytes payload(bytes, size);
  if (const auto parts = pages::parse_record(payload)) {
    for (const pages::RecordPart& part : *parts) pages::walk(part, payload);
  }
  Buffer page(512);
  (void)pages::apply_delta(page, payload);
  pages::round_trip(payload);
  return 0;
}
