#include "agent/systems/offload/theta_exchange.h"

#include <numeric>
#include <stdexcept>
#include <string>

#include "common/base/error.h"
#include "common/base/random.h"

namespace tacit {

namespace {
constexpr Purpose kPeriod = purpose("theta_exchange.period");

// The phase of a round within its exchange: 0 for w, 1 for theta.
std::size_t phase_of(Round round) {
  return static_cast<std::size_t>(round % kExchangeRounds / kCoordinatorPhaseRounds);
}
bool is_report(Round round) { return round % kCoordinatorPhaseRounds == 0; }
}  // namespace

Round ReportSchedule::period(std::uint64_t seed, ProcessId agent, Round staleness) {
  std::uint64_t word = RandomStream(seed, agent, kPeriod, 0)();
  return 1 + static_cast<Round>(split_off(word, static_cast<std::uint64_t>(staleness)));
}

ReportSchedule::ReportSchedule(std::uint64_t seed, std::size_t agent_count, Round staleness) {
  if (staleness < 1 || staleness > kStalenessMax) {
    throw std::invalid_argument("staleness: expected 1.." + std::to_string(kStalenessMax) +
                                ", got " + std::to_string(staleness));
  }
  Round cycle = 1;
  std::vector<Round> periods(agent_count);
  for (std::size_t i = 0; i < agent_count; ++i) {
    periods[i] = period(seed, process_id(i), staleness);
    cycle = std::lcm(cycle, periods[i]);
  }
  reporters_.resize(static_cast<std::size_t>(cycle));
  for (std::size_t exchange = 0; exchange < reporters_.size(); ++exchange) {
    for (std::size_t i = 0; i < agent_count; ++i) {
      if (ends(static_cast<Round>(exchange), periods[i])) {
        reporters_[exchange].push_back(process_id(i));
      }
    }
  }
}

std::span<const ProcessId> ReportSchedule::reporters(Round exchange) const {
  return reporters_[static_cast<std::size_t>(exchange) % reporters_.size()];
}

Arcs CoordinatorSum::arcs(Round round) const {
  const std::span<const ProcessId> coordinator(&coordinator_, 1);
  if (!is_report(round)) return {{}, coordinator};
  if (ReportSchedule::ends(round / kExchangeRounds, slow_period_)) return {coordinator, {}};
  return {};
}

void CoordinatorSum::send(Round round, RoundOutput& output) const {
  if (arcs(round).to.empty()) return;
  output.send(coordinator_, std::as_bytes(std::span(&value_, 1)));
}

void CoordinatorSum::absorb(const RoundInput& input) {
  for (const Received& received : input.inbox) {
    // A late frame may belong to the other phase, whose sums are not needed now.
    const std::size_t phase = phase_of(received.sent);
    if (phase != phase_of(input.round - 1)) continue;
    sums_[phase] = read_value(received, accepted_[phase]);
  }
}

void CoordinatorSum::save(CheckpointWriter& writer) const {
  writer.value(value_);
  for (const double sum : sums_) writer.value(sum);
}

void CoordinatorSum::restore(CheckpointReader& reader) {
  reader.value(value_);
  for (double& sum : sums_) reader.value(sum);
}

void NewestSum::absorb(const RoundInput& input, const Accepted& accepted) {
  for (const Received& received : input.inbox) {
    if (phase_of(received.sent) != phase_of(input.round - 1)) continue;
    const std::size_t agent = index_of(received.from);
    if (agent >= newest_.size()) refuse_payload(received, "the sender is not an agent");
    newest_[agent] = read_value(received, accepted);
  }
}

double NewestSum::sum() const { return std::accumulate(newest_.begin(), newest_.end(), 0.0); }

void NewestSum::restore(CheckpointReader& reader) {
  const std::size_t size = newest_.size();
  reader.values(newest_);
  if (newest_.size() != size) {
    throw InputError(ExitCode::run_folder, "checkpoint of a server of another number of agents");
  }
}

}  // namespace tacit
