#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "common/results/wait_record.h"

namespace tacit {

/// Writes for `tacit why` into the process's folder which processes it waits for: after a second
/// without progress, then once a second, until it goes on.
class WaitReport {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Names = std::function<std::vector<std::string>()>;

  explicit WaitReport(std::filesystem::path process_folder);
  ~WaitReport();
  WaitReport(const WaitReport&) = delete;
  WaitReport& operator=(const WaitReport&) = delete;

  /// To be called often; cheap while the rounds go on.
  /// @param stage  meeting, greeting, running or leaving; another stage or round is progress
  /// @param whom   called only when a record is written
  void at(std::string_view stage, Round round, TimePoint now, const Names& whom);

 private:
  std::filesystem::path folder_;
  std::string stage_;
  Round round_ = -1;
  TimePoint since_{};
  TimePoint written_{};
  std::optional<WaitRecord> record_;  ///< as it stands in the folder
};

}  // namespace tacit
