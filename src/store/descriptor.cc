#include "store/descriptor.h"

#include "base/text.h"

namespace dosql::store {
namespace {

constexpr uint8_t kFormat = 1;
constexpr uint32_t kListMax = 1U << 20;

void append_root(Buffer& out, const pages::PageTree::StoredRoot& root) {
  append_le(out, root.node.raw());
  append_le(out, root.page_count);
  append_le(out, root.version.value());
}

pages::PageTree::StoredRoot read_root(ByteReader& in) {
  pages::PageTree::StoredRoot root;
  root.node = pages::Address::from_raw(in.read_le<uint64_t>());
  root.page_count = in.read_le<uint32_t>();
  root.version = Version(in.read_le<uint64_t>());
  return root;
}

// Calls `item` for each element of a counted list, stopping when the input is short.
template <class Item>
void read_list(ByteReader& in, const Item& item) {
  const auto count = in.read_le<uint32_t>();
  for (uint32_t i = 0; i < count && i < kListMax && in.ok(); ++i) item();
}

void append_named(Buffer& out, const std::vector<NamedRoot>& roots) {
  append_le(out, static_cast<uint32_t>(roots.size()));
  for (const NamedRoot& named : roots) {
    append_sized(out, named.name);
    append_le(out, named.branch.value());
    append_root(out, named.root);
  }
}

std::vector<NamedRoot> read_named(ByteReader& in) {
  std::vector<NamedRoot> roots;
  read_list(in, [&] {
    NamedRoot named;
    named.name = in.read_sized_text();
    named.branch = BranchId(in.read_le<uint32_t>());
    named.root = read_root(in);
    roots.push_back(std::move(named));
  });
  return roots;
}

void append_branch(Buffer& out, const BranchEntry& branch) {
  append_le(out, branch.id.value());
  append_sized(out, branch.name);
  append_le(out, branch.parent.value());
  append_le(out, branch.base.value());
  append_le(out, static_cast<uint32_t>(branch.checkpoints.size()));
  for (const Checkpoint& checkpoint : branch.checkpoints) {
    append_root(out, checkpoint.root);
    append_le(out, checkpoint.cut.value());
    append_le(out, checkpoint.wall_us);
  }
}

BranchEntry read_branch(ByteReader& in) {
  BranchEntry branch;
  branch.id = BranchId(in.read_le<uint32_t>());
  branch.name = in.read_sized_text();
  branch.parent = BranchId(in.read_le<uint32_t>());
  branch.base = Version(in.read_le<uint64_t>());
  read_list(in, [&] {
    Checkpoint checkpoint;
    checkpoint.root = read_root(in);
    checkpoint.cut = Lsn(in.read_le<uint64_t>());
    checkpoint.wall_us = in.read_le<int64_t>();
    branch.checkpoints.push_back(checkpoint);
  });
  return branch;
}

}  // namespace

Buffer encode_descriptor(const Descriptor& descriptor) {
  Buffer out;
  out.push_back(kFormat);
  append_le(out, descriptor.id.value());
  append_sized(out, descriptor.name);
  append_sized(out, descriptor.group);
  append_le(out, descriptor.page_size);
  append_le(out, descriptor.flags);
  append_le(out, descriptor.created_us);
  append_le(out, static_cast<uint32_t>(descriptor.branches.size()));
  for (const BranchEntry& branch : descriptor.branches) append_branch(out, branch);
  append_named(out, descriptor.tags);
  append_named(out, descriptor.slots);
  append_le(out, static_cast<uint32_t>(descriptor.fragments.size()));
  for (const Fragment& fragment : descriptor.fragments) {
    append_le(out, fragment.pack);
    append_le(out, fragment.bytes);
  }
  return out;
}

Result<Descriptor> decode_descriptor(Bytes bytes) {
  ByteReader in(bytes);
  const auto format = in.read_le<uint8_t>();
  if (in.ok() && format > kFormat) {
    return fail(Code::kNewerFormat,
                "a database descriptor is in a newer format: use a newer version of dosql");
  }
  Descriptor descriptor;
  descriptor.id = DatabaseId(in.read_le<uint32_t>());
  descriptor.name = in.read_sized_text();
  descriptor.group = in.read_sized_text();
  descriptor.page_size = in.read_le<uint32_t>();
  descriptor.flags = in.read_le<uint32_t>();
  descriptor.created_us = in.read_le<int64_t>();
  read_list(in, [&] { descriptor.branches.push_back(read_branch(in)); });
  descriptor.tags = read_named(in);
  descriptor.slots = read_named(in);
  read_list(in, [&] {
    Fragment fragment;
    fragment.pack = in.read_le<uint32_t>();
    fragment.bytes = in.read_le<uint64_t>();
    descriptor.fragments.push_back(fragment);
  });
  const uint32_t size = descriptor.page_size;
  const bool size_ok = size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
  if (format != kFormat || !in.at_end() || !size_ok || descriptor.branches.empty()) {
    return fail(Code::kCorrupt, "a database descriptor is damaged");
  }
  return descriptor;
}

Result<void> check_name(std::string_view kind, std::string_view name) {
  const auto is_first = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  bool ok = !name.empty() && name.size() <= 63 && is_first(name[0]);
  for (const char c : name) ok = ok && (is_first(c) || c == '.' || c == '_' || c == '-');
  if (ok) return {};
  return fail(Code::kInvalidArgument,
              str_cat({kind, " name \"", name.substr(0, 80),
                       "\" is not allowed: use 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning "
                       "with a letter or a digit"}));
}

Result<void> check_database_name(std::string_view name) {
  return check_name("database", name);
}

}  // namespace dosql::store
