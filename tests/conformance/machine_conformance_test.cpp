// What every machine of every system promises, whatever it computes: arcs that both ends agree on,
// none in the last round, a state that can be saved and restored at any round boundary, and no
// blame for who is not to blame. A new system's machines join by one line in cases().
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "agent/systems/locomotion/plant/simulation.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/graph/generators.h"
#include "common/simulation/lockstep.h"
#include "tests/support/system_run.h"

namespace tacit {
namespace {

using testing::SystemSetup;

struct Case {
  std::string name;
  std::function<std::unique_ptr<SystemSetup>(std::uint64_t seed)> make;
  bool draws = true;  ///< whether anything in a run is random
};

void PrintTo(const Case& machines, std::ostream* out) { *out << machines.name; }

const std::string kShortDcc =
    "slow_steps = 3\nlambda_updates = 4\nq_steps = 300\nevaluation_slots = 200\n";

Case system_case(const std::string& system, std::string name, std::string table,
                 double up_probability = 1.0) {
  return {std::move(name), [=](std::uint64_t seed) {
            return std::make_unique<SystemSetup>(system, table, small_world_graph(8, 6, seed), seed,
                                                 up_probability);
          }};
}

/// Hardly trained robots, which move at random; as many as zones, so that none is left over.
Case patrol_case(std::string name, const std::string& table, double up_probability = 1.0,
                 double range_m = 0) {
  return {"patrol_" + std::move(name), [=](std::uint64_t seed) {
            return std::make_unique<SystemSetup>(
                "patrol",
                "rollouts = 3\nrollout_steps = 13\n" + table +
                    (table.find("central") != std::string::npos
                         ? ""
                         : "\n[patrol.training]\nsteps_per_block = 1\n"
                           "rounds = 0\nquality_runs = 1\n"
                           "quality_steps = 13\nattempts_most = 1"),
                complete_graph(6), seed, up_probability, range_m);
          }};
}

Case offload_case(std::string name, std::string table, double up_probability = 1.0) {
  return system_case("offload", "offload_" + name, std::move(table), up_probability);
}

Case grid_case(std::string name, const std::string& table, double up_probability, bool draws) {
  Case machines =
      system_case("grid", "grid_" + name, "policy = 'threshold'\nhours = 40\neta = 1.0\n" + table,
                  up_probability);
  machines.draws = draws;
  return machines;
}

/// Three pods that learn twice, each time from so many steps of two bodies; an episode has 100.
Case locomotion_case(std::string name, const std::string& settings,
                     const std::string& coordination = "", double up_probability = 1.0,
                     int steps = 5) {
  const std::string table =
      "task = 'mini'\npods = 3\ncopies = 2\nrollout_steps = " + std::to_string(steps) +
      "\niterations = 2\n[locomotion.learning]\nhidden = [4]\n"
      "epochs = 2\nminibatches = 2\n" +
      settings + "\n[locomotion.coordination]\n" + coordination;
  return {"locomotion_" + std::move(name), [=](std::uint64_t seed) {
            return std::make_unique<SystemSetup>("locomotion", table, line_graph(3), seed,
                                                 up_probability);
          }};
}

std::vector<Case> cases() {
  return {
      offload_case("coordinator", kShortDcc),
      offload_case("finite_differences", kShortDcc + "gradient = 'finite_differences'"),
      offload_case("asynchronous", kShortDcc + "staleness = 3"),
      offload_case("graph", kShortDcc + "sums = 'graph'\nphase_rounds = 9", 0.6),
      offload_case("heterogeneous", kShortDcc + "team = 'heterogeneous'"),
      offload_case("iql", "method = 'iql'\nslots = 40\nrecord_slots = 7"),
      offload_case("iql_common", "method = 'iql'\nreward = 'common'\nslots = 40\nrecord_slots = 7"),
      grid_case("consensus", "weights = 'random_walk'", 1.0, true),
      grid_case("failing_links", "iterations = 3", 0.6, true),
      grid_case("no_consensus", "method = 'no_consensus'", 1.0, false),
      grid_case("fixed", "method = 'fixed'", 1.0, false),
      patrol_case("arithmetic", "", 0.4),
      patrol_case("run_lengths", "code = 'run_lengths'", 1.0, 9.0),
      patrol_case("list", "code = 'list'", 0.4, 20.0),
      patrol_case("no_gossip", "method = 'no_gossip'"),
      patrol_case("broadcast", "method = 'broadcast'"),
      patrol_case("central", "method = 'central'"),
      locomotion_case("alone", "critic_input = 'local'\nactor_input = 'local'"),
      locomotion_case("relayed", "", "", 0.6, 55),
      locomotion_case("zeros", "multiplier = 'published'", "missing = 'zeros'\nkappa = 2", 0.6),
      locomotion_case("delayed", "", "comm_delay = true", 0.6),
      locomotion_case("global", "critic_input = 'global'\nsequential = 'global'", "", 0.6),
      locomotion_case("in_turns", "sequential = 'khop'\nconstrained = false", "kappa = 2"),
      locomotion_case("told",
                      "actor_input = 'global'\ncritic_input = 'global'\nsequential = 'global'"),
  };
}

class MachineConformance : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (GetParam().name.starts_with("locomotion") && !has_mujoco()) {
      GTEST_SKIP() << "this build has no MuJoCo: install libmujoco-dev";
    }
  }
};

