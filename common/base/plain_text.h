#pragma once

#include <string>
#include <string_view>

#include "common/base/error.h"

namespace tacit {

/// Normalises the text of a data file written by a user: UTF-8 without a byte-order mark, with line
/// feeds in place of the line ends of Windows (CR LF) and of old Macs (CR).
/// @param origin  the file's name in messages
/// @throws InputError (code) with file, line and remedy for UTF-16, NUL bytes and invalid UTF-8
std::string plain_text(std::string_view text, const std::string& origin, ExitCode code);

}  // namespace tacit
