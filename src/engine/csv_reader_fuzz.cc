#include "engine/csv_reader.h"

#include <algorithm>

#include "engine/csv_types.h"

// Any bytes are records or an error; the types never fail on them.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  size_t at = 0;
  dosql::engine::CsvReader reader([&](std::span<char> buffer) {
    const size_t count = std::min<size_t>({buffer.size(), size - at, 7});
    std::copy_n(bytes + at, count, buffer.data());
    at += count;
    return dosql::Result<size_t>(count);
  });
  dosql::engine::CsvTypes types("NA");
  while (true) {
    const auto is_there = reader.next();
    if (!is_there || !*is_there) return 0;
    if (!types.observe(reader.fields(), reader.line())) return 0;
  }
}
