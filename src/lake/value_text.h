// Values written as text: ISO dates and times, decimals, UTF-8. Pure functions; nullopt means
// "does not fit", never an error.
#pragma once

#include <optional>
#include <string_view>

#include "duck/row_buffer.h"

namespace dosql::lake {

// `YYYY-MM-DD`, a day that exists (proleptic Gregorian, years 0001..9999): days since 1970-01-01.
[[nodiscard]] std::optional<int32_t> parse_date(std::string_view text);

// `YYYY-MM-DD`, optionally ` ` or `T` and `HH:MM[:SS[.fraction]]`, optionally `Z` or `+HH:MM`,
// which is converted to UTC: microseconds since 1970. Digits beyond microseconds must be zero.
[[nodiscard]] std::optional<int64_t> parse_timestamp(std::string_view text);

// `[+-]digits[.digits][e[+-]digits]` as value * 10^scale, exact and below 10^precision.
[[nodiscard]] std::optional<duck::Int128> parse_decimal(std::string_view text, int precision,
                                                        int scale);
// Exact for the shortest decimal text that reads back to `value`.
[[nodiscard]] std::optional<duck::Int128> decimal_of_real(double value, int precision, int scale);

// Without surrogates and overlong forms, up to U+10FFFF (RFC 3629).
[[nodiscard]] bool is_utf8(std::string_view bytes);

}  // namespace dosql::lake