/// Hands every call on to a machine that can be exchanged for another one.
class Exchangeable final : public Machine {
 public:
  explicit Exchangeable(std::unique_ptr<Machine> machine) : machine_(std::move(machine)) {}
  void exchange(std::unique_ptr<Machine> machine) {
    CheckpointWriter writer;
    machine_->save(writer);
    CheckpointReader reader(writer.bytes());
    machine->restore(reader);
    EXPECT_TRUE(reader.at_end()) << "restore leaves part of the state unread";
    machine_ = std::move(machine);
  }

  Arcs arcs(Round round) const override { return machine_->arcs(round); }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    machine_->on_round(input, output);
  }
  void save(CheckpointWriter& writer) const override { machine_->save(writer); }
  void restore(CheckpointReader& reader) override { machine_->restore(reader); }
  Result result() const override { return machine_->result(); }

 private:
  std::unique_ptr<Machine> machine_;
};

struct Ended {
  std::uint64_t digest;
  std::vector<Result> results;
  std::vector<std::vector<double>> rows;
};

/// Runs all rounds; before each round for which `restarts` says so, a machine is replaced by a
/// fresh one that takes over its saved state.
Ended run(const SystemSetup& setup,
          const std::function<bool(std::size_t machine, Round round)>& restarts) {
  std::vector<std::unique_ptr<Exchangeable>> machines;
  std::vector<Machine*> pointers;
  for (auto& machine : setup.make_machines()) {
    machines.push_back(std::make_unique<Exchangeable>(std::move(machine)));
    pointers.push_back(machines.back().get());
  }
  Ended ended{};
  Lockstep lockstep(pointers, setup.links(), [&](ProcessId, Round, std::span<const Sample> row) {
    ended.rows.emplace_back();
    for (const Sample& sample : row) ended.rows.back().push_back(sample.value);
  });
  const Round last = setup.system().round_count();
  for (Round round = 0; round <= last + 1; ++round) {
    for (std::size_t i = 0; i < machines.size(); ++i) {
      if (restarts(i, round)) machines[i]->exchange(std::move(setup.make_machines()[i]));
    }
    if (round <= last) lockstep.run(round, round, 1);
  }
  std::vector<std::uint64_t> digests;
  for (std::size_t i = 0; i < machines.size(); ++i) {
    digests.push_back(lockstep.digest(process_id(i)));
    ended.results.push_back(machines[i]->result());
  }
  ended.digest = run_digest(digests);
  return ended;
}

/// All machines of a run in one process, as far as they have come.
struct Engine {
  Engine(const SystemSetup& setup, RowSink sink)
      : machines(setup.make_machines()),
        lockstep(std::make_unique<Lockstep>(pointers(), setup.links(), std::move(sink))) {}
  std::vector<Machine*> pointers() const {
    std::vector<Machine*> list;
    for (const auto& machine : machines) list.push_back(machine.get());
    return list;
  }

  std::vector<std::unique_ptr<Machine>> machines;
  std::unique_ptr<Lockstep> lockstep;
};

struct EngineEnd {
  std::vector<std::uint64_t> digests;
  std::map<Edge, MessageCount> traffic;
  std::vector<std::vector<double>> rows;
  bool operator==(const EngineEnd&) const = default;
};

