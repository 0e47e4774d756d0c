// The bytes of a stored tree node (layout in pages/format.h). Pure functions.
#pragma once

#include <array>

#include "base/bytes.h"
#include "pages/format.h"
#include "pages/tree_node.h"

namespace dosql::pages {

// A node's content without its place in a tree.
struct NodeImage {
  uint64_t birth = 0;
  int level = 0;
  std::array<uint64_t, kFanOut> address{};  // of pages or children; packs and holes only
  std::array<uint32_t, kFanOut> owner{};    // leaves only
  bool operator==(const NodeImage&) const = default;
};

using NodeBytes = std::array<uint8_t, format::kNodeBytesMax>;

// The used part of `space`.
[[nodiscard]] Bytes encode_node(const NodeImage& node, NodeBytes& space);

// kCorrupt for anything that encode_node() does not write; kNewerFormat.
Result<NodeImage> decode_node(Bytes bytes);

}  // namespace dosql::pages
