#include "lake/files.h"

#include <gtest/gtest.h>

#include "fsx/faulty_disk.h"

namespace dosql::lake {
namespace {

// Notes which directories were synced; FaultyDisk never loses a directory.
class SyncedDirs final : public fsx::Disk {
 public:
  Result<std::unique_ptr<fsx::File>> open(std::string_view path, fsx::OpenMode mode) override {
    return disk_.open(path, mode);
  }
  Result<void> rename(std::string_view from, std::string_view to) override {
    return disk_.rename(from, to);
  }
  Result<void> remove(std::string_view path) override { return disk_.remove(path); }
  Result<void> make_dir(std::string_view path) override { return disk_.make_dir(path); }
  Result<std::vector<std::string>> list(std::string_view dir) override { return disk_.list(dir); }
  Result<bool> exists(std::string_view path) override { return disk_.exists(path); }
  Result<void> sync_dir(std::string_view dir) override {
    synced.insert(std::string(dir));
    return disk_.sync_dir(dir);
  }

  std::set<std::string> synced;

 private:
  fsx::FaultyDisk disk_;
};

TEST(durable_files, the_names_of_folders_are_synced_whoever_made_them) {
  for (const bool is_there : {false, true}) {
    SyncedDirs disk;
    if (is_there) ASSERT_TRUE(disk.make_dir("/store/lake/acme/t"));
    DurableFiles files(disk, "/store/lake");
    ASSERT_TRUE(files.make_dir("/store/lake"));
    ASSERT_TRUE(files.sync());
    EXPECT_EQ(disk.synced, std::set<std::string>{"/store"});
    ASSERT_TRUE(files.make_dir("/store/lake/acme/t"));
    ASSERT_TRUE(files.sync());
    EXPECT_EQ(disk.synced, (std::set<std::string>{"/store", "/store/lake", "/store/lake/acme"}));
  }
}

TEST(durable_files, what_was_synced_survives_every_crash) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    fsx::FaultyDisk disk;
    // Somebody was killed after he had made the folders.
    if (seed % 2 == 0) ASSERT_TRUE(disk.make_dir("/store/lake/acme/t/data"));
    DurableFiles files(disk, "/store/lake");
    ASSERT_TRUE(files.make_dir("/store/lake"));
    ASSERT_TRUE(files.make_dir("/store/lake/acme/t/data"));
    ASSERT_TRUE(files.write("/store/lake/acme/t/data/a", Buffer(5000, 7)));
    ASSERT_TRUE(files.write("/store/lake/acme/t/data/b", Buffer(1, 8)));
    ASSERT_TRUE(disk.sync_dir("/"));
    ASSERT_TRUE(files.sync());
    disk.crash(random);
    EXPECT_EQ(disk.read_file("/store/lake/acme/t/data/a").value_or(Buffer()), Buffer(5000, 7));
    EXPECT_EQ(disk.read_file("/store/lake/acme/t/data/b").value_or(Buffer()), Buffer(1, 8));
  }
}

TEST(durable_files, what_is_taken_back_is_gone_and_the_rest_stays) {
  fsx::FaultyDisk disk;
  DurableFiles files(disk, "/lake");
  ASSERT_TRUE(files.make_dir("/lake/t"));
  for (const char* name : {"/lake/t/a", "/lake/t/b", "/lake/t/c"}) {
    ASSERT_TRUE(files.write(name, Buffer(1, 1)));
  }
  files.remove("/lake/t/b");
  ASSERT_TRUE(files.sync());
  EXPECT_EQ(disk.list("/lake/t").value(), (std::vector<std::string>{"a", "c"}));
  files.remove_all();
  EXPECT_TRUE(disk.list("/lake/t").value().empty());
}

}  // namespace
}  // namespace dosql::lake
