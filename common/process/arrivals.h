#pragma once

#include <chrono>

#include "common/rendezvous/folder_rendezvous.h"

namespace tacit {

/// Tells whether processes of a run still register in the rendezvous folder. A process that waits
/// there counts its deadline from the last registration, since the machine determines how long a
/// thousand processes take to start.
class Arrivals {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// @param deadline  of the waiting process, which lists the folder four times in it
  Arrivals(const FolderRendezvous& rendezvous, std::chrono::milliseconds deadline)
      : rendezvous_(rendezvous), interval_(deadline / 4), most_(rendezvous.record_count()) {}

  /// To be called often. True if there are more records than ever before, so at most once for each
  /// process of the run.
  bool more_have_come(TimePoint now);

 private:
  const FolderRendezvous& rendezvous_;
  std::chrono::milliseconds interval_;
  std::size_t most_;  ///< most records that were there at one time
  TimePoint looked_ = std::chrono::steady_clock::now();
};

}  // namespace tacit
