#include "deploy/cli/sweep/sweep.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "agent/catalog.h"
#include "common/base/error.h"
#include "common/base/version.h"
#include "common/experiment/experiment.h"
#include "common/experiment/policy_store.h"
#include "common/results/files.h"
#include "common/results/result_table.h"
#include "deploy/cli/memory_run.h"
#include "deploy/cli/progress.h"
#include "deploy/cli/sweep/journal.h"
#include "deploy/cli/sweep/plan.h"
#include "deploy/cli/sweep/plots.h"
#include "deploy/cli/sweep/table.h"
#include "deploy/cli/training.h"
#include "deploy/cli/worker_pool.h"
#include "deploy/report/report.h"
#include "deploy/report/sweep_page.h"

namespace tacit {
namespace {

constexpr std::size_t kToldMost = 20;

SweepPlan plan_of(const SweepArguments& arguments, std::uint64_t first_seed) {
  std::vector<SweptKey> keys;
  for (const std::string& text : arguments.over) keys.push_back(parse_swept_key(text));
  return SweepPlan(std::move(keys), first_seed, arguments.seed_count);
}

class Sweep {
 public:
  Sweep(const SweepArguments& arguments, const ExperimentHead& head)
      : arguments_(arguments),
        plan_(plan_of(arguments, head.seed)),
        folder_(arguments.out.empty() ? std::filesystem::path("runs") / head.name / "sweep"
                                      : std::filesystem::path(arguments.out)),
        title_(head.name),
        system_(head.system),
        cells_(plan_.cell_count()) {}

  int run() {
    validate();
    tell_of_impossible();
    SweepJournal journal(folder_);
    std::vector<std::size_t> missing;
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
      if (!cells_[cell].impossible && !journal.find(cells_[cell].config_hash))
        missing.push_back(cell);
    }
    require_own(journal);
    require_plotted(journal);
    provide(missing);
    run_cells(missing, journal);
    return finish(journal);
  }

 private:
  struct Cell {
    std::uint64_t config_hash = 0;
    std::set<std::uint64_t> policy_keys;
    std::vector<std::string> notes;
    std::optional<InputError> impossible;  ///< why it cannot be run
  };

  ExperimentArguments arguments_of(std::size_t cell) const {
    ExperimentArguments one{arguments_.file, arguments_.overrides};
    for (std::string& value : plan_.overrides_of(cell)) one.overrides.push_back(std::move(value));
    return one;
  }

  /// A cell's name in messages: its values.
  std::string combination(std::size_t cell) const {
    std::string text;
    for (const std::string& value : plan_.overrides_of(cell)) {
      text += (text.empty() ? "" : ", ") + value;
    }
    return text;
  }

  Experiment load(std::size_t cell) const {
    const ExperimentArguments one = arguments_of(cell);
    return Experiment::load(one.file, one.overrides, systems());
  }

  /// Does all pieces, and reports progress.
  /// @throws InputError (interrupted, terminated) after a signal
  void work(const StopSignals& signals, std::size_t count, const std::string& words,
            const std::function<void(std::size_t, const std::atomic<bool>&)>& piece) const {
    ProgressLine line;
    std::atomic<std::size_t> done = 0;
    const auto say = [&] {
      const double left = line.seconds() * static_cast<double>(count - done) /
                          static_cast<double>(std::max<std::size_t>(done, 1));
      line.say(words + " " + std::to_string(done) + " of " + std::to_string(count) +
               (done > 0 ? ", about " + short_number(std::ceil(left)) + " s left" : ""));
    };
    const auto stopped = [](int signal) {
      return InputError(exit_code_of(signal),
                        "stopped; the same command goes on where this one ended");
    };
    const auto abandon = [&](int signal) {
      std::cerr << "tacit: " << stopped(signal).what() << std::endl;
      std::_Exit(static_cast<int>(stopped(signal).code()));
    };
    const auto one = [&](std::size_t index, const std::atomic<bool>& stop) {
      piece(index, stop);
      ++done;
    };
    const auto signal = work_through({count, arguments_.thread_count, one, say, abandon}, signals);
    if (signal) throw stopped(*signal);
  }

