#include <algorithm>
#include <vector>

#include "base/text.h"
#include "shell/command.h"

namespace dosql::shell {
namespace {

struct Entry {
  std::string left;
  std::string_view right;
};

// Two aligned columns; a left side that is too long gets a line of its own.
std::string aligned(const std::vector<Entry>& entries) {
  constexpr size_t kLeftMax = 34;
  size_t width = 0;
  for (const Entry& entry : entries) {
    if (entry.left.size() <= kLeftMax) width = std::max(width, entry.left.size());
  }
  std::string text;
  for (const Entry& entry : entries) {
    text += str_cat({"  ", entry.left});
    if (entry.left.size() > width) {
      text += str_cat({"\n", std::string(width + 2, ' ')});
    } else {
      text.append(width - entry.left.size(), ' ');
    }
    text += str_cat({"  ", entry.right, "\n"});
  }
  return text;
}

std::string aligned_options(std::span<const Option> options) {
  std::vector<Entry> entries;
  for (const Option& option : options) {
    const std::string_view space = option.value.empty() ? "" : " ";
    entries.push_back({str_cat({"--", option.name, space, option.value}), option.help});
  }
  return aligned(entries);
}

std::string command_list(std::string_view group) {
  std::vector<Entry> entries;
  for (const Command& command : all_commands()) {
    if (!group.empty() && !command.name.starts_with(str_cat({group, " "}))) continue;
    const std::string_view space = command.arguments.empty() ? "" : " ";
    entries.push_back({str_cat({command.name, space, command.arguments}), command.summary});
  }
  return aligned(entries);
}

}  // namespace

std::string help_text() {
  return str_cat(
      {"dosql: SQLite-compatible databases with every commit durable and kept, and a "
       "lakehouse of their changes\n\n"
       "usage: dosql COMMAND [ARGUMENTS] [OPTIONS]\n\n",
       command_list(""),
       "\nA PLACE is DATABASE, DATABASE@BRANCH, or either with :POINT behind it (branches\n"
       "other than main and points are not built yet).\n\n"
       "Options of every command:\n",
       aligned_options(common_options()),
       "\nTry: dosql db create acme && dosql sql acme \"SELECT sqlite_version()\"\n"
       "dosql COMMAND --help says more, with an example.\n"});
}

std::string help_text(const Command& command) {
  const std::string_view space = command.arguments.empty() ? "" : " ";
  std::string text = str_cat(
      {"usage: dosql ", command.name, space, command.arguments, "\n\n", command.summary, "\n"});
  if (!command.options.empty()) {
    text += str_cat({"\nOptions:\n", aligned_options(command.options)});
  }
  text += str_cat({"\nOptions of every command:\n", aligned_options(common_options())});
  text += "\nExample:\n";
  std::string_view rest = command.example;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    text += str_cat({"  ", rest.substr(0, end), "\n"});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

std::string group_help_text(std::string_view group) {
  return str_cat({"usage: dosql ", group, " COMMAND [ARGUMENTS] [OPTIONS]\n\n", command_list(group),
                  "\ndosql ", group, " COMMAND --help says more, with an example.\n"});
}

}  // namespace dosql::shell
