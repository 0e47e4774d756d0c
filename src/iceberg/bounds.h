// Single values as bytes, for the bounds of manifests.
// https://iceberg.apache.org/spec/#binary-single-value-serialization
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "iceberg/schema.h"

namespace dosql::iceberg {

[[nodiscard]] Buffer bound_of_boolean(bool value);
[[nodiscard]] Buffer bound_of_int(int32_t value);   // int, date (days since 1970)
[[nodiscard]] Buffer bound_of_long(int64_t value);  // long, time, timestamps (microseconds)
[[nodiscard]] Buffer bound_of_float(float value);
[[nodiscard]] Buffer bound_of_double(double value);
// Unscaled two's complement, big-endian, as few bytes as hold it.
[[nodiscard]] Buffer bound_of_decimal(__int128 unscaled);

// At most 16 code points: a prefix is a lower bound of everything it begins.
[[nodiscard]] Buffer lower_bound_of_string(std::string_view value);
[[nodiscard]] Buffer lower_bound_of_binary(Bytes value);
// A prefix whose last character (byte) is one larger; nullopt when there is none: no upper bound.
[[nodiscard]] std::optional<Buffer> upper_bound_of_string(std::string_view value);
[[nodiscard]] std::optional<Buffer> upper_bound_of_binary(Bytes value);

}  // namespace dosql::iceberg
