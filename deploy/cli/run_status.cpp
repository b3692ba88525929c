#include "deploy/cli/run_status.h"

#include <algorithm>
#include <sstream>

namespace tacit {

RunStatus::RunStatus(const Experiment& experiment)
    : rounds_(experiment.process_count(), 0),
      furthest_(rounds_),
      last_round_(experiment.system().round_count()),
      progress_(experiment.process_count(), last_round_) {}

std::optional<RunStatus::Line> RunStatus::parse(const std::string& line) const {
  std::istringstream words(line);
  Line parsed;
  words >> parsed.event >> parsed.process >> parsed.round;
  if (!words || parsed.process >= rounds_.size()) return std::nullopt;
  return parsed;
}

std::optional<ChildSign> RunStatus::sign_of(const std::string& line) const {
  const auto parsed = parse(line);
  if (!parsed) return std::nullopt;
  if (parsed->event == "here") return ChildSign{parsed->process, ChildSign::Kind::ready};
  if (parsed->event != "round" || parsed->round <= furthest_[parsed->process]) return std::nullopt;
  return ChildSign{parsed->process, ChildSign::Kind::further};
}

void RunStatus::on_line(const std::string& line) {
  const auto parsed = parse(line);
  if (!parsed) return;
  const auto& [event, process, round] = *parsed;
  if (event == "start") {
    started_.insert(process);
    progress_.started(started_.size());
  }
  if (event == "done") {
    done_.insert(process);
    rounds_[process] = last_round_;
  }
  if (event == "round") {
    rounds_[process] = round;
    furthest_[process] = std::max(furthest_[process], round);
  }
  if (started_.size() == rounds_.size()) {
    progress_.update(*std::ranges::min_element(rounds_), done_.size());
  }
}

}  // namespace tacit
