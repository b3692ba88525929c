#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "common/base/error.h"

namespace tacit::testing {

/// The message of the InputError that `action` must throw, with this code.
inline std::string message_of(const std::function<void()>& action,
                              ExitCode code = ExitCode::bad_data) {
  try {
    action();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "no InputError";
}

}  // namespace tacit::testing
