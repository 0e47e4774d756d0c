// Pieces of SQL text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dosql::duck {

// "name", with quotes doubled.
[[nodiscard]] std::string quote_name(std::string_view name);
// 'text', with quotes doubled.
[[nodiscard]] std::string quote_text(std::string_view text);

// The parts of `a."b c".d`, unquoted; what follows a blank (an alias) is left out.
[[nodiscard]] std::vector<std::string> split_name(std::string_view name);

}  // namespace dosql::duck
