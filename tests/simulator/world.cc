#include "simulator/world.h"

namespace dosql::simulator {

World::World(Random& random, std::string directory, const store::Options& options)
    : random_(random), directory_(std::move(directory)), options_(options), clock_(random) {}

Result<void> World::open() {
  const engine::Ground ground{disk_, clock_, options_, directory_ + "/tmp"};
  DOSQL_TRY(instance_, engine::Instance::open_on(ground, directory_));
  return {};
}

void World::arm_fault(uint64_t n) {
  may_fail_ = true;
  disk_.fail_from_call(n, {Code::kIo, "a simulated fault"});
}

void World::arm_full_disk(uint64_t bytes_left) {
  may_fail_ = true;
  disk_.set_space_left(bytes_left);
}

Result<void> World::close() {
  auto closed = instance_->close();
  if (closed) instance_.reset();
  return closed;
}

void World::end(End how) {
  // A process that ends does nothing more: not even what a destructor would.
  disk_.fail_from_call(1, {Code::kIo, "the process has ended"});
  instance_.reset();
  disk_.heal();
  if (how == End::kCrash) disk_.crash(random_);
  may_fail_ = false;
}

}  // namespace dosql::simulator
