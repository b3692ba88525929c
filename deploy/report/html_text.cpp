#include "deploy/report/html_text.h"

#include <array>
#include <cctype>
#include <cstdio>

namespace tacit {
namespace {

bool is_plain(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '/' || letter == '.' ||
         letter == '_' || letter == '-';
}

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t place = text.find(from); place != std::string::npos;
       place = text.find(from, place + to.size())) {
    text.replace(place, from.size(), to);
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

std::string link_target(std::string_view path) {
  std::string result;
  for (const char letter : path) {
    if (is_plain(letter)) {
      result += letter;
    } else {
      std::array<char, 4> code;
      std::snprintf(code.data(), code.size(), "%%%02X", static_cast<unsigned char>(letter));
      result += code.data();
    }
  }
  return result;
}

std::string command_line(const std::vector<std::string>& arguments) {
  std::string result;
  for (const std::string& argument : arguments) {
    if (!result.empty()) result += ' ';
    bool plain = !argument.empty();
    for (const char letter : argument) plain = plain && (is_plain(letter) || letter == '=');
    if (plain) {
      result += argument;
      continue;
    }
    result += '\'';
    for (const char letter : argument) {
      if (letter == '\'') {
        result += "'\\''";
      } else {
        result += letter;
      }
    }
    result += '\'';
  }
  return result;
}

std::string inlined_svg(std::string_view document, std::string_view stem, std::string_view title) {
  const std::size_t start = document.find("<svg");
  if (start == std::string_view::npos) return "";
  std::string svg(document.substr(start));
  const std::string prefix = std::string(stem) + '-';
  for (const char quote : {'"', '\''}) {
    const std::string id = std::string("id=") + quote;
    const std::string reference = std::string("href=") + quote + '#';
    replace_all(svg, ' ' + id, ' ' + id + prefix);
    replace_all(svg, reference, reference + prefix);
  }
  replace_all(svg, "url(#", "url(#" + prefix);
  svg.insert(std::string_view("<svg").size(), " role=\"img\" aria-label=\"" + escaped(title) + '"');
  return svg;
}

}  // namespace tacit
