// Change events of the demo. Thread rule: one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "changes/debezium.h"
#include "shell/demo_flights.h"

namespace dosql::shell::demo {

// Counts events and keeps those of two flights.
class Lives final : public changes::EventSink {
 public:
  Lives(int64_t landed, int64_t cancelled) : landed_(landed), cancelled_(cancelled) {}

  Result<void> event(const changes::Commit& commit, const changes::Event& event) override {
    ++count;
    std::string text;
    changes::append_debezium(text, kDatabase, commit, event, {});
    if (text.find(landed_) != std::string::npos || text.find(cancelled_) != std::string::npos) {
      kept.push_back(std::move(text));
    }
    return {};
  }

  uint64_t count = 0;
  std::vector<std::string> kept;

 private:
  struct Key {
    explicit Key(int64_t id) : text(str_cat({"\"id\":", std::to_string(id), ","})) {}
    operator std::string_view() const { return text; }
    std::string text;
  };
  const Key landed_;
  const Key cancelled_;
};

}  // namespace dosql::shell::demo
