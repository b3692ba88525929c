#pragma once

#include <chrono>

#include "common/base/ids.h"

namespace tacit {

/// What a node does about a peer whose connection has been down for too long.
enum class Overdue {
  fail,   ///< ends the run, naming the peer
  wait,   ///< for ever, saying so now and then
  close,  ///< goes on without its frames until it sends current ones
};

/// Rounds that begin by the clock, whoever has been heard.
struct Pace {
  std::chrono::milliseconds tick{100};
  Round staleness = 0;  ///< rounds that a frame may be older than the last round
};

}  // namespace tacit
