#include "common/process/number_option.h"

#include <limits>

namespace tacit {

std::string in_words(const WholeRange& range) {
  return "a whole number in " + std::to_string(range.least) + ".." + std::to_string(range.most);
}

std::int64_t parse_whole(const std::string& option, const std::string& text,
                         const WholeRange& range) {
  const auto number = whole_number(text);
  if (!number || *number < range.least || *number > range.most) {
    throw CLI::ValidationError(option, "expected " + in_words(range) +
                                           " in decimal digits without leading zeros, got '" +
                                           text + "'");
  }
  return *number;
}

void add_child_options(CLI::App& app, int& supervisor, int& status_descriptor) {
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  add_number(app, "--supervisor", supervisor, {0, most}, "end when this process is gone")
      ->group("");
  add_number(app, "--status-descriptor", status_descriptor, {-1, most}, "report progress")
      ->group("");
}

}  // namespace tacit
