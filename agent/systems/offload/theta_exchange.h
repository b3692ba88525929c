#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"
#include "common/base/machine.h"
#include "common/protocol/peer_payload.h"

namespace tacit {

/// How agents that coordinate budgets learn the sums W of all w_i and S of all theta_i: once per
/// slow step each agent sends two scalars and receives two. Exchange n takes four rounds:
///   4n     agents send w         4n + 1  the server sends W, the sum of the newest values
///   4n + 2 agents send theta     4n + 3  the server sends S
/// A number is one double, 8 bytes. The last S, sent in round R - 1, is used in round R.
inline constexpr Round kExchangeRounds = 4;

/// A phase is half an exchange: one number goes up and its sum comes down, first w, then theta.
inline constexpr Round kCoordinatorPhaseRounds = 2;

/// The agents that report in each exchange. With staleness 1 all agents report in all exchanges;
/// otherwise agent i's slow step lasts period(i) exchanges, uniform on 1..staleness and drawn once
/// from its stream, and the agent reports in the last exchange of each step. Agents and server draw
/// the same numbers, so both know which frames are sent.
class ReportSchedule {
 public:
  static constexpr Round kStalenessMax = 6;  ///< at most 60 different exchanges

  /// @throws std::invalid_argument naming staleness, if not in 1..kStalenessMax
  ReportSchedule(std::uint64_t seed, std::size_t agent_count, Round staleness);

  /// p_i, the number of exchanges that a slow step of this agent lasts.
  static Round period(std::uint64_t seed, ProcessId agent, Round staleness);

  /// Whether a slow step that lasts `period` exchanges ends in this one.
  static bool ends(Round exchange, Round period) { return (exchange + 1) % period == 0; }
  static bool begins(Round exchange, Round period) { return exchange % period == 0; }

  /// Ascending.
  std::span<const ProcessId> reporters(Round exchange) const;

 private:
  std::vector<std::vector<ProcessId>> reporters_;  ///< by exchange; repeats after the last one
};

/// An agent's side of the exchange: it gives a number in a phase and gets the newest sum back.
class CoordinatorSum {
 public:
  /// @param coordinator   the server's process
  /// @param slow_period   as ReportSchedule::period
  /// @param accepted      of W and of S
  /// @param initial_sums  W and S until a sum is received
  CoordinatorSum(ProcessId coordinator, Round slow_period, const std::array<Accepted, 2>& accepted,
                 double initial_W, double initial_S)
      : coordinator_(coordinator),
        slow_period_(slow_period),
        accepted_(accepted),
        sums_{initial_W, initial_S} {}

  Round phase_rounds() const { return kCoordinatorPhaseRounds; }
  /// The arcs of a round before R.
  Arcs arcs(Round round) const;
  /// The number to send in this phase.
  void start(double value) { value_ = value; }
  void send(Round round, RoundOutput& output) const;
  /// Takes the sum that ends a phase, if its frame arrived; otherwise the last known sum remains.
  /// @throws InputError (peer_lost) naming the sender of a sum that is not accepted
  void absorb(const RoundInput& input);
  /// The newest sum of a phase: 0 for W, 1 for S.
  double sum(std::size_t phase) const { return sums_[phase]; }

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  ProcessId coordinator_;
  Round slow_period_;
  std::array<Accepted, 2> accepted_;
  double value_ = 0.0;
  double sums_[2];
};

/// The server's side: the newest number of every agent, summed in ascending order.
class NewestSum {
 public:
  NewestSum(std::size_t agent_count, double initial) : newest_(agent_count, initial) {}

  /// Ignores late frames of the other phase.
  /// @throws InputError (peer_lost) naming the sender of a number that is not accepted
  void absorb(const RoundInput& input, const Accepted& accepted);
  double sum() const;

  void save(CheckpointWriter& writer) const { writer.values(newest_); }
  void restore(CheckpointReader& reader);

 private:
  std::vector<double> newest_;
};

}  // namespace tacit
