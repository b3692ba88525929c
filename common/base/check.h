#pragma once

namespace tacit {

/// Prints the failed condition with its place and context on stderr, then aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               const char* context) noexcept;

}  // namespace tacit

/// Our own bug, never somebody's input: stays on in release and aborts. `context` says what the
/// condition protects, as a sentence that helps whoever reads the crash.
#define TACIT_CHECK(condition, context) \
  ((condition) ? static_cast<void>(0)   \
               : ::tacit::check_failed(#condition, __FILE__, __LINE__, context))
