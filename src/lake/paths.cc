#include "lake/paths.h"

#include <array>
#include <cstdio>
#include <random>

#include "base/text.h"

namespace dosql::lake {
namespace {

constexpr std::string_view kScheme = "file://";

uint64_t random_word() {
  std::random_device device;
  return static_cast<uint64_t>(device()) << 32 | device();
}

}  // namespace

std::string path_part(std::string_view name) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string part;
  for (const char c : name) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_plain =
        is_letter || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && !part.empty());
    if (is_plain) {
      part += c;
    } else {
      const auto byte = static_cast<uint8_t>(c);
      part += '~';
      part += kHex[byte >> 4];
      part += kHex[byte & 15];
    }
  }
  return part;
}

std::string uri_of(std::string_view path) {
  return str_cat({kScheme, path});
}

Result<std::string> path_of(std::string_view uri) {
  if (uri.starts_with(kScheme) && uri.substr(kScheme.size()).starts_with('/')) {
    return std::string(uri.substr(kScheme.size()));
  }
  return fail(Code::kUnsupported,
              str_cat({"\"", uri, "\" is not a file of this machine (file:///...)"}));
}

std::string new_uuid() {
  const uint64_t high = (random_word() & ~0xf000ULL) | 0x4000ULL;
  const uint64_t low = (random_word() & ~(3ULL << 62)) | (1ULL << 63);
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%012llx",
                static_cast<unsigned>(high >> 32), static_cast<unsigned>(high >> 16) & 0xffff,
                static_cast<unsigned>(high) & 0xffff, static_cast<unsigned>(low >> 48),
                static_cast<unsigned long long>(low & 0xffffffffffffULL));
  return text.data();
}

int64_t new_snapshot_id() {
  const auto id = static_cast<int64_t>(random_word() >> 1);
  return id == 0 ? 1 : id;
}

}  // namespace dosql::lake
