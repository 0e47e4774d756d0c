// decode_node on any bytes: an error, or a node that is encoded to the same bytes again.
#include <algorithm>

#include "pages/stored_node.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dosql;
  const Bytes input(bytes, size);
  const auto node = pages::decode_node(input);
  if (!node) return 0;
  pages::NodeBytes space;
  DOSQL_CHECK(std::ranges::equal(pages::encode_node(*node, space), input));
  return 0;
}
