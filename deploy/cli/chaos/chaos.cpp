#include "deploy/cli/chaos/chaos.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "agent/catalog.h"
#include "common/base/error.h"
#include "common/experiment/policy_store.h"
#include "common/results/result_table.h"
#include "deploy/cli/progress.h"
#include "deploy/cli/training.h"
#include "deploy/cli/worker_pool.h"

namespace tacit {
namespace {

constexpr std::size_t kShrinkAttempts = 200;
constexpr std::size_t kMostFailures = 3;  ///< whose plans are shrunk

thread_local std::uint64_t seed_at_work = 0;

/// A failed check of ours ends the program at once; this at least prints where.
extern "C" void on_abort(int) {
  char text[64] = "tacit: it happened with --first-seed ";
  char* end =
      std::to_chars(text + std::char_traits<char>::length(text), text + 62, seed_at_work).ptr;
  *end++ = '\n';
  [[maybe_unused]] const auto ignored =
      write(STDERR_FILENO, text, static_cast<std::size_t>(end - text));
}

/// A seed whose run failed.
struct Failure {
  std::string what;
  ChaosPlan plan;         ///< the smallest failing plan found
  std::size_t drawn = 0;  ///< entries of the drawn plan
  bool is_shrunk = false;
};

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? "'\\''" : std::string(1, letter);
  return text + "'";
}

std::string thousands(std::uint64_t value, std::size_t width) {
  const std::string text = grouped(value);
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

class Chaos {
 public:
  explicit Chaos(const ChaosArguments& arguments)
      : arguments_(arguments), base_(arguments.load()) {}

  int run() {
    const auto artifacts = provide_policies(training_orders(base_, arguments_),
                                            PolicyStore(arguments_.policies), false);
    policies_ = policies_of(artifacts);
    shape_ = {base_.agent_count(),    base_.process_count(), base_.system().round_count(),
              arguments_.fault_count, links_may_fail(),      arguments_.real_processes};
    if (arguments_.real_processes) prctl(PR_SET_CHILD_SUBREAPER, 1);
    std::signal(SIGABRT, on_abort);
    work();
    if (arguments_.json) {
      print_json();
    } else {
      print_table();
    }
    return static_cast<int>(failures_.empty() ? ExitCode::done : ExitCode::constraint_failed);
  }

 private:
  std::vector<std::string> overrides_with(const ChaosPlan& plan) const {
    std::vector<std::string> all = arguments_.overrides;
    if (arguments_.fault_count == 0) return all;
    all.push_back(override_of(plan));
    return all;
  }

  /// False for systems that need links that never fail.
  bool links_may_fail() const {
    std::vector<std::string> overrides = arguments_.overrides;
    overrides.push_back(
        override_of({{"partition", "{kind=\"partition\",groups=[[0]],from=0,to=1}"}}));
    try {
      Experiment::load(arguments_.file, overrides, systems());
      return true;
    } catch (const InputError& error) {
      std::cerr << "no partitions: " << error.what() << '\n';
      return false;
    }
  }

  ChaosOutcome try_plan(const ChaosPlan& plan, std::uint64_t seed,
                        const std::atomic<bool>& stop) const {
    const auto overrides = overrides_with(plan);
    const Experiment experiment = Experiment::load(arguments_.file, overrides, systems());
    if (!arguments_.real_processes) return simulate_chaos(experiment, policies_, seed, stop);
    std::vector<std::string> words{arguments_.file};
    for (const std::string& text : overrides) words.insert(words.end(), {"-s", text});
    return run_chaos_processes(experiment, policies_, words, arguments_.policies, stop);
  }

  void try_seed(std::uint64_t seed, const std::atomic<bool>& stop) {
    seed_at_work = seed;
    ChaosPlan plan = draw_chaos_plan(shape_, seed);
    ChaosOutcome outcome = try_plan(plan, seed, stop);
    if (stop) return;
    for (const ChaosEntry& entry : plan) {
      if (entry.kind == "partition") ++outcome.counts["partition"];
    }
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [kind, count] : outcome.counts) counts_[kind] += count;
      ++done_;
      if (outcome.failure.empty()) return;
      failures_[seed] = {outcome.failure, plan, plan.size(), false};
      if (failures_.size() > kMostFailures) return;
    }
    plan = shrink(
        std::move(plan),
        [&](const ChaosPlan& less) { return !try_plan(less, seed, stop).failure.empty(); },
        kShrinkAttempts);
    const std::string what = try_plan(plan, seed, stop).failure;
    const std::lock_guard lock(mutex_);
    failures_[seed] = {what, plan, failures_[seed].drawn, true};
  }

