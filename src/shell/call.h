// Call: one run of a command: its arguments, the terminal, the store it works on.
// Thread rule: one thread. Lifetime: databases and sessions taken from it die before it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <dosql/store.h>

#include "shell/arguments.h"
#include "shell/progress.h"
#include "shell/row_sink.h"
#include "shell/terminal.h"

namespace dosql::shell {

class Call {
 public:
  Call(Terminal& terminal, Arguments arguments)
      : terminal_(terminal), arguments_(std::move(arguments)) {}

  [[nodiscard]] Terminal& terminal() { return terminal_; }
  [[nodiscard]] const Arguments& arguments() const { return arguments_; }
  [[nodiscard]] std::string_view positional(size_t index) const {
    return arguments_.positional()[index];
  }

  enum class IfAbsent : uint8_t { kFail, kCreate };
  // Opened on first use, then kept until close().
  Result<Store*> store(IfAbsent if_absent = IfAbsent::kFail);
  // Of a PLACE; never created.
  Result<Database> database(std::string_view place);

  // What --format, --json, --int64 and NO_COLOR ask for; else a table on a terminal, JSON lines in
  // a pipe. Wrong values were refused by check_options().
  [[nodiscard]] FormatOptions format() const;
  [[nodiscard]] Progress::Mode progress_mode() const;
  Result<void> check_options();
  Result<int64_t> number_or(std::string_view option, int64_t otherwise, int64_t least,
                            int64_t most);

  // Makes the error one of usage: exit code 2.
  std::unexpected<Error> wrong_usage(std::string message);
  [[nodiscard]] bool is_wrong_usage() const { return is_wrong_usage_; }

  // All rows at once, in the format asked for.
  Result<void> print(const std::vector<std::string>& columns,
                     const std::vector<std::vector<Cell>>& rows);
  // One thing: in JSON an object (not an array of one), else a row for each of its fields.
  Result<void> print_object(const std::vector<std::pair<std::string, Cell>>& fields);
  Result<void> close();

 private:
  [[nodiscard]] std::string store_directory() const;

  Terminal& terminal_;
  const Arguments arguments_;
  std::optional<Store> store_;
  bool is_wrong_usage_ = false;
};

}  // namespace dosql::shell