/// Runs all rounds; before each round for which `cut` says so, all is saved, dropped and restored.
EngineEnd run_engine(const SystemSetup& setup, const std::function<bool(Round)>& cut) {
  EngineEnd end{};
  const RowSink sink = [&](ProcessId, Round, std::span<const Sample> row) {
    end.rows.emplace_back();
    for (const Sample& sample : row) end.rows.back().push_back(sample.value);
  };
  auto engine = std::make_unique<Engine>(setup, sink);
  const Round last = setup.system().round_count();
  for (Round round = 0; round <= last + 1; ++round) {
    if (cut(round)) {
      CheckpointWriter writer;
      engine->lockstep->save(writer);
      engine = std::make_unique<Engine>(setup, sink);
      CheckpointReader reader(writer.bytes());
      EXPECT_EQ(engine->lockstep->restore(reader), round);
      EXPECT_TRUE(reader.at_end()) << "restore leaves part of the state unread";
    }
    if (round <= last) engine->lockstep->run(round, round, 1);
  }
  for (std::size_t i = 0; i < engine->machines.size(); ++i) {
    end.digests.push_back(engine->lockstep->digest(process_id(i)));
  }
  end.traffic = engine->lockstep->traffic();
  return end;
}

// Goal: a run in one process that is cut off and goes on from its checkpoint cannot be told from
// one that went on, nor can its account of messages.
TEST_P(MachineConformance, CutOffAtAnyRoundARunInOneProcessEndsTheSame) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const auto setup = GetParam().make(seed);
    const Edge key{process_id(0), process_id(0)};
    const auto cut = [&](Round round) {
      return seed == 4 || coin(seed, purpose("test.cut"), key, round, 0.2);
    };
    EXPECT_TRUE(run_engine(*setup, cut) == run_engine(*setup, [](Round) { return false; }));
  }
}

TEST_P(MachineConformance, BothEndsAgreeOnEveryArc) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const auto setup = GetParam().make(seed);
    const auto machines = setup->make_machines();
    for (Round round = 0; round <= setup->system().round_count(); ++round) {
      std::vector<Edge> given, expected;
      for (std::size_t i = 0; i < machines.size(); ++i) {
        const Arcs arcs = machines[i]->arcs(round);
        ASSERT_TRUE(std::ranges::is_sorted(arcs.to)) << "process " << i << ", round " << round;
        ASSERT_TRUE(std::ranges::is_sorted(arcs.from)) << "process " << i << ", round " << round;
        for (const ProcessId to : arcs.to) given.push_back({process_id(i), to});
        for (const ProcessId from : arcs.from) expected.push_back({from, process_id(i)});
      }
      std::ranges::sort(given);
      std::ranges::sort(expected);
      ASSERT_EQ(given, expected) << "round " << round;
    }
  }
}

TEST_P(MachineConformance, TheLastRoundSendsNothing) {
  const auto setup = GetParam().make(1);
  const Round last = setup->system().round_count();
  EXPECT_GT(last, 0);
  for (const auto& machine : setup->make_machines()) {
    EXPECT_TRUE(machine->arcs(last).to.empty());
    EXPECT_TRUE(machine->arcs(last).from.empty());
  }
}

// Goal: a machine that is dropped and restored cannot be told from one that went on.
// Method: each seed restarts machines at other rounds, at last all of them before every round and
// after the last.
TEST_P(MachineConformance, RestoredAtAnyRoundItEndsWithTheSameBits) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const auto setup = GetParam().make(seed);
    const Ended whole = run(*setup, [](std::size_t, Round) { return false; });
    const Ended restarted = run(*setup, [&](std::size_t machine, Round round) {
      if (seed == 6) return true;
      const Edge key{process_id(machine), process_id(machine)};
      return coin(seed, purpose("test.restart"), key, round, 0.3);
    });
    EXPECT_EQ(whole.digest, restarted.digest);
    EXPECT_EQ(whole.results, restarted.results);
    EXPECT_EQ(whole.rows, restarted.rows);
  }
}

