#include "btree/record.h"

#include <bit>
#include <cmath>

#include "btree/page.h"

namespace dosql::btree {
namespace {

// Bytes that a value of this serial type takes in a record.
uint64_t size_of(uint64_t serial_type) {
  constexpr uint8_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return serial_type < 12 ? kSizes[serial_type] : (serial_type - 12) / 2;
}

int64_t big_endian(Bytes bytes) {
  uint64_t value = !bytes.empty() && (bytes[0] & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (const uint8_t byte : bytes) value = value << 8 | byte;
  return static_cast<int64_t>(value);
}

// 10 and 11 are reserved: SQLite reads them as NULL.
Value decode(uint64_t type, Bytes bytes, TextEncoding encoding, TextArena& arena) {
  if (type == 0 || type == 10 || type == 11) return Value();
  if (type == 8 || type == 9) return Value::integer(type == 9 ? 1 : 0);
  if (type < 7) return Value::integer(big_endian(bytes));
  if (type == 7) {
    const auto real = std::bit_cast<double>(big_endian(bytes));
    return std::isnan(real) ? Value() : Value::real(real);
  }
  if (type % 2 == 0) return Value::blob(bytes);
  return Value::text(encoding == TextEncoding::kUtf8 ? as_text(bytes)
                                                     : arena.utf8_of(bytes, encoding));
}

void append_utf8(std::string& text, uint32_t point) {
  const auto put = [&](uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6);
    put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  }
}

}  // namespace

std::string_view TextArena::utf8_of(Bytes utf16, TextEncoding encoding) {
  std::string& text = texts_.emplace_back();
  text.reserve(utf16.size());
  const size_t low = encoding == TextEncoding::kUtf16Le ? 0 : 1;
  const auto unit = [&](size_t at) {
    return static_cast<uint32_t>(utf16[at + low] | utf16[at + 1 - low] << 8);
  };
  for (size_t at = 0; at + 2 <= utf16.size(); at += 2) {
    uint32_t point = unit(at);
    if (point >= 0xd800 && point < 0xe000) {
      const bool is_pair =
          point < 0xdc00 && at + 4 <= utf16.size() && (unit(at + 2) & 0xfc00) == 0xdc00;
      point = is_pair ? 0x10000 + ((point & 0x3ff) << 10) + (unit(at + 2) & 0x3ff) : 0xfffd;
      if (is_pair) at += 2;
    }
    append_utf8(text, point);
  }
  return text;
}

std::optional<Field> find_field(Bytes payload, size_t index, uint64_t* needed) {
  *needed = payload.size();
  uint64_t header_size = 0;
  size_t at = read_varint(payload, &header_size);
  if (at == 0 || header_size > payload.size()) {
    *needed = at == 0 ? 9 : header_size;
    return std::nullopt;
  }
  const Bytes header = payload.first(header_size);
  uint64_t start = header_size;
  for (size_t i = 0; at < header.size(); ++i) {
    uint64_t type = 0;
    const size_t size = read_varint(header.subspan(at), &type);
    if (size == 0) break;
    at += size;
    const uint64_t width = size_of(type);
    if (i == index) {
      *needed = start + width;
      if (*needed > payload.size()) return std::nullopt;
      return Field{type, payload.subspan(start, width)};
    }
    start += width;
    if (start > 0x7fffffff) break;
  }
  return std::nullopt;
}

std::optional<int64_t> read_integer(const Field& field) {
  if (field.serial_type == 8 || field.serial_type == 9) {
    return static_cast<int64_t>(field.serial_type) - 8;
  }
  if (field.serial_type < 1 || field.serial_type > 6) return std::nullopt;
  return big_endian(field.bytes);
}

Result<void> decode_record(Bytes payload, TextEncoding encoding, TextArena& arena,
                           std::vector<Value>& values) {
  uint64_t header_size = 0;
  size_t at = read_varint(payload, &header_size);
  if (at == 0 || header_size > payload.size()) return fail(Code::kCorrupt, "a record is damaged");
  uint64_t start = header_size;
  while (at < header_size) {
    uint64_t type = payload[at];
    const size_t size = type < 0x80 ? 1 : read_varint(payload.subspan(at, header_size - at), &type);
    const uint64_t width = size_of(type);
    if (size == 0 || width > payload.size() - start) {
      return fail(Code::kCorrupt, "a record reaches over its end");
    }
    values.push_back(decode(type, payload.subspan(start, width), encoding, arena));
    at += size;
    start += width;
  }
  return {};
}

}  // namespace dosql::btree
