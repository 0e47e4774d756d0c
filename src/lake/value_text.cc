#include "lake/value_text.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

#include "base/json_writer.h"

namespace dosql::lake {
namespace {

using duck::Int128;

// Reads from the front of a text; the first thing that is not there makes all later reads fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok_ = take(c) && ok_; }
  // Exactly `digits` digits.
  int number(size_t digits) {
    int value = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (text_.empty() || text_[0] < '0' || text_[0] > '9') {
        ok_ = false;
        return 0;
      }
      value = value * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  [[nodiscard]] char peek() const { return text_.empty() ? '\0' : text_[0]; }
  [[nodiscard]] bool is_digit() const { return peek() >= '0' && peek() <= '9'; }
  void check(bool condition) { ok_ = ok_ && condition; }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return ok_ && text_.empty(); }

 private:
  std::string_view text_;
  bool ok_ = true;
};

int days_in_month(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && is_leap ? 29 : kDays[month - 1];
}

// Days from civil, http://howardhinnant.github.io/date_algorithms.html; year >= 1.
int32_t days_of(int year, int month, int day) {
  const int shifted = month <= 2 ? year - 1 : year;
  const int era = shifted / 400;
  const int year_of_era = shifted - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

int32_t scan_date(Scanner& scanner) {
  const int year = scanner.number(4);
  scanner.expect('-');
  const int month = scanner.number(2);
  scanner.expect('-');
  const int day = scanner.number(2);
  scanner.check(year >= 1 && month >= 1 && month <= 12);
  if (!scanner.ok()) return 0;
  scanner.check(day >= 1 && day <= days_in_month(year, month));
  return days_of(year, month, day);
}

// Microseconds of a fraction; digits beyond the sixth must be zero.
int64_t scan_fraction(Scanner& scanner) {
  scanner.check(scanner.is_digit());
  int64_t micros = 0;
  for (int digits = 0; scanner.ok() && (digits < 6 || scanner.is_digit()); ++digits) {
    const int digit = scanner.is_digit() ? scanner.number(1) : 0;
    if (digits < 6) {
      micros = micros * 10 + digit;
    } else {
      scanner.check(digit == 0);
    }
  }
  return micros;
}

int64_t scan_time(Scanner& scanner) {
  const int hour = scanner.number(2);
  scanner.expect(':');
  const int minute = scanner.number(2);
  int second = 0;
  int64_t micros = 0;
  if (scanner.take(':')) {
    second = scanner.number(2);
    if (scanner.take('.')) micros = scan_fraction(scanner);
  }
  scanner.check(hour <= 23 && minute <= 59 && second <= 59);
  return (static_cast<int64_t>(hour) * 3600 + minute * 60 + second) * 1'000'000 + micros;
}

// Minutes east of UTC.
int scan_zone(Scanner& scanner) {
  if (scanner.take('Z') || scanner.take('z')) return 0;
  const bool is_west = scanner.peek() == '-';
  if (!scanner.take('+') && !scanner.take('-')) return 0;
  const int hour = scanner.number(2);
  scanner.take(':');
  const int minute = scanner.number(2);
  scanner.check(hour <= 23 && minute <= 59);
  return (is_west ? -1 : 1) * (hour * 60 + minute);
}

// Digits of a decimal text without its point, and how many of them stood behind it.
struct DecimalText {
  bool is_negative = false;
  std::string digits;
  int64_t behind_point = 0;
};

std::optional<DecimalText> split_decimal(std::string_view text) {
  DecimalText decimal;
  if (text.starts_with('-') || text.starts_with('+')) {
    decimal.is_negative = text[0] == '-';
    text.remove_prefix(1);
  }
  bool is_behind = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !is_behind) {
      is_behind = true;
    } else if (text[i] >= '0' && text[i] <= '9') {
      decimal.digits += text[i];
      decimal.behind_point += is_behind ? 1 : 0;
    } else {
      break;
    }
  }
  if (decimal.digits.empty()) return std::nullopt;
  if (i == text.size()) return decimal;
  if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
  std::string_view rest = text.substr(i + 1);
  if (rest.starts_with('+')) rest.remove_prefix(1);
  int exponent = 0;
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
  const bool is_whole = parsed.ec == std::errc() && parsed.ptr == rest.data() + rest.size();
  if (!is_whole || exponent > 1000 || exponent < -1000) return std::nullopt;
  decimal.behind_point -= exponent;
  return decimal;
}

}  // namespace

std::optional<int32_t> parse_date(std::string_view text) {
  Scanner scanner(text);
  const int32_t days = scan_date(scanner);
  if (!scanner.at_end()) return std::nullopt;
  return days;
}

std::optional<int64_t> parse_timestamp(std::string_view text) {
  Scanner scanner(text);
  const int64_t days = scan_date(scanner);
  int64_t micros = 0;
  int zone = 0;
  if (scanner.take('T') || scanner.take('t') || scanner.take(' ')) {
    micros = scan_time(scanner);
    zone = scan_zone(scanner);
  }
  if (!scanner.at_end()) return std::nullopt;
  return days * 86'400'000'000 + micros - zone * 60'000'000LL;
}

std::optional<Int128> parse_decimal(std::string_view text, int precision, int scale) {
  auto decimal = split_decimal(text);
  if (!decimal.has_value()) return std::nullopt;
  std::string& digits = decimal->digits;
  while (decimal->behind_point > scale && digits.ends_with('0')) {
    digits.pop_back();
    --decimal->behind_point;
  }
  const size_t first = digits.find_first_not_of('0');
  if (digits.empty() || first == std::string::npos) return Int128{0};
  if (decimal->behind_point > scale) return std::nullopt;
  digits.erase(0, first);
  const int64_t zeros = scale - decimal->behind_point;
  if (static_cast<int64_t>(digits.size()) + zeros > precision) return std::nullopt;
  digits.append(static_cast<size_t>(zeros), '0');
  Int128 unscaled = 0;
  for (const char digit : digits) unscaled = unscaled * 10 + (digit - '0');
  return decimal->is_negative ? -unscaled : unscaled;
}

std::optional<Int128> decimal_of_real(double value, int precision, int scale) {
  if (!std::isfinite(value)) return std::nullopt;
  std::string text;
  append_double(text, value);
  return parse_decimal(text, precision, scale);
}

bool is_utf8(std::string_view bytes) {
  const auto* at = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* const end = at + bytes.size();
  const auto is_tail = [](uint8_t byte) { return (byte & 0xc0) == 0x80; };
  while (at < end) {
    if (end - at >= 8) {
      uint64_t word;
      std::memcpy(&word, at, sizeof word);
      if ((word & 0x8080808080808080ULL) == 0) {
        at += 8;
        continue;
      }
    }
    const uint8_t lead = *at;
    if (lead < 0x80) {
      ++at;
    } else if (lead >= 0xc2 && lead <= 0xdf) {
      if (end - at < 2 || !is_tail(at[1])) return false;
      at += 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      if (end - at < 3 || !is_tail(at[1]) || !is_tail(at[2])) return false;
      if ((lead == 0xe0 && at[1] < 0xa0) || (lead == 0xed && at[1] > 0x9f)) return false;
      at += 3;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      if (end - at < 4 || !is_tail(at[1]) || !is_tail(at[2]) || !is_tail(at[3])) return false;
      if ((lead == 0xf0 && at[1] < 0x90) || (lead == 0xf4 && at[1] > 0x8f)) return false;
      at += 4;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace dosql::lake
