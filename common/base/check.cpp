#include "common/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace tacit {

void check_failed(const char* condition, const char* file, int line, const char* context) noexcept {
  std::fprintf(stderr, "tacit: internal error at %s:%d: (%s) does not hold: %s\n", file, line,
               condition, context);
  std::abort();
}

}  // namespace tacit
