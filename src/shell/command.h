// Command: what `dosql NAME` does and how its help reads.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "shell/arguments.h"
#include "shell/call.h"

namespace dosql::shell {

inline constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

struct Command {
  std::string_view name;       // "sql", "db list"
  std::string_view arguments;  // "PLACE [SQL...]"
  size_t positional_min = 0;
  size_t positional_max = 0;
  std::string_view summary;
  std::span<const Option> options;
  std::string_view example;  // lines that work as they stand, given the databases they name
  Result<void> (*run)(Call&) = nullptr;
};

// Every command, in the order of the help.
[[nodiscard]] std::span<const Command> all_commands();

[[nodiscard]] std::string help_text();
[[nodiscard]] std::string help_text(const Command& command);
// Of commands that begin with the word `group` ("db").
[[nodiscard]] std::string group_help_text(std::string_view group);

}  // namespace dosql::shell
