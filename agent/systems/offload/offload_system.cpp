#include "agent/systems/offload/offload_system.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "agent/systems/offload/dcc_agent.h"
#include "agent/systems/offload/edge_server.h"
#include "agent/systems/offload/iql_agent.h"
#include "agent/systems/offload/offload_config.h"
#include "agent/systems/offload/offload_summary.h"
#include "agent/systems/offload/theta_server.h"

namespace tacit::offload {

namespace {

/// Environments and tables by type, each made for the first agent of the type: a process that runs
/// one agent holds one of them.
class DeviceShelf {
 public:
  std::shared_ptr<const Device> device(const AgentType& type) {
    const std::lock_guard lock(mutex_);
    auto& device = devices_[type];
    if (!device) device = std::make_shared<const Device>(type);
    return device;
  }

 private:
  std::mutex mutex_;
  std::map<AgentType, std::shared_ptr<const Device>> devices_;
};

class OffloadSystem final : public System {
 public:
  OffloadSystem(OffloadConfig config, const SystemContext& context)
      : config_(std::move(config)),
        agent_count_(context.agent_count),
        seed_(context.seed),
        graph_(context.graph),
        congestion_(config_.alpha, config_.congestion) {}

  Round round_count() const override {
    if (config_.method == Method::iql) return kSlotRounds * config_.iql.slots;
    return 2 * config_.dcc.phase_rounds * config_.dcc.exchange_count();
  }

  bool has_coordinator() const override {
    return config_.method == Method::iql || config_.dcc.sums == Sums::coordinator;
  }

  bool bears_missed_frames() const override { return true; }

  std::unique_ptr<Machine> make_agent(ProcessId agent, const Policies&) const override {
    const auto device = shelf_.device(config_.team[index_of(agent)]);
    if (config_.method == Method::iql) {
      return std::make_unique<IqlAgent>(IqlAgent::Setup{agent, agent_count_, seed_, edge_format()},
                                        config_.iql, congestion_, device);
    }
    const DccAgent::Setup setup{agent,       agent_count_,       seed_,
                                congestion_, slow_period(agent), round_count()};
    return std::make_unique<DccAgent>(setup, config_.dcc, device, make_sums(agent));
  }

  std::unique_ptr<Machine> make_coordinator() const override {
    if (!has_coordinator()) return nullptr;
    if (config_.method == Method::iql) {
      return std::make_unique<EdgeServer>(edge_format(), round_count());
    }
    return std::make_unique<ThetaServer>(ThetaServerConfig{
        .agent_count = agent_count_,
        .seed = seed_,
        .staleness = config_.dcc.staleness,
        .round_count = round_count(),
        .initial_theta = config_.dcc.theta_first,
        .accepted_w = kAcceptedW,
        .accepted_theta = kAcceptedTheta,
    });
  }

  Summary summarise(std::span<const ProcessRecord> processes) const override {
    return summarise_offload(config_, processes.first(agent_count_));
  }
  std::vector<Plot> plots(std::span<const ProcessRecord> processes) const override {
    return plot_offload(config_, processes.first(agent_count_));
  }

 private:
  Round slow_period(ProcessId agent) const {
    return ReportSchedule::period(seed_, agent, config_.dcc.staleness);
  }

  SumExchange make_sums(ProcessId agent) const {
    const double N = static_cast<double>(agent_count_);
    const double S = config_.dcc.theta_first * N;
    if (config_.dcc.sums == Sums::coordinator) {
      const std::array sums{
          Accepted{"sum of w", N * kAcceptedW.least, N * kAcceptedW.most},
          Accepted{"sum of theta", N * kAcceptedTheta.least, N * kAcceptedTheta.most}};
      return CoordinatorSum(process_id(agent_count_), slow_period(agent), sums, 0.0, S);
    }
    return GraphSum(graph_.neighbours(agent), agent_count_, config_.dcc.phase_rounds,
                    {kAcceptedW, kAcceptedTheta}, 0.0, S);
  }

  EdgeFormat edge_format() const {
    double local_cost_max = 0;
    for (const AgentType& type : config_.team) {
      local_cost_max = std::max<double>(local_cost_max, type.M + type.deepest_deficit());
    }
    return {config_.iql.common_reward, local_cost_max, static_cast<std::uint32_t>(agent_count_)};
  }

  OffloadConfig config_;
  std::size_t agent_count_;
  std::uint64_t seed_;
  Graph graph_;
  Congestion congestion_;
  mutable DeviceShelf shelf_;
};

}  // namespace

std::unique_ptr<System> make_offload_system(const ConfigView& table, const SystemContext& context) {
  return std::make_unique<OffloadSystem>(read_offload_config(table, context), context);
}

}  // namespace tacit::offload