  void work() {
    const StopSignals signals;
    ProgressLine line;
    const auto one = [&](std::size_t index, const std::atomic<bool>& stop) {
      try_seed(arguments_.first_seed + index, stop);
    };
    const auto say = [&] {
      const std::lock_guard lock(mutex_);
      line.say("seeds " + std::to_string(done_) + " of " + std::to_string(arguments_.seed_count) +
               ", " + grouped(fault_count()) + " faults, " + std::to_string(failures_.size()) +
               " failed");
    };
    const auto abandon = [](int signal) {
      std::cerr << "tacit: stopped" << std::endl;
      std::_Exit(static_cast<int>(exit_code_of(signal)));
    };
    // A run of real processes has many already.
    const std::size_t threads = arguments_.real_processes ? 1 : arguments_.thread_count;
    const auto signal = work_through({arguments_.seed_count, threads, one, say, abandon}, signals);
    seconds_ = line.seconds();
    if (signal) throw InputError(exit_code_of(*signal), "stopped");
  }

  /// A death of the whole cluster counts as many kills.
  std::uint64_t fault_count() const {
    std::uint64_t sum = 0;
    for (const auto& [kind, count] : counts_) sum += kind == "whole_cluster_death" ? 0 : count;
    return sum;
  }

  /// The command that repeats a failure.
  std::string command_of(std::uint64_t seed, const ChaosPlan& plan) const {
    std::string text = "tacit chaos " + quoted(arguments_.file);
    for (const std::string& value : overrides_with(plan)) text += " -s " + quoted(value);
    text += " --faults 0 --seeds 1 --first-seed " + std::to_string(seed);
    return text + (arguments_.real_processes ? " --processes" : "");
  }

  void print_table() const {
    for (const auto& [kind, count] : counts_) {
      std::cout << kind << std::string(kind.size() < 24 ? 24 - kind.size() : 1, ' ')
                << thousands(count, 14) << '\n';
    }
    const double rate = static_cast<double>(fault_count()) / std::max(seconds_, 1e-3);
    std::cout << "faults                  " << thousands(fault_count(), 14) << "   in "
              << short_number(seconds_) << " s, " << grouped(static_cast<std::uint64_t>(rate))
              << " per second\n"
              << "seeds                   " << thousands(done_, 14) << "   " << failures_.size()
              << " failed\n";
    for (const auto& [seed, failure] : failures_) {
      std::cout << "\nseed " << seed << ": " << failure.what << '\n';
      if (!failure.is_shrunk) continue;  // only the first ones are shrunk
      std::cout << "  " << failure.plan.size() << " of " << failure.drawn
                << " planned faults are enough:\n  " << command_of(seed, failure.plan) << '\n';
    }
    std::cout << std::flush;
  }

  void print_json() const {
    nlohmann::ordered_json json;
    json["seeds"] = done_;
    json["faults"] = fault_count();
    json["seconds"] = seconds_;
    json["counts"] = counts_;
    json["failures"] = nlohmann::ordered_json::array();
    for (const auto& [seed, failure] : failures_) {
      json["failures"].push_back(
          {{"seed", seed}, {"what", failure.what}, {"command", command_of(seed, failure.plan)}});
    }
    std::cout << json.dump(2) << std::endl;
  }

  const ChaosArguments& arguments_;
  Experiment base_;
  Policies policies_;
  ChaosShape shape_{};
  std::mutex mutex_;  ///< protects the members below
  FaultCounts counts_;
  std::map<std::uint64_t, Failure> failures_;  ///< by seed
  std::size_t done_ = 0;
  double seconds_ = 0;
};

}  // namespace

int chaos(const ChaosArguments& arguments) { return Chaos(arguments).run(); }

}  // namespace tacit
