#include "deploy/cli/run_status.h"

#include <algorithm>
#include <sstream>

namespace tacit {

RunStatus::RunStatus(const Experiment& experiment)
    : rounds_(experiment.process_count(), 0),
      last_round_(experiment.system().round_count()),
      progress_(experiment.process_count(), last_round_) {}

void RunStatus::on_line(const std::string& line) {
  std::istringstream words(line);
  std::string event;
  std::size_t process = 0;
  Round round = 0;
  if (!(words >> event >> process >> round) || process >= rounds_.size()) return;
  if (event == "start") {
    started_.insert(process);
    progress_.started(started_.size());
  }
  if (event == "done") {
    done_.insert(process);
    rounds_[process] = last_round_;
  }
  if (event == "round") rounds_[process] = round;
  if (started_.size() == rounds_.size()) {
    progress_.update(*std::ranges::min_element(rounds_), done_.size());
  }
}

}  // namespace tacit
