// Is it a Roaring bitmap? The library trusts what it reads beyond lengths: an unsorted or
// miscounted container gives wrong answers or worse.
// https://github.com/RoaringBitmap/RoaringFormatSpec
#pragma once

#include "base/bytes.h"

namespace dosql::iceberg {

// Size of the portable 32-bit bitmap that `bytes` begin with; 0 when they do not begin with one
// whose keys, counts and values are in order.
[[nodiscard]] size_t checked_bitmap_size(Bytes bytes);

}  // namespace dosql::iceberg
