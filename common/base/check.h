#pragma once

namespace tacit {

/// Prints the failed condition with its place and context on stderr, then aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               const char* context) noexcept;

}  // namespace tacit

/// For bugs of this program, never for wrong input: stays on in release and aborts. `context` is a
/// sentence for the reader of the crash report: what the condition protects.
#define TACIT_CHECK(condition, context) \
  ((condition) ? static_cast<void>(0)   \
               : ::tacit::check_failed(#condition, __FILE__, __LINE__, context))
