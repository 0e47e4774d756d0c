// Page deltas: the byte runs in which a page differs from its previous version, gap-merged.
// Pure functions; the format is in pages/format.h.
#pragma once

#include <optional>

#include "base/bytes.h"

namespace dosql::pages {

// Runs (u16 offset, u16 length - 1, bytes)... such that applying them to `before` gives `after`;
// nullopt when they would take more than `size_max` bytes. Equal pages give an empty delta. Both
// pages have the same size (512..65536). Runs closer than 4 bytes are merged.
[[nodiscard]] std::optional<Buffer> encode_delta(Bytes before, Bytes after, size_t size_max);

// kCorrupt when a run leaves the page or the runs are not ascending; the page is then partly
// changed.
Result<void> apply_delta(MutableBytes page, Bytes delta);

}  // namespace dosql::pages