  /// Loads every cell before the first one runs: a wrong value is found now, not hours later.
  void validate() {
    work(StopSignals(), cells_.size(), "checked", [&](std::size_t cell, const std::atomic<bool>&) {
      try {
        check(cell);
      } catch (const InputError& error) {
        const bool is_of_values = error.code() == ExitCode::config ||
                                  error.code() == ExitCode::bad_data ||
                                  error.code() == ExitCode::usage;
        if (!is_of_values) throw;  // a file or a limit, so it concerns every cell
        cells_[cell].impossible = error;
      }
    });
    first_ = static_cast<std::size_t>(
        std::ranges::find_if(cells_, [](const Cell& cell) { return !cell.impossible; }) -
        cells_.begin());
    if (first_ == cells_.size()) {
      const InputError& error = *cells_.front().impossible;
      throw InputError(error.code(), combination(0) + ": " + error.what());
    }
    load(first_).system().make_coordinator();  // reports what this machine lacks
  }

  void check(std::size_t index) {
    Cell& cell = cells_[index];
    const Experiment experiment = load(index);
    experiment.check_runs_in_one_process();
    cell.config_hash = experiment.config_hash();
    cell.notes = experiment.notes();
    for (std::size_t i = 0; i < experiment.agent_count(); ++i) {
      const auto key = experiment.system().policy_key(process_id(i));
      if (key) cell.policy_keys.insert(*key);
    }
  }

  /// Prints each note and each reason once; the table has them all.
  void tell_of_impossible() const {
    std::set<std::string> told;
    std::size_t untold = 0;
    const auto tell = [&](const std::string& words) {
      if (!told.insert(words).second) return;
      if (told.size() > kToldMost) {
        ++untold;
      } else {
        std::cerr << words << '\n';
      }
    };
    std::map<std::string, std::vector<std::size_t>> cells_by_reason;
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
      for (const std::string& note : cells_[cell].notes) tell("note: " + note);
      if (cells_[cell].impossible) cells_by_reason[cells_[cell].impossible->what()].push_back(cell);
    }
    for (const auto& [reason, cells] : cells_by_reason) {
      const std::string others =
          cells.size() == 1 ? "" : " and " + std::to_string(cells.size() - 1) + " more";
      tell("left out as impossible: " + combination(cells.front()) + others + ": " + reason);
    }
    if (untold > 0) std::cerr << "and " << untold << " more\n";
  }

  /// Trains the policies that the missing cells need and the store does not hold.
  void provide(const std::vector<std::size_t>& missing) {
    std::vector<TrainingOrder> orders;
    std::set<std::uint64_t> ordered;
    for (const std::size_t cell : missing) {
      if (std::ranges::includes(ordered, cells_[cell].policy_keys)) continue;
      for (TrainingOrder& order : training_orders(load(cell), arguments_of(cell))) {
        if (ordered.insert(order.task.key).second) orders.push_back(std::move(order));
      }
    }
    policies_ = policies_of(provide_policies(orders, PolicyStore(arguments_.policies), false));
  }

  void run_cells(const std::vector<std::size_t>& missing, SweepJournal& journal) {
    const StopSignals signals;
    const auto impossible = static_cast<std::size_t>(
        std::ranges::count_if(cells_, [](const Cell& cell) { return bool(cell.impossible); }));
    std::cerr << "sweep folder: " << folder_.string() << "; " << cells_.size() << " cells, "
              << cells_.size() - missing.size() - impossible << " of them there already\n";
    work(signals, missing.size(), "cells", [&](std::size_t index, const std::atomic<bool>& stop) {
      const std::size_t cell = missing[index];
      const Experiment experiment = load(cell);
      try {
        const auto run = run_in_memory(experiment, policies_, stop);
        if (!run) return;
        const Summary summary = experiment.system().summarise(run->records);
        journal.append(cells_[cell].config_hash, outcome_of(summary, run->digest));
      } catch (const InputError& error) {
        throw InputError(error.code(), combination(cell) + ": " + error.what());
      }
      if (cell == first_) require_plotted(journal);
    });
  }

