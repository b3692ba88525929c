#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace tacit {

/// hash_text of a text that comes in pieces; the value does not depend on where it is cut.
class RunningHash {
 public:
  RunningHash();
  void add(std::string_view piece);
  /// Of all pieces so far.
  std::uint64_t value() const;

 private:
  struct Free {
    void operator()(void* state) const;
  };
  std::unique_ptr<void, Free> state_;  ///< of XXH3
};

}  // namespace tacit
