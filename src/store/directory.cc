#include "store/directory.h"

#include <algorithm>
#include <map>

#include "base/crc32c.h"

namespace dosql::store {
namespace {

constexpr uint32_t kBuckets = 4096;

PageNo bucket_of(std::string_view name) {
  return crc32c(as_bytes(name)) % kBuckets + 1;
}

}  // namespace

Result<void> Directory::open(const pages::PageTree::StoredRoot& ids,
                             const pages::PageTree::StoredRoot& names) {
  DOSQL_TRY(id_root_, ids_.open(ids));
  DOSQL_TRY(name_root_, names_.open(names));
  return {};
}

Result<std::optional<Descriptor>> Directory::find(DatabaseId id) {
  DOSQL_TRY(const pages::Slot slot, ids_.find(id_root_, id.value()));
  if (slot.address.is_hole()) return std::optional<Descriptor>();
  DOSQL_TRY(const Buffer bytes, loader_.load_descriptor(slot.address, id.value()));
  DOSQL_TRY(Descriptor descriptor, decode_descriptor(bytes));
  return std::optional<Descriptor>(std::move(descriptor));
}

Result<std::vector<Directory::Name>> Directory::load_bucket(PageNo bucket) {
  std::vector<Name> names;
  DOSQL_TRY(const pages::Slot slot, names_.find(name_root_, bucket));
  if (slot.address.is_hole()) return names;
  DOSQL_TRY(const Buffer bytes, loader_.load_names(slot.address, bucket));
  ByteReader in(bytes);
  while (in.ok() && in.remaining() > 0) {
    const DatabaseId id(in.read_le<uint32_t>());
    names.push_back({std::string(in.read_sized_text()), id});
  }
  if (!in.ok()) return fail(Code::kCorrupt, "a block of database names is damaged");
  return names;
}

Result<pages::Address> Directory::store_bucket(PageNo bucket, const std::vector<Name>& names,
                                               BlockSink& sink) {
  if (names.empty()) return pages::Address::hole();
  Buffer bytes;
  for (const Name& name : names) {
    append_le(bytes, name.id.value());
    append_sized(bytes, name.name);
  }
  return sink.store_block(pack::BlockKind::kNames, bucket, bytes);
}

Result<std::optional<DatabaseId>> Directory::find_name(std::string_view name) {
  DOSQL_TRY(const std::vector<Name> names, load_bucket(bucket_of(name)));
  const auto at = std::ranges::find(names, name, &Name::name);
  if (at == names.end()) return std::optional<DatabaseId>();
  return std::optional<DatabaseId>(at->id);
}

Result<void> Directory::for_each(const std::function<Result<void>(Descriptor)>& visit) {
  return ids_.for_each(id_root_, [&](PageNo id, const pages::Slot& slot) -> Result<void> {
    DOSQL_TRY(const Buffer bytes, loader_.load_descriptor(slot.address, id));
    DOSQL_TRY(Descriptor descriptor, decode_descriptor(bytes));
    return visit(std::move(descriptor));
  });
}

Result<Directory::Roots> Directory::apply(std::span<const Change> changes, BlockSink& sink) {
  std::map<PageNo, pages::SlotChange> id_changes;
  std::map<PageNo, std::vector<Name>> buckets;
  PageNo last_id = id_root_.page_count();
  for (const Change& change : changes) {
    DOSQL_TRY(const auto old, find(change.id));
    std::vector<std::string> affected;
    if (old) affected.push_back(old->name);
    if (change.descriptor) affected.push_back(change.descriptor->name);
    for (const std::string& name : affected) {
      const PageNo bucket = bucket_of(name);
      if (!buckets.contains(bucket)) {
        DOSQL_TRY(buckets[bucket], load_bucket(bucket));
      }
      std::erase_if(buckets[bucket], [&](const Name& n) { return n.id == change.id; });
    }
    pages::SlotChange slot{change.id.value(), {}};
    if (change.descriptor) {
      buckets[bucket_of(change.descriptor->name)].push_back({change.descriptor->name, change.id});
      DOSQL_TRY(slot.slot.address, sink.store_block(pack::BlockKind::kDescriptor, change.id.value(),
                                                    encode_descriptor(*change.descriptor)));
    }
    id_changes[change.id.value()] = slot;
    last_id = std::max(last_id, change.id.value());
  }
  std::vector<pages::SlotChange> ids;
  for (const auto& [id, change] : id_changes) ids.push_back(change);
  std::vector<pages::SlotChange> names;
  for (const auto& [bucket, entries] : buckets) {
    pages::SlotChange change{bucket, {}};
    DOSQL_TRY(change.slot.address, store_bucket(bucket, entries, sink));
    names.push_back(change);
  }
  Roots roots;
  const Version version(id_root_.version().value() + 1);
  DOSQL_TRY(roots.ids, ids_.apply(id_root_, version, ids, last_id));
  DOSQL_TRY(roots.names, names_.apply(name_root_, version, names, kBuckets));
  DOSQL_TRY(roots.stored_ids, ids_.persist(roots.ids, sink));
  DOSQL_TRY(roots.stored_names, names_.persist(roots.names, sink));
  return roots;
}

void Directory::adopt(const Roots& roots) {
  id_root_ = roots.ids;
  name_root_ = roots.names;
  ids_.release_before(id_root_.version());
  names_.release_before(name_root_.version());
}

}  // namespace dosql::store