  /// Cells of narrower or wider sweeps may be in the folder. A folder without any cell of this
  /// sweep holds another sweep's table, which this one's would replace.
  void require_own(const SweepJournal& journal) const {
    std::set<std::uint64_t> own;
    for (const Cell& cell : cells_) {
      if (!cell.impossible && journal.find(cell.config_hash)) own.insert(cell.config_hash);
    }
    const std::size_t others = journal.size() - own.size();
    if (others == 0) return;
    const std::string count = std::to_string(others) + (others == 1 ? " cell" : " cells");
    if (own.empty()) {
      throw InputError(ExitCode::run_folder,
                       folder_.string() + ": has the results of another sweep (" + count +
                           ", none of which is in this one): name another folder with --out, or "
                           "remove that one");
    }
    std::cerr << "note: " << folder_.string() << " has " << count
              << " of other sweeps, too; table.csv, cells.csv and the report become those of this "
                 "sweep alone\n";
  }

  int finish(const SweepJournal& journal) {
    std::vector<CellOutcome> outcomes;
    for (const Cell& cell : cells_) {
      outcomes.push_back(cell.impossible ? CellOutcome{false, {}, cell.impossible->what()}
                                         : *journal.find(cell.config_hash));
    }
    const SweepTable table(plan_, std::move(outcomes));
    write_atomically(folder_ / "table.csv", table.cells_csv());
    write_atomically(folder_ / "cells.csv", table.points_csv());
    std::cout << folder_.string() << ": " << table.met_count() << " of " << cells_.size()
              << " cells hold all constraints and bounds";
    if (table.impossible_count() > 0) {
      std::cout << ", " << table.impossible_count() << " are impossible: table.csv says why";
    }
    std::cout << std::endl;
    const std::vector<std::string> metrics = plotted(table);
    try {
      const auto figures = draw_figures(
          folder_, sweep_plots(plan_, table, metrics, quantities_of(systems(), system_)));
      write_atomically(folder_ / "report.html", sweep_page(facts(table, metrics), figures));
      std::cerr << "report: " << (folder_ / "report.html").string() << '\n';
    } catch (const InputError& error) {
      std::cerr << "tacit: no report: " << error.what() << '\n';
    }
    return 0;
  }

  /// The first finished cell gives the names of metrics: an unknown name is refused before all
  /// other cells run.
  void require_plotted(const SweepJournal& journal) const {
    const auto first = journal.find(cells_[first_].config_hash);
    if (!first) return;
    for (const std::string& name : arguments_.plots) {
      if (name == "met" || first->metrics.contains(name)) continue;
      std::string known = "met";
      for (const auto& [metric, value] : first->metrics) known += ", " + metric;
      throw InputError(
          ExitCode::usage,
          "--plot " + name + ": the first cell has no such metric; there are " + known);
    }
  }

  /// The metrics that the user asked for, else the verdict.
  std::vector<std::string> plotted(const SweepTable& table) const {
    if (!arguments_.plots.empty()) return arguments_.plots;
    const bool has_feasible = std::ranges::binary_search(table.metrics(), "feasible");
    return {has_feasible ? "feasible" : "met"};
  }

  SweepFacts facts(const SweepTable& table, const std::vector<std::string>& metrics) const {
    SweepFacts facts{title_,
                     system_,
                     arguments_.argv,
                     std::string(kVersion),
                     load(first_).effective_config(),
                     cells_.size(),
                     table.met_count(),
                     {},
                     {}};
    for (const SweptKey& key : plan_.keys()) facts.columns.push_back(key.name);
    for (const std::string& name : metrics) {
      facts.columns.push_back(name);
      if (plan_.seed_count() > 1) facts.columns.push_back("95 % confidence");
    }
    for (std::size_t point = 0; point < plan_.point_count(); ++point) {
      facts.rows.push_back(plan_.values_at(point));
      for (const std::string& name : metrics) {
        const Estimate one = table.estimate(name, point);
        const bool ran = table.impossible_at(point).empty();
        facts.rows.back().push_back(ran ? short_number(one.mean) : "impossible");
        if (plan_.seed_count() > 1) {
          facts.rows.back().push_back(short_number(one.low) + " to " + short_number(one.high));
        }
      }
    }
    return facts;
  }

  const SweepArguments& arguments_;
  SweepPlan plan_;
  std::filesystem::path folder_;
  std::string title_;
  std::string system_;
  std::vector<Cell> cells_;
  std::size_t first_ = 0;  ///< first cell that can be run
  Policies policies_;
};

}  // namespace

int sweep(const SweepArguments& arguments) {
  return Sweep(arguments, read_head(arguments.file, arguments.overrides, systems())).run();
}

}  // namespace tacit
