#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace tacit {

/// Keeps other processes from filling a log: of each kind of line the first five are logged, then
/// the tenth, the hundredth, and so on; the others are counted. The caller must bound the number of
/// kinds.
class NoticeLimit {
 public:
  /// @return the line for the log; nothing if it is only counted
  std::optional<std::string> line(const std::string& kind, const std::string& text) {
    const std::uint64_t count = ++counts_[kind];
    if (count < kFirst) return text;
    if (count == kFirst) return text + " (further ones are counted)";
    std::uint64_t rest = count;
    while (rest % 10 == 0) rest /= 10;
    if (rest != 1) return std::nullopt;
    return text + " (" + std::to_string(count) + " so far)";
  }

 private:
  static constexpr std::uint64_t kFirst = 5;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace tacit
