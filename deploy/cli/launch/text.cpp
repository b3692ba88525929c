#include "deploy/cli/launch/text.h"

#include <algorithm>
#include <cctype>

#include "common/base/error.h"

namespace tacit {
namespace {

bool is_control(char letter) { return std::iscntrl(static_cast<unsigned char>(letter)) != 0; }

bool needs_no_quotes(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte < 128 && (std::isalnum(byte) != 0 ||
                        std::string_view("_./:=,@%+-").find(letter) != std::string::npos);
}

std::string json(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

/// Whether a literal block reproduces exactly this text.
bool fits_a_block(std::string_view text) {
  return text.size() > 1 && text.front() != ' ' && text.front() != '\n' && text.back() == '\n' &&
         text[text.size() - 2] != '\n' && std::ranges::all_of(text, [](char letter) {
           return letter == '\n' || (letter >= ' ' && letter <= '~');
         });
}

void append(std::string& out, const nlohmann::ordered_json& value, std::size_t indent);

void append_block(std::string& out, const std::string& text, std::size_t indent) {
  out += "|\n";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin) + 1;
    if (end - begin > 1) out += std::string(indent, ' ');
    out += text.substr(begin, end - begin);
    begin = end;
  }
}

/// Appends the text after "key:" or "-", line break included.
void append_value(std::string& out, const nlohmann::ordered_json& value, std::size_t indent) {
  if (value.is_structured() && !value.empty()) {
    out += '\n';
    append(out, value, indent);
  } else if (value.is_string() && fits_a_block(value.get_ref<const std::string&>())) {
    out += ' ';
    append_block(out, value.get<std::string>(), indent);
  } else {
    out += ' ' + json(value) + '\n';
  }
}

void append(std::string& out, const nlohmann::ordered_json& value, std::size_t indent) {
  for (const auto& [key, item] : value.items()) {
    out += std::string(indent, ' ') + (value.is_array() ? "-" : json(key) + ":");
    append_value(out, item, indent + 2);
  }
}

}  // namespace

std::string shell_quoted(std::string_view text) {
  if (std::ranges::any_of(text, is_control)) {
    throw InputError(ExitCode::usage, "'" + std::string(text) +
                                          "' holds a line break or a control character, and "
                                          "becomes part of a script: choose another name");
  }
  if (!text.empty() && std::ranges::all_of(text, needs_no_quotes)) return std::string(text);
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? "'\\''" : std::string(1, letter);
  return word + "'";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return line;
}

std::string dns_label(std::string_view text, std::size_t longest) {
  std::string label;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 128 && std::isalnum(byte) != 0) {
      label += static_cast<char>(std::tolower(byte));
    } else if (!label.empty() && label.back() != '-') {
      label += '-';
    }
  }
  if (label.empty() || std::isalpha(static_cast<unsigned char>(label.front())) == 0) {
    label = "run-" + label;
  }
  label.resize(std::min(label.size(), longest));
  while (label.back() == '-') label.pop_back();
  return label;
}

std::string yaml_text(const nlohmann::ordered_json& document) {
  std::string out;
  append(out, document, 0);
  return out;
}

}  // namespace tacit
