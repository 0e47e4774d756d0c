// Pieces of SQL text.
#pragma once

#include <string>
#include <string_view>

namespace dosql::duck {

// "name", with quotes doubled.
[[nodiscard]] std::string quote_name(std::string_view name);
// 'text', with quotes doubled.
[[nodiscard]] std::string quote_text(std::string_view text);

}  // namespace dosql::duck
