// Arguments: the words behind a command, against what the command declares.
//
// Thread rule: plain values; views point into the words given to parse() and live as long as they.
// Errors: kInvalidArgument with a suggestion; callers make it exit code 2.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace dosql::shell {

struct Option {
  std::string_view name;   // without its dashes
  std::string_view value;  // what its value is called in the help; empty: a switch
  std::string_view help;
};

// What every command takes.
[[nodiscard]] std::span<const Option> common_options();

class Arguments {
 public:
  // `--name VALUE`, `--name=VALUE`, `--switch`, in any order with the others; `--` ends options.
  // A word that begins with "-" and is no option name (`-10m`, `-- a comment`) is an ordinary one.
  static Result<Arguments> parse(std::span<const Option> options,
                                 std::span<const std::string_view> words);

  [[nodiscard]] const std::vector<std::string_view>& positional() const { return positional_; }
  [[nodiscard]] bool has(std::string_view option) const { return find(option).has_value(); }
  // The last one given.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view option) const;
  [[nodiscard]] std::string_view value_or(std::string_view option,
                                          std::string_view otherwise) const {
    return find(option).value_or(otherwise);
  }
  [[nodiscard]] std::vector<std::string_view> all(std::string_view option) const;
  // A whole number in [least, most].
  Result<int64_t> number_or(std::string_view option, int64_t otherwise, int64_t least,
                            int64_t most) const;

 private:
  std::vector<std::string_view> positional_;
  std::vector<std::pair<std::string_view, std::string_view>> options_;
};

}  // namespace dosql::shell
