// Damaged files of a store: each byte that means something is changed, each file is cut off. What
// comes of it is an error that names the file, or exactly the rows that were there; after damage
// behind the last known sync point, what opening reports as dropped. Never a crash or wrong rows.
#include <gtest/gtest.h>

#include <unistd.h>

#include <set>

#include "base/crc32c.h"
#include "pack/format.h"
#include "store_image.h"
#include "wal/format.h"

namespace dosql::faults {
namespace {

class damage : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // In memory where there is such a folder: what is tried here is reading, not syncing.
    const std::filesystem::path memory = "/dev/shm";
    const auto top =
        ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (top / "dosql-damage-XXXXXX").string();
    scratch = ::mkdtemp(pattern.data());
    auto made = ImageMaker(scratch).make();
    ASSERT_TRUE(made) << made.error().message;
    image = *std::move(made);
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(scratch); }

  // What a store of these files shows. `state` is its place in the image's states.
  struct Seen {
    std::optional<Error> error;
    std::optional<size_t> state;
    std::string notice;
    bool has_findings = false;
  };

  static Seen look(const Files& files, bool checks) {
    const std::string directory = scratch + "/damaged";
    write_files(directory, files);
    Seen seen;
    StoreOptions options;
    options.create = false;
    options.background = false;
    options.workers = 1;
    auto store = Store::open(directory, options);
    if (!store) {
      seen.error = store.error();
      return seen;
    }
    seen.notice = store->recovery_notice();
    if (checks) {
      const auto findings = engine::instance_of(*store).versions().check([](uint64_t) {});
      seen.has_findings = !findings || !findings->empty();
    }
    const auto rows = dump(*store);
    if (!rows) {
      seen.error = rows.error();
      return seen;
    }
    for (size_t i = 0; i < image.states.size(); ++i) {
      if (image.states[i] == *rows) seen.state = i;
    }
    EXPECT_TRUE(seen.state) << "rows that never were:\n" << *rows;
    return seen;
  }

