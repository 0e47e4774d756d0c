#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "iceberg/json_fields.h"

namespace dosql::iceberg {
namespace {

using boost::json::error_code;
using boost::json::string_view;

// Boost 1.81 reads a double of 17 digits up to an ulp off, in one case of four. Defaults of columns
// must be exact, so doubles are read here; everything else goes to the value stack as it comes.
class ExactHandler {
 public:
  static constexpr size_t max_object_size = boost::json::object::max_size();
  static constexpr size_t max_array_size = boost::json::array::max_size();
  static constexpr size_t max_key_size = boost::json::string::max_size();
  static constexpr size_t max_string_size = boost::json::string::max_size();

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(size_t count, error_code&) {
    stack_.push_object(count);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(size_t count, error_code&) {
    stack_.push_array(count);
    return true;
  }
  bool on_key_part(string_view part, size_t, error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_key(string_view last, size_t, error_code&) {
    stack_.push_key(last);
    return true;
  }
  bool on_string_part(string_view part, size_t, error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(string_view last, size_t, error_code&) {
    stack_.push_string(last);
    return true;
  }
  bool on_number_part(string_view part, error_code&) {
    number_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(int64_t value, string_view, error_code&) {
    number_.clear();
    stack_.push_int64(value);
    return true;
  }
  bool on_uint64(uint64_t value, string_view, error_code&) {
    number_.clear();
    stack_.push_uint64(value);
    return true;
  }
  bool on_double(double value, string_view last, error_code&) {
    number_.append(last.data(), last.size());
    double exact = value;
    const auto read = std::from_chars(number_.data(), number_.data() + number_.size(), exact);
    number_.clear();
    stack_.push_double(read.ec == std::errc() ? exact : value);
    return true;
  }
  bool on_bool(bool value, error_code&) {
    stack_.push_bool(value);
    return true;
  }
  bool on_null(error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  void start() { stack_.reset(); }
  boost::json::value take() { return stack_.release(); }

 private:
  boost::json::value_stack stack_;
  std::string number_;
};

// Length of the UTF-8 sequence that `text` begins with; 0 when it begins with none.
size_t sequence_length(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = at(0);
  if (first < 0x80) return 1;
  const size_t length = first < 0xc2   ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  const bool is_overlong = (first == 0xe0 && at(1) < 0xa0) || (first == 0xf0 && at(1) < 0x90);
  const bool is_no_character = (first == 0xed && at(1) >= 0xa0) || (first == 0xf4 && at(1) >= 0x90);
  return is_overlong || is_no_character ? 0 : length;
}

}  // namespace

std::string json_text(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  while (!text.empty()) {
    const size_t length = sequence_length(text);
    if (length > 0) {
      out += text.substr(0, length);
    } else {
      const auto byte = static_cast<uint8_t>(text[0]);
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return out;
}

Result<boost::json::value> parse_json(std::string_view text, std::string_view what) {
  boost::json::basic_parser<ExactHandler> parser{boost::json::parse_options()};
  parser.handler().start();
  error_code error;
  const size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (error || read != text.size() || !parser.done()) {
    return fail(Code::kCorrupt, str_cat({"Iceberg ", what, " is not JSON"}));
  }
  return parser.handler().take();
}

Result<boost::json::object> parse_object(std::string_view text, std::string_view what) {
  DOSQL_TRY(boost::json::value value, parse_json(text, what));
  if (!value.is_object()) {
    return fail(Code::kCorrupt, str_cat({"Iceberg ", what, " is not a JSON object"}));
  }
  return std::move(value.get_object());
}

}  // namespace dosql::iceberg
