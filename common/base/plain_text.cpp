#include "common/base/plain_text.h"

#include <cstddef>

#include "common/base/printable.h"

namespace tacit {

std::string plain_text(std::string_view text, const std::string& origin, ExitCode code) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    throw InputError(code, origin + ": is UTF-16; save it as UTF-8");
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::string plain;
  plain.reserve(text.size());
  std::size_t line = 1;
  while (!text.empty()) {
    const std::size_t size = size_of_letter(text);
    if (size == 0) {
      throw InputError(code, origin + ":" + std::to_string(line) +
                                 (text.front() == '\0' ? ": has a NUL byte; is this a text file?"
                                                       : ": is not UTF-8; save the file as UTF-8"));
    }
    const bool ends_line = text.front() == '\r' || text.front() == '\n';
    const std::size_t taken = text.starts_with("\r\n") ? 2 : size;
    plain += ends_line ? std::string_view("\n") : text.substr(0, taken);
    line += ends_line ? 1 : 0;
    text.remove_prefix(taken);
  }
  return plain;
}

}  // namespace tacit
