#pragma once

#include <string>
#include <string_view>

#include "common/base/error.h"

namespace tacit {

/// A file of people's data as UTF-8 whose lines end with line feeds: without a byte-order mark, and
/// with the line ends of Windows (CR LF) and of old Macs (CR) made alike.
/// @param origin  the file's name in messages
/// @throws InputError (code) with file, line and remedy for UTF-16, NUL bytes and what is no UTF-8
std::string plain_text(std::string_view text, const std::string& origin, ExitCode code);

}  // namespace tacit
