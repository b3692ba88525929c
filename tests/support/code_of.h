#pragma once

#include <functional>

#include "common/base/error.h"

namespace tacit::testing {

/// The exit code that an action asks for; done if it throws nothing.
inline ExitCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.code();
  }
  return ExitCode::done;
}

}  // namespace tacit::testing
