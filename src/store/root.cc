#include "store/root.h"

namespace dosql::store {
namespace {

constexpr uint32_t kFormat = 1;
constexpr uint32_t kCutsMax = 64;

void append_tree(Buffer& out, const pages::PageTree::StoredRoot& root) {
  append_le(out, root.node.raw());
  append_le(out, root.page_count);
  append_le(out, root.version.value());
}

pages::PageTree::StoredRoot read_tree(ByteReader& in) {
  pages::PageTree::StoredRoot root;
  root.node = pages::Address::from_raw(in.read_le<uint64_t>());
  root.page_count = in.read_le<uint32_t>();
  root.version = Version(in.read_le<uint64_t>());
  return root;
}

}  // namespace

Buffer encode_root(const RootRecord& root) {
  Buffer out;
  append_le(out, kFormat);
  append_le(out, root.store_id);
  append_le(out, root.history_epoch);
  append_le(out, root.epoch.value());
  append_le(out, root.log_begin.value());
  append_le(out, root.clean_end.value());
  append_le(out, root.next_database);
  append_le(out, root.next_pack);
  append_le(out, static_cast<uint32_t>(root.cuts.size()));
  for (const Lsn cut : root.cuts) append_le(out, cut.value());
  append_tree(out, root.directory);
  append_tree(out, root.names);
  return out;
}

Result<RootRecord> decode_root(Bytes bytes) {
  ByteReader in(bytes);
  const auto format = in.read_le<uint32_t>();
  if (in.ok() && format > kFormat) {
    return fail(Code::kNewerFormat,
                "the store was written by a newer version of dosql: use that version");
  }
  RootRecord root;
  root.store_id = in.read_le<uint64_t>();
  root.history_epoch = in.read_le<uint32_t>();
  root.epoch = Epoch(in.read_le<uint32_t>());
  root.log_begin = Lsn(in.read_le<uint64_t>());
  root.clean_end = Lsn(in.read_le<uint64_t>());
  root.next_database = in.read_le<uint32_t>();
  root.next_pack = in.read_le<uint32_t>();
  const auto cuts = in.read_le<uint32_t>();
  for (uint32_t i = 0; i < cuts && i < kCutsMax; ++i)
    root.cuts.emplace_back(in.read_le<uint64_t>());
  root.directory = read_tree(in);
  root.names = read_tree(in);
  if (format != kFormat || cuts > kCutsMax || !in.at_end()) {
    return fail(Code::kCorrupt, "the store's root is damaged");
  }
  return root;
}

}  // namespace dosql::store
