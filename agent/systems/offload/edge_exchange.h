#pragma once

#include <cstdint>
#include <span>

#include "common/base/machine.h"

namespace tacit {

/// The frames between devices and the edge server that they share: in every slot the devices learn
/// how many of them offloaded. Slot t takes two rounds: in 2t every device reports, in 2t + 1 the
/// server answers every device.
///
/// A report is one byte, 1 if the device offloads in this slot, followed by its local cost as a
/// double if the reward is common to all devices. An answer is the number of offloading devices in
/// four bytes, followed, if the reward is common, by the mean local cost of the reporting devices
/// as a double.
inline constexpr Round kSlotRounds = 2;

struct EdgeReport {
  bool offloads;
  double local_cost = 0.0;  ///< [cost/slot], sent only with a common reward
};

struct EdgeAnswer {
  std::uint32_t offloading_count;
  double local_cost_mean = 0.0;  ///< [cost/slot], sent only with a common reward
};

/// Whether frames carry costs, and the bounds of accepted values.
struct EdgeFormat {
  bool common_reward = false;
  double local_cost_max = 0.0;  ///< >= 0, [cost/slot]
  std::uint32_t agent_count = 0;
};

void send_report(const EdgeReport& report, const EdgeFormat& format, RoundOutput& output);
void send_answer(const EdgeAnswer& answer, const EdgeFormat& format, RoundOutput& output);

/// @throws InputError (peer_lost) naming the sender: size, a byte that is not 0 or 1, a count above
///         the number of agents, a cost that is not in [0, local_cost_max]
EdgeReport read_report(const Received& received, const EdgeFormat& format);
EdgeAnswer read_answer(const Received& received, const EdgeFormat& format);

}  // namespace tacit
