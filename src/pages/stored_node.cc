#include "pages/stored_node.h"

#include "base/text.h"

namespace dosql::pages {
namespace {

std::unexpected<Error> corrupt_node(std::string_view what) {
  return fail(Code::kCorrupt, str_cat({"tree node: ", what}));
}

Result<format::NodePrefix> check_prefix(Bytes bytes) {
  format::NodePrefix prefix;
  if (bytes.size() < sizeof prefix) return corrupt_node("it is cut");
  std::memcpy(&prefix, bytes.data(), sizeof prefix);
  if (prefix.format > format::kNodeFormat) {
    return fail(Code::kNewerFormat,
                str_cat({"tree node of format ", std::to_string(prefix.format),
                         ": written by a newer version of dosql; use that version"}));
  }
  for (const uint8_t byte : prefix.zero) {
    if (byte != 0) return corrupt_node("its head is damaged");
  }
  if (prefix.format == 0 || prefix.level > kLevelMax) return corrupt_node("its head is damaged");
  const auto entries = static_cast<size_t>(std::popcount(prefix.present));
  const size_t entry_size = prefix.level == 0 ? 12 : 8;
  if (bytes.size() != sizeof prefix + entries * entry_size) return corrupt_node("wrong length");
  return prefix;
}

}  // namespace

Bytes encode_node(const NodeImage& node, NodeBytes& space) {
  format::NodePrefix prefix{.format = format::kNodeFormat,
                            .level = static_cast<uint8_t>(node.level),
                            .birth = node.birth};
  uint8_t* to = space.data() + sizeof prefix;
  for (uint32_t i = 0; i < kFanOut; ++i) {
    if (node.address[i] == 0 && node.owner[i] == 0) continue;
    prefix.present |= uint64_t{1} << i;
    store_le(to, node.address[i]);
    to += 8;
  }
  for (uint32_t i = 0; node.level == 0 && i < kFanOut; ++i) {
    if ((prefix.present >> i & 1) == 0) continue;
    store_le(to, node.owner[i]);
    to += 4;
  }
  std::memcpy(space.data(), &prefix, sizeof prefix);
  return Bytes(space.data(), to);
}

Result<NodeImage> decode_node(Bytes bytes) {
  DOSQL_TRY(const format::NodePrefix prefix, check_prefix(bytes));
  NodeImage node;
  node.birth = prefix.birth;
  node.level = prefix.level;
  ByteReader in(bytes.subspan(sizeof prefix));
  for (uint64_t left = prefix.present; left != 0; left &= left - 1) {
    const auto address = Address::from_raw(in.read_le<uint64_t>());
    const bool is_right = address.is_pack() || (address.is_hole() && node.level == 0);
    if (!is_right) return corrupt_node("an address that does not belong there");
    node.address[static_cast<size_t>(std::countr_zero(left))] = address.raw();
  }
  for (uint64_t left = node.level == 0 ? prefix.present : 0; left != 0; left &= left - 1) {
    const auto i = static_cast<size_t>(std::countr_zero(left));
    node.owner[i] = in.read_le<uint32_t>();
    if (node.owner[i] == 0 && node.address[i] == 0) return corrupt_node("an empty slot");
  }
  return node;
}

}  // namespace dosql::pages
