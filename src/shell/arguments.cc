#include "shell/arguments.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace dosql::shell {
namespace {

constexpr Option kCommonOptions[] = {
    {"store", "DIR", "the store's directory (environment: DOSQL_STORE; else ./dosql-data)"},
    {"url", "URL", "work on a server instead (environment: DOSQL_URL); not built yet"},
    {"format", "FORMAT", "table, csv, json, jsonl, markdown or line"},
    {"json", "", "short for --format json"},
    {"int64", "string|number", "how JSON shows integers (default: number)"},
    {"progress", "MODE", "bar, plain (lines) or none; default: bar on a terminal"},
    {"help", "", "this text"},
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Not -10m (a point), - or -- (an SQL comment goes on with a space).
bool is_option_word(std::string_view word) {
  const size_t name = word.starts_with("--") ? 2 : 1;
  return word.starts_with('-') && word.size() > name && is_letter(word[name]);
}

const Option* find_option(std::span<const Option> options, std::string_view name) {
  for (const auto& list : {options, common_options()}) {
    const auto at = std::ranges::find(list, name, &Option::name);
    if (at != list.end()) return &*at;
  }
  return nullptr;
}

std::unexpected<Error> unknown_option(std::span<const Option> options, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& list : {options, common_options()}) {
    for (const Option& option : list) names.emplace_back(option.name);
  }
  const std::string_view nearest = nearest_word(name, names);
  std::string message = str_cat({"there is no option --", name});
  if (!nearest.empty()) message += str_cat({" (did you mean --", nearest, "?)"});
  return fail(Code::kInvalidArgument, std::move(message));
}

}  // namespace

std::span<const Option> common_options() {
  return kCommonOptions;
}

Result<Arguments> Arguments::parse(std::span<const Option> options,
                                   std::span<const std::string_view> words) {
  Arguments arguments;
  bool are_options_over = false;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (are_options_over || (!is_option_word(word) && word != "--")) {
      arguments.positional_.push_back(word);
      continue;
    }
    if (word == "--") {
      are_options_over = true;
      continue;
    }
    if (word == "-h") word = "--help";
    if (!word.starts_with("--")) {
      return fail(Code::kInvalidArgument,
                  str_cat({"there is no option ", word, " (options begin with --)"}));
    }
    const size_t equals = word.find('=');
    const std::string_view name = word.substr(2, equals == word.npos ? word.npos : equals - 2);
    const Option* option = find_option(options, name);
    if (option == nullptr) return unknown_option(options, name);
    std::string_view value;
    if (option->value.empty()) {
      if (equals != word.npos) {
        return fail(Code::kInvalidArgument, str_cat({"--", name, " takes no value"}));
      }
    } else if (equals != word.npos) {
      value = word.substr(equals + 1);
    } else if (i + 1 < words.size()) {
      value = words[++i];
    } else {
      return fail(Code::kInvalidArgument,
                  str_cat({"--", name, " wants a value: --", name, " ", option->value}));
    }
    arguments.options_.emplace_back(option->name, value);
  }
  return arguments;
}

std::optional<std::string_view> Arguments::find(std::string_view option) const {
  for (auto at = options_.rbegin(); at != options_.rend(); ++at) {
    if (at->first == option) return at->second;
  }
  return std::nullopt;
}

std::vector<std::string_view> Arguments::all(std::string_view option) const {
  std::vector<std::string_view> values;
  for (const auto& [name, value] : options_) {
    if (name == option) values.push_back(value);
  }
  return values;
}

Result<int64_t> Arguments::number_or(std::string_view option, int64_t otherwise, int64_t least,
                                     int64_t most) const {
  const auto text = find(option);
  if (!text) return otherwise;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < least || value > most) {
    const std::string range =
        most == INT64_MAX
            ? str_cat({", ", std::to_string(least), " or more"})
            : str_cat({" from ", std::to_string(least), " to ", std::to_string(most)});
    return fail(Code::kInvalidArgument,
                str_cat({"--", option, " wants a whole number", range, ", not \"", *text, "\""}));
  }
  return value;
}

}  // namespace dosql::shell
