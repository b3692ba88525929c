#pragma once

#include <functional>

#include "common/base/error.h"

namespace tacit::testing {

/// The exit code of the error that an action throws; done if it throws none.
inline ExitCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.code();
  }
  return ExitCode::done;
}

}  // namespace tacit::testing
