#include "sqlite/memory_port.h"

#include <charconv>

#include "base/text.h"

namespace dosql::sqlite {

class MemoryPort final : public PagePort {
 public:
  MemoryPort(MemoryStore& store, MemoryStore::Database& database, Version fixed)
      : store_(store), database_(database), page_size_(database.page_size), fixed_(fixed) {}

  [[nodiscard]] uint32_t page_size() const override { return page_size_; }
  [[nodiscard]] bool is_immutable() const override { return fixed_.value() != 0; }

  Result<Pin> pin() override {
    MutexLock lock(store_.mutex_);
    const uint64_t version = is_immutable() ? fixed_.value() : database_.versions.size();
    pages_ = database_.versions[version - 1];
    version_ = Version(version);
    return as_pin();
  }

  void unpin() override { pages_.reset(); }

  Result<PageRef> page(PageNo page) override {
    if (store_.page_fault_) DOSQL_TRY(store_.take_fault(store_.page_fault_));
    const PageRef& image = (*pages_)[page - 1];
    if (!image.empty()) return image;
    PageRef zeros = PageRef::allocate(page_size_);
    std::memset(zeros.mutable_bytes().data(), 0, page_size_);
    return zeros;
  }

  Result<void> begin_write() override {
    if (store_.before_begin_write) store_.before_begin_write();
    DOSQL_TRY(store_.take_fault(store_.begin_write_fault_));
    MutexLock lock(store_.mutex_);
    if (database_.writer != nullptr) return fail(Code::kBusy, "another connection is writing");
    if (database_.versions.size() != version_.value()) {
      return fail(Code::kBusySnapshot, "the database changed since this transaction began to read");
    }
    database_.writer = this;
    return {};
  }

  Result<void> begin_change() override { return store_.take_fault(store_.begin_change_fault_); }

  Result<Pin> commit(std::span<const DirtyPage> pages, uint32_t page_count) override {
    DOSQL_TRY(store_.take_fault(store_.commit_fault_));
    auto next = std::make_shared<MemoryStore::Pages>(*pages_);
    next->resize(page_count);
    for (const DirtyPage& page : pages) (*next)[page.page - 1] = page.image;
    MutexLock lock(store_.mutex_);
    DOSQL_CHECK(database_.writer == this);
    database_.versions.push_back(next);
    pages_ = std::move(next);
    version_ = Version(database_.versions.size());
    return as_pin();
  }

  void end_write() override {
    MutexLock lock(store_.mutex_);
    if (database_.writer == this) database_.writer = nullptr;
  }

 private:
  [[nodiscard]] Pin as_pin() const { return {version_, static_cast<uint32_t>(pages_->size())}; }

  MemoryStore& store_;
  MemoryStore::Database& database_;
  const uint32_t page_size_;
  const Version fixed_;  // 0: the newest
  std::shared_ptr<const MemoryStore::Pages> pages_;
  Version version_{0};
};

Result<std::unique_ptr<PagePort>> MemoryStore::open_port(std::string_view name) {
  const size_t at = name.find('@');
  uint64_t fixed = 0;
  if (at != std::string_view::npos) {
    const std::string_view digits = name.substr(at + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), fixed);
    name = name.substr(0, at);
  }
  MutexLock lock(mutex_);
  auto found = databases_.find(name);
  if (found == databases_.end() && at == std::string_view::npos) {
    auto made = std::make_unique<Database>(Database{page_size_, {std::make_shared<Pages>()}});
    found = databases_.emplace(name, std::move(made)).first;
  }
  const bool is_known = found != databases_.end() && fixed <= found->second->versions.size();
  if (!is_known || (at != std::string_view::npos && fixed == 0)) {
    return fail(Code::kNotFound, str_cat({"there is no such version of \"", name, "\""}));
  }
  return std::make_unique<MemoryPort>(*this, *found->second, Version(fixed));
}

Version MemoryStore::head(std::string_view name) {
  MutexLock lock(mutex_);
  const auto found = databases_.find(name);
  return Version(found == databases_.end() ? 0 : found->second->versions.size());
}

void MemoryStore::fail_next_commit(Error error) {
  commit_fault_ = std::move(error);
}
void MemoryStore::fail_next_page(Error error) {
  page_fault_ = std::move(error);
}
void MemoryStore::fail_next_begin_change(Error error) {
  begin_change_fault_ = std::move(error);
}
void MemoryStore::fail_next_begin_write(Error error) {
  begin_write_fault_ = std::move(error);
}

Result<void> MemoryStore::take_fault(std::optional<Error>& fault) {
  if (!fault) return {};
  Error error = *std::exchange(fault, std::nullopt);
  return std::unexpected(std::move(error));
}

}  // namespace dosql::sqlite
