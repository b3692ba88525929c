#include "deploy/cli/run_check.h"

#include <algorithm>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/files.h"
#include "common/results/layout.h"

namespace tacit {
namespace {

/// Compares the fields of one file of a run with the rest of the run.
class FieldCheck {
 public:
  explicit FieldCheck(std::filesystem::path file) : file_(std::move(file)) {}

  void expect(const std::string& field, const std::string& found, const std::string& expected,
              const std::string& origin) const {
    if (found == expected) return;
    throw InputError(ExitCode::bad_data, file_.string() + ": " + field + " is " + found + ", but " +
                                             expected + " in " + origin +
                                             ": these files are not of one run; restore those of "
                                             "this folder, or run the experiment again");
  }
  void expect(const std::string& field, std::uint64_t found, std::uint64_t expected,
              const std::string& origin) const {
    expect(field, std::to_string(found), std::to_string(expected), origin);
  }

 private:
  std::filesystem::path file_;
};

void check_summary(const RunRecord& record, const Experiment& experiment) {
  const FieldCheck check(record.folder / "summary.json");
  const RunSummary& summary = *record.summary;
  check.expect("system", summary.system, experiment.system_name(), "config.toml");
  check.expect("seed", summary.seed, experiment.seed(), "config.toml");
  check.expect("agents", summary.agent_count, experiment.agent_count(), "config.toml");
  check.expect("rounds", std::to_string(summary.rounds),
               std::to_string(experiment.system().round_count()), "config.toml");
  std::vector<std::uint64_t> digests;
  for (const ProcessResult& result : record.results) digests.push_back(result.digest);
  check.expect("digest", to_hex(summary.digest), to_hex(run_digest(digests)),
               "what the processes left");
  const auto hash = record.facts.derived.find("summary_hash");
  check.expect("its hash", to_hex(hash_text(read_text(record.folder / "summary.json"))),
               hash == record.facts.derived.end() ? "none" : hash->second, "run.json");
}

void check_results(const RunRecord& record, const Experiment& experiment) {
  if (record.results.size() != experiment.process_count()) {
    throw InputError(ExitCode::bad_data, record.folder.string() + ": has the folders of " +
                                             std::to_string(record.results.size()) +
                                             " processes, but config.toml " +
                                             std::to_string(experiment.process_count()) +
                                             ": copy those of all machines here");
  }
  for (const ProcessResult& result : record.results) {
    const auto folder = process_folder(result.process, experiment.agent_count());
    const FieldCheck check(record.folder / folder / "result.json");
    check.expect("config_hash", to_hex(result.config_hash), to_hex(experiment.config_hash()),
                 "config.toml");
    const auto digest = record.facts.digests.find(to_string(result.process));
    check.expect("digest", to_hex(result.digest),
                 digest == record.facts.digests.end() ? "none" : digest->second, "run.json");
  }
}

void check_messages(const RunRecord& record, const Experiment& experiment) {
  const FieldCheck check(record.folder / "messages.csv");
  const MessageCount found = total_of(record.messages);
  const MessageCount& expected = record.summary->messages;
  check.expect("the sum of count", found.count, expected.count, "summary.json");
  check.expect("the sum of payload_bits", found.payload_bits, expected.payload_bits,
               "summary.json");
  check.expect("the sum of frame_bytes", found.frame_bytes, expected.frame_bytes, "summary.json");
  check.expect("the sum of emulation_bytes", found.emulation_bytes, expected.emulation_bytes,
               "summary.json");
  ProcessId greatest{};
  for (const MessageRow& row : record.messages) greatest = std::max({greatest, row.from, row.to});
  const ProcessId last = process_id(experiment.process_count() - 1);
  check.expect("the greatest process id", to_string(std::max(greatest, last)), to_string(last),
               "config.toml");
}

}  // namespace

void check_facts(const RunRecord& record, const Experiment& experiment) {
  const FieldCheck facts(record.folder / "run.json");
  const std::string origin = "config.toml, with the data that it names";
  facts.expect("config_hash", record.facts.config_hash, to_hex(experiment.config_hash()), origin);
  facts.expect("system", record.facts.system, experiment.system_name(), origin);
  facts.expect("seed", record.facts.seed, experiment.seed(), origin);
  facts.expect("agents", record.facts.agent_count, experiment.agent_count(), origin);
}

void check_belongs_together(const RunRecord& record, const Experiment& experiment) {
  check_results(record, experiment);
  check_summary(record, experiment);
  check_messages(record, experiment);
}

}  // namespace tacit
