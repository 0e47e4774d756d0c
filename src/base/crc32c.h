// CRC-32C (Castagnoli), hardware-assisted where the CPU has it. RFC 3720 appendix B.4.
#pragma once

#include "base/bytes.h"

namespace dosql {

// Continue a checksum: crc32c(b, crc32c(a)) == crc32c(a followed by b).
[[nodiscard]] uint32_t crc32c(Bytes bytes, uint32_t seed = 0);

}  // namespace dosql
