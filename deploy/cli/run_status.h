#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/experiment/experiment.h"
#include "deploy/cli/children.h"
#include "deploy/cli/progress.h"

namespace tacit {

/// The processes of a run as their status lines show them, on the progress line.
class RunStatus {
 public:
  explicit RunStatus(const Experiment& experiment);

  /// What a line of Status shows that on_line() has not heard yet, `program` being the process.
  std::optional<ChildSign> sign_of(const std::string& line) const;
  /// One line of Status; any other is ignored.
  void on_line(const std::string& line);
  void note(const std::string& words) { progress_.note(words); }

 private:
  struct Line {
    std::string event;
    std::size_t process = 0;
    Round round = 0;
  };
  std::optional<Line> parse(const std::string& line) const;

  std::vector<Round> rounds_;
  std::vector<Round> furthest_;  ///< rounds that they ever were in
  Round last_round_;
  std::set<std::size_t> started_;
  std::set<std::size_t> done_;
  RunProgress progress_;
};

}  // namespace tacit
