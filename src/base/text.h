// Small text tools that several modules need.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace dosql {

// One allocation for "a" + b + "c".
[[nodiscard]] std::string str_cat(std::initializer_list<std::string_view> parts);

// The candidate nearest to `word` by edit distance, or empty when none is near enough to suggest.
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            const std::vector<std::string>& candidates);

// ASCII only, as SQLite folds identifiers.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace dosql