  static void expect_clear(const Error& error, const std::string& file) {
    EXPECT_EQ(name_of(error.code), name_of(Code::kCorrupt)) << error.message;
    const std::string name = std::filesystem::path(file).stem().string();
    EXPECT_NE(error.message.find(name), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
  }

  static size_t newest() { return image.states.size() - 1; }

  static inline std::string scratch;
  static inline StoreImage image;
};

// The bytes of a file that mean something, and a sample of the others.
std::set<size_t> telling_offsets(const std::string& name, Bytes bytes) {
  std::set<size_t> offsets;
  const auto all = [&](size_t begin, size_t count) {
    for (size_t i = begin; i < begin + count && i < bytes.size(); ++i) offsets.insert(i);
  };
  size_t end = bytes.size();
  if (name == "root") {
    all(0, 160);
    all(4096, 160);
  } else if (name.starts_with("log/")) {
    all(0, sizeof(wal::SegmentHeader));
    size_t at = sizeof(wal::SegmentHeader);
    std::vector<size_t> frames;
    while (at + sizeof(wal::FrameHeader) <= bytes.size()) {
      wal::FrameHeader frame{};
      std::memcpy(&frame, bytes.data() + at, sizeof frame);
      if (frame.crc == 0) break;
      frames.push_back(at);
      at += wal::frame_bytes(frame.length);
    }
    for (size_t i = 0; i < frames.size(); ++i) {
      if (i < 2 || i + 3 >= frames.size()) all(frames[i], sizeof(wal::FrameHeader) + 24);
    }
    end = at + 64;  // zeros from here on
  } else if (name.starts_with("pack/")) {
    all(0, sizeof(pack::format::FileHeader) + sizeof(pack::format::BlockHeader));
    pack::format::Trailer trailer{};
    std::memcpy(&trailer, bytes.data() + bytes.size() - sizeof trailer, sizeof trailer);
    all(trailer.index_offset, bytes.size());
  }
  for (size_t i = 0; i < std::min(end, bytes.size()); i += 61) offsets.insert(i);
  return offsets;
}

TEST_F(damage, without_it_both_images_show_the_newest_state) {
  for (const Files* files : {&image.killed, &image.closed}) {
    const Seen seen = look(*files, true);
    ASSERT_FALSE(seen.error) << seen.error->message;
    EXPECT_EQ(seen.state, newest());
    EXPECT_EQ(seen.notice, "");
    EXPECT_FALSE(seen.has_findings);
  }
}

TEST_F(damage, a_flipped_bit_in_a_closed_store_is_an_error_or_harmless) {
  for (const auto& [name, bytes] : image.closed) {
    for (const size_t offset : telling_offsets(name, bytes)) {
      SCOPED_TRACE(str_cat({name, " byte ", std::to_string(offset)}));
      Files damaged = image.closed;
      damaged[name][offset] ^= static_cast<uint8_t>(1U << (offset % 8));
      const bool is_pack = name.starts_with("pack/");
      const Seen seen = look(damaged, is_pack);
      if (seen.error) expect_clear(*seen.error, name);
      if (seen.state) EXPECT_EQ(*seen.state, newest());
      if (is_pack) EXPECT_TRUE(seen.error || seen.has_findings);
      if (HasFailure()) return;
    }
  }
}

TEST_F(damage, a_flipped_bit_in_a_killed_store_loses_at_most_what_is_reported) {
  size_t reported = 0;
  for (const auto& [name, bytes] : image.killed) {
    for (const size_t offset : telling_offsets(name, bytes)) {
      SCOPED_TRACE(str_cat({name, " byte ", std::to_string(offset)}));
      Files damaged = image.killed;
      damaged[name][offset] ^= static_cast<uint8_t>(1U << (offset % 8));
      const Seen seen = look(damaged, false);
      if (seen.error) expect_clear(*seen.error, name);
      // Each commit waited for the one before: only the last one is not known to be durable.
      if (seen.state && *seen.state != newest()) {
        EXPECT_TRUE(name.starts_with("log/"));
        EXPECT_EQ(*seen.state, newest() - 1);
        EXPECT_NE(seen.notice, "");
        ++reported;
      }
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(reported, 30U);
}

TEST_F(damage, a_file_that_is_cut_off_is_an_error_or_reported) {
  for (const Files* files : {&image.closed, &image.killed}) {
    for (const auto& [name, bytes] : *files) {
      for (size_t size = 0; size < bytes.size(); size += size < 20'000 ? 67 : 65'537) {
        SCOPED_TRACE(str_cat({files == &image.closed ? "closed " : "killed ", name, " cut to ",
                              std::to_string(size)}));
        Files damaged = *files;
        damaged[name].resize(size);
        const Seen seen = look(damaged, false);
        if (seen.error) expect_clear(*seen.error, name);
        if (seen.state && *seen.state != newest()) {
          EXPECT_EQ(files, &image.killed);
          EXPECT_GE(*seen.state, image.checkpoint_state);
        }
        if (HasFailure()) return;
      }
    }
  }
}

TEST_F(damage, a_file_that_is_gone_is_an_error) {
  for (const Files* files : {&image.closed, &image.killed}) {
    for (const auto& [name, bytes] : *files) {
      if (name == "lock") continue;
      SCOPED_TRACE(name);
      Files damaged = *files;
      damaged.erase(name);
      const Seen seen = look(damaged, true);
      // A pack of an older round may be needed by nothing.
      EXPECT_TRUE(seen.error || seen.has_findings || seen.state == newest());
      if (name == "root" || name.starts_with("log/")) EXPECT_TRUE(seen.error);
    }
  }
}

// Raises the format number at `offset` and puts the checksum at `crc_at`, of what is before it,
// right.
void make_newer(Buffer& bytes, size_t begin, size_t format_at, size_t crc_at) {
  bytes[begin + format_at] += 1;
  const uint32_t crc = crc32c(Bytes(bytes).subspan(begin, crc_at));
  std::memcpy(bytes.data() + begin + crc_at, &crc, sizeof crc);
}

TEST_F(damage, files_of_a_newer_format_are_told_from_damaged_ones) {
  constexpr size_t kSlot = 4096;
  constexpr size_t kPayload = 8 + 4 + 8 + 4;  // magic, format, generation, length
  for (const size_t format_at : {size_t{8}, kPayload}) {
    Files files = image.closed;
    for (const size_t slot : {size_t{0}, kSlot}) {
      uint32_t length = 0;
      std::memcpy(&length, files["root"].data() + slot + kPayload - 4, sizeof length);
      make_newer(files["root"], slot, format_at, kPayload + length);
    }
    const Seen seen = look(files, false);
    ASSERT_TRUE(seen.error);
    EXPECT_EQ(name_of(seen.error->code), name_of(Code::kNewerFormat)) << seen.error->message;
  }
  for (const auto& [name, bytes] : image.closed) {
    Files files = image.closed;
    if (name.starts_with("log/")) {
      make_newer(files[name], 0, 8, sizeof(wal::SegmentHeader) - 4);
      const Seen seen = look(files, false);
      ASSERT_TRUE(seen.error) << name;
      EXPECT_EQ(name_of(seen.error->code), name_of(Code::kNewerFormat)) << seen.error->message;
      EXPECT_NE(seen.error->message.find(name), std::string::npos) << seen.error->message;
    } else if (name.starts_with("pack/")) {
      make_newer(files[name], 0, 8, sizeof(pack::format::FileHeader) - 4);
      EXPECT_TRUE(look(files, true).has_findings) << name;
    }
  }
}

}  // namespace
}  // namespace dosql::faults
