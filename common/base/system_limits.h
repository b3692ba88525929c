#pragma once

#include <exception>

#include "common/base/error.h"

namespace tacit {

/// The error with which a main ends its program. An InputError stays unchanged. If the system
/// refuses a thread or process (ulimit -u), a descriptor (ulimit -n) or memory, the error names the
/// limit and has exit code 74. All other exceptions are a bug of this program.
InputError as_input_error(const std::exception_ptr& error);

}  // namespace tacit