// Goal: the digest sees the seed wherever a run draws from it, so that equal digests mean
// something.
TEST_P(MachineConformance, AnotherSeedEndsWithOtherBits) {
  const auto never = [](std::size_t, Round) { return false; };
  const auto one = run(*GetParam().make(1), never).digest;
  const auto other = run(*GetParam().make(2), never).digest;
  EXPECT_EQ(one != other, GetParam().draws);
}

/// Hands every call on to an honest machine, and lies to its peers every now and then: some numbers
/// of a payload, or all of them, become others, finite and never larger than one size.
class Liar final : public Machine {
 public:
  Liar(std::unique_ptr<Machine> machine, std::uint64_t seed)
      : machine_(std::move(machine)),
        stream_(seed, process_id(0), purpose("test.lies"), 0),
        size_(kSizes[stream_() % std::size(kSizes)]) {}

  Arcs arcs(Round round) const override { return machine_->arcs(round); }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    truth_.clear();
    machine_->on_round(input, truth_);
    output.set_pose(truth_.pose());
    for (const ProcessId to : machine_->arcs(input.round).to) {
      const auto said =
          truth_.source() != nullptr ? truth_.source()->payload_for(to) : truth_.payload_for(to);
      payload_.assign(said.begin(), said.end());
      if (stream_() % 4 == 0 && size_ > 3e38) lie<double>();
      if (stream_() % 4 == 0 && size_ <= 3e38) stream_() % 2 == 0 ? lie<double>() : lie<float>();
      output.send(to, payload_);
    }
  }
  void save(CheckpointWriter& writer) const override { machine_->save(writer); }
  void restore(CheckpointReader& reader) override { machine_->restore(reader); }
  Result result() const override { return machine_->result(); }

 private:
  /// Some are just within what a protocol accepts of a number: those lies are believed.
  static constexpr double kSizes[] = {1e308, 9e99, 3e38, 9e14, 9e11, 9e5, 20, 1, 1e-40};

  template <typename Number>
  void lie() {
    const bool everywhere = stream_() % 3 == 0;
    const std::size_t head = payload_.size() % sizeof(Number);
    for (std::size_t at = stream_() % 2 == 0 ? head : 0; at + sizeof(Number) <= payload_.size();
         at += sizeof(Number)) {
      if (!everywhere && stream_() % 4 != 0) continue;
      const double lies[] = {size_, size_, -size_, 0};
      const auto number = static_cast<Number>(lies[stream_() % std::size(lies)]);
      std::memcpy(payload_.data() + at, &number, sizeof(Number));
    }
  }

  std::unique_ptr<Machine> machine_;
  RandomStream stream_;
  double size_;
  RoundOutput truth_;
  std::vector<std::byte> payload_;
};

/// Any number is a dual of grid, and any bits are places; who does not gossip tells nothing.
bool believes_every_number(const std::string& machines) {
  return machines.starts_with("grid_") || machines == "patrol_no_gossip" ||
         machines == "patrol_broadcast" || machines == "patrol_central";
}

// Goal: one process lies, and the others name that one, or go on; none aborts, or names another.
// In 80 lies some are found out, unless every number is as good as another.
TEST_P(MachineConformance, NobodyIsNamedForTheLieOfAnother) {
  std::size_t named = 0;
  const auto setup = GetParam().make(1);
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    auto machines = setup->make_machines();
    const std::size_t liar = seed % machines.size();
    SCOPED_TRACE(::testing::Message() << "seed=" << seed << ", process " << liar << " lies");
    machines[liar] = std::make_unique<Liar>(std::move(machines[liar]), seed);
    std::vector<Machine*> pointers;
    for (const auto& machine : machines) pointers.push_back(machine.get());
    Lockstep lockstep(pointers, setup->links(), [](ProcessId, Round, std::span<const Sample>) {});
    try {
      lockstep.run(0, setup->system().round_count(), 1);
    } catch (const InputError& error) {
      ++named;
      EXPECT_EQ(error.code(), ExitCode::peer_lost) << error.what();
      EXPECT_TRUE(std::string(error.what()).starts_with("process " + std::to_string(liar) + ","))
          << error.what();
    }
  }
  RecordProperty("named", static_cast<int>(named));
  EXPECT_EQ(named == 0, believes_every_number(GetParam().name)) << named;
}

INSTANTIATE_TEST_SUITE_P(AllMachines, MachineConformance, ::testing::ValuesIn(cases()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tacit
