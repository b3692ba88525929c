#pragma once

#include <chrono>

#include "common/rendezvous/folder_rendezvous.h"

namespace tacit {

/// Whether processes of a run still come to the folder where they meet. Whoever waits there counts
/// its deadline from the last that came: how long a thousand processes take to start is a matter of
/// the machine.
class Arrivals {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// @param deadline  of who waits; the folder is looked at four times in it
  Arrivals(const FolderRendezvous& rendezvous, std::chrono::milliseconds deadline)
      : rendezvous_(rendezvous), interval_(deadline / 4), most_(rendezvous.record_count()) {}

  /// To be called often. True at most once for every process of the run.
  bool more_have_come(TimePoint now);

 private:
  const FolderRendezvous& rendezvous_;
  std::chrono::milliseconds interval_;
  std::size_t most_;  ///< records that were ever there at once
  TimePoint looked_ = std::chrono::steady_clock::now();
};

}  // namespace tacit
