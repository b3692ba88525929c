#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tacit {

/// Bytes of the first UTF-8 letter of a text; 0 if the text does not begin with one, or begins with
/// NUL. @pre the text is not empty
std::size_t size_of_letter(std::string_view text);

/// Whether text is UTF-8 that a terminal shows unchanged: without control characters (line breaks,
/// ESC, 0x80 to 0x9f), invisible characters and changes of the writing direction.
bool is_printable(std::string_view text);

/// Escapes foreign text for a terminal or a log: every byte that is_printable() refuses becomes
/// \xNN. A line break stays if the next line is indented by two blanks, as in a message, so that
/// foreign text cannot imitate a log line.
std::string printable(std::string_view text);

}  // namespace tacit
