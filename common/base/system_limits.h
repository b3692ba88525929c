#pragma once

#include <exception>

#include "common/base/error.h"

namespace tacit {

/// What a main says of whatever ended its program. An InputError is as it is. A thread or a
/// process that the system does not give (ulimit -u), descriptors (ulimit -n) and memory that it
/// does not have are somebody's limit, named and with exit code 74. All else is our bug.
InputError as_input_error(const std::exception_ptr& error);

}  // namespace tacit
