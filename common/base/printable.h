#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tacit {

/// How many bytes the first letter of a text has, which is not empty; 0 if no letter of UTF-8
/// begins there, or it is NUL.
std::size_t size_of_letter(std::string_view text);

/// Whether text is UTF-8 that a terminal shows as it is: no control characters (line breaks, ESC,
/// those of 0x80 to 0x9f), nothing invisible, nothing that turns the direction of writing.
bool is_printable(std::string_view text);

/// Text of others for a terminal or a log: whatever is_printable() refuses stands there as \xNN,
/// byte by byte. A line break stays if the next line is indented by two blanks, as those of a
/// message are: no text can pretend to be a line of its own.
std::string printable(std::string_view text);

}  // namespace tacit
