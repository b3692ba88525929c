#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace tacit {

/// Text as one word of a POSIX shell, whatever characters it holds.
/// @throws InputError (usage) if it holds a line break or another control character, which would
/// make a script unreadable
std::string shell_quoted(std::string_view text);

/// Several words, quoted, separated by spaces.
std::string shell_line(const std::vector<std::string>& words);

/// A name for a cluster's object that must be a DNS label: `text` in small letters, digits and
/// single hyphens, at most `longest` of them, never empty, beginning with a letter.
std::string dns_label(std::string_view text, std::size_t longest);

/// A document of YAML 1.1 and 1.2: maps and lists as blocks, text of several lines as a literal
/// block where possible, every other string in quotes.
std::string yaml_text(const nlohmann::ordered_json& document);

}  // namespace tacit
