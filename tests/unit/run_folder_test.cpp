#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <fstream>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/random.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "common/results/messages.h"
#include "common/results/metrics.h"
#include "common/results/result_table.h"
#include "common/results/run_record.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

class RunFolder : public ::testing::Test {
 protected:
  /// The error that `action` throws, as "<exit code>: <message>".
  template <typename Action>
  static std::string error_of(Action action) {
    try {
      action();
    } catch (const InputError& error) {
      return std::to_string(static_cast<int>(error.code())) + ": " + error.what();
    }
    return "no error";
  }

  static void expect_all(const std::string& message, std::initializer_list<const char*> parts) {
    for (const char* part : parts) {
      EXPECT_NE(message.find(part), std::string::npos) << "'" << part << "' in: " << message;
    }
  }

  void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
  }

  const testing::TemporaryFolder folder_;
  const fs::path root_ = folder_.path();
};

constexpr std::chrono::sys_seconds kMoment{std::chrono::seconds{1'738'367'999}};
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_F(RunFolder, IsNamedByTimeAndSeedAndMadeExclusively) {
  const fs::path first = create_run_folder(root_ / "runs", "offload", kMoment, 7);
  EXPECT_EQ(first, root_ / "runs/offload/20250131T235959Z_s7");
  EXPECT_EQ(create_run_folder(root_ / "runs", "offload", kMoment, 7).filename(),
            "20250131T235959Z_s7-2");
  EXPECT_EQ(create_run_folder(root_ / "runs", "offload", kMoment, 7).filename(),
            "20250131T235959Z_s7-3");
  const fs::path latest = root_ / "runs/offload/latest";
  EXPECT_EQ(fs::read_symlink(latest), "20250131T235959Z_s7-3");
  EXPECT_TRUE(fs::is_directory(latest));
}

TEST_F(RunFolder, LeavesAFolderCalledLatestAlone) {
  fs::create_directories(root_ / "offload/latest");
  create_run_folder(root_, "offload", kMoment, 1);
  EXPECT_FALSE(fs::is_symlink(root_ / "offload/latest"));
}

TEST_F(RunFolder, TakesANewOrEmptyFolderOnly) {
  EXPECT_TRUE(fs::is_directory(claim_run_folder(root_ / "a/b")));
  EXPECT_NO_THROW(claim_run_folder(root_ / "a/b"));
  check_claimable(root_ / "c/d");
  EXPECT_FALSE(fs::exists(root_ / "c")) << "a check makes nothing";
  write(root_ / "a/b/mine", "");
  expect_all(error_of([&] { claim_run_folder(root_ / "a/b"); }),
             {"74: ", (root_ / "a/b").c_str(), "not empty", "--out"});
  expect_all(error_of([&] { claim_run_folder(root_ / "a/b/mine"); }), {"74: ", "not a folder"});
  expect_all(error_of([&] { claim_run_folder(root_ / "a/b/mine/x"); }), {"74: ", "--out"});
}

TEST_F(RunFolder, NamesThePathThatCannotBeMade) {
  write(root_ / "runs", "a file where the folder should be");
  expect_all(error_of([&] { create_run_folder(root_ / "runs", "x", kMoment, 1); }),
             {"74: ", (root_ / "runs").c_str(), "--out"});
  // The superuser may write anywhere but into the kernel's own tree.
  expect_all(error_of([&] { create_run_folder("/proc/1", "x", kMoment, 1); }), {"74: ", "/proc/1"});
}

TEST_F(RunFolder, NumbersAgentsWithEnoughDigitsToSort) {
  EXPECT_EQ(process_folder(process_id(7), 10), "agents/007");
  EXPECT_EQ(process_folder(process_id(999), 1000), "agents/999");
  EXPECT_EQ(process_folder(process_id(7), 1001), "agents/0007");
  EXPECT_EQ(process_folder(process_id(10), 10), "coordinator");
  create_process_folders(root_, 2, true);
  EXPECT_TRUE(fs::is_directory(root_ / "agents/001"));
  EXPECT_TRUE(fs::is_directory(root_ / "coordinator"));
}

// Goal: no bit of a metric is lost on disk. Method: random bit patterns, so that subnormals,
// huge values and both zeros occur; 200 seeds.
TEST_F(RunFolder, MetricsSurviveBitByBit) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.metrics"), 0);
    const fs::path file = root_ / "metrics.csv";
    MetricsWriter writer(file);
    std::vector<std::array<double, 2>> rows;
    for (Round round = 0; round < 20; ++round) {
      std::array<double, 2> row;
      for (double& value : row) {
        const std::uint64_t word = stream();
        std::memcpy(&value, &word, sizeof(value));
        if (std::isnan(value)) value = kNan;
      }
      rows.push_back(row);
      writer.append(3 * round, std::array<Sample, 2>{{{"cost", row[0]}, {"theta", row[1]}}});
    }
    const std::uint64_t size = writer.flush().size;
    EXPECT_EQ(size, fs::file_size(file));
    const MetricTable table = read_metrics(file);
    ASSERT_EQ(table.columns, (std::vector<std::string>{"cost", "theta"}));
    ASSERT_EQ(table.rows.size(), rows.size());
    for (std::size_t k = 0; k < rows.size(); ++k) {
      EXPECT_EQ(table.rounds[k], static_cast<Round>(3 * k));
      EXPECT_EQ(std::memcmp(table.rows[k].data(), rows[k].data(), sizeof(rows[k])), 0)
          << "row " << k;
    }
  }
}

TEST_F(RunFolder, MetricsReachTheFileInBlocksAndAtTheFlush) {
  MetricsWriter writer(root_ / "metrics.csv");
  EXPECT_EQ(writer.flush().size, 0u);
  EXPECT_FALSE(fs::exists(root_ / "metrics.csv"));
  EXPECT_TRUE(read_metrics(root_ / "metrics.csv").rows.empty());
  const std::array<Sample, 1> row{{{"cost", 0.123456789}}};
  for (Round round = 0; round < 10'000; ++round) writer.append(round, row);
  const auto before = fs::file_size(root_ / "metrics.csv");
  EXPECT_GT(before, 0u);
  EXPECT_GT(writer.flush().size, before);
  EXPECT_EQ(read_metrics(root_ / "metrics.csv").rows.size(), 10'000u);
}

TEST_F(RunFolder, MetricsThatCannotBeWrittenAreAnError) {
  MetricsWriter writer(root_ / "absent" / "metrics.csv");
  const std::array<Sample, 1> row{{{"cost", 1}}};
  writer.append(0, row);
  expect_all(error_of([&] { writer.flush(); }), {"74: ", "absent/metrics.csv", "--out"});
  MetricsWriter full("/dev/full");
  full.append(0, row);
  expect_all(error_of([&] { full.flush(); }), {"74: ", "/dev/full", "space"});
}

// Goal: a process whose descriptors are all taken goes on writing what it had open, and says of
// anything else which limit it has met.
TEST_F(RunFolder, HeldFilesNeedNoDescriptorLater) {
  const std::array<Sample, 1> row{{{"cost", 0.5}}};
  MetricsWriter metrics = MetricsWriter::held(root_ / "metrics.csv");
  metrics.append(0, row);
  HeldFile checkpoint(root_ / "checkpoint-0");
  checkpoint.overwrite_durably("first and long");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const std::uint64_t size = metrics.flush().size;
  metrics.append(1, row);
  const std::uint64_t later = metrics.flush().size;
  checkpoint.overwrite_durably("second");
  const std::string refusal = error_of([&] { write_atomically(root_ / "result.json", "{}"); });
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  expect_all(refusal, {"74: ", "result.json", "ulimit -n"});
  EXPECT_GT(later, size);
  EXPECT_EQ(read_metrics(root_ / "metrics.csv").rows.size(), 2u);
  EXPECT_EQ(read_text(root_ / "checkpoint-0"), "second");

  MetricsWriter next = MetricsWriter::held(root_ / "metrics.csv");
  next.go_on_after(size);
  next.append(1, std::array<Sample, 1>{{{"cost", 0.25}}});
  const MetricsMark mark = next.flush();
  EXPECT_EQ(read_metrics(root_ / "metrics.csv").column("cost"), (std::vector{0.5, 0.25}));
  EXPECT_EQ(mark.hash, hash_text(read_text(root_ / "metrics.csv")));
}

TEST_F(RunFolder, MetricsSayWhichLineIsWrong) {
  const fs::path file = root_ / "metrics.csv";
  const auto error_in = [&](const std::string& text) {
    write(file, text);
    return error_of([&] { read_metrics(file); });
  };
  expect_all(error_in("round,a\n0,1\n1,x\n"), {"65: ", "metrics.csv:3: ", "'x'"});
  expect_all(error_in("round,a\n0,1,2\n"), {"65: ", "metrics.csv:2: ", "3 fields"});
  expect_all(error_in("round,a\n0,1\n1,0.5"), {"65: ", "metrics.csv:3: "});
  expect_all(error_in("time,a\n"), {"65: ", "metrics.csv:1: ", "'round'"});
}

TEST_F(RunFolder, MessagesAreCountedPerArcAndKind) {
  const std::vector<MessageRow> expected = {
      {process_id(3), process_id(2), MessageKind::data, {5, 320, 200, 0}},
      {process_id(3), process_id(4), MessageKind::data, {3, 192, 120, 48}},
      {process_id(3), process_id(4), MessageKind::control, {2, 0, 0, 50}},
      {process_id(3), process_id(9), MessageKind::data, {5, 0, 160, 0}}};
  EXPECT_EQ(total_of(expected), (MessageCount{13, 512, 480, 98}));
  write_messages(root_ / "messages.csv", expected);
  EXPECT_EQ(read_messages(root_ / "messages.csv"), expected);
}

TEST_F(RunFolder, MessagesOfProcessesBecomeThoseOfTheRun) {
  create_process_folders(root_, 2, true);
  write_messages(root_ / "coordinator/messages.csv",
                 {{{process_id(2), process_id(0), MessageKind::data, {1, 8, 33, 0}}}});
  write_messages(root_ / "agents/000/messages.csv",
                 {{{process_id(0), process_id(2), MessageKind::data, {1, 8, 33, 0}}}});
  write_messages(root_ / "agents/001/messages.csv", {});
  const auto rows = merge_message_files(root_, 2, true);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].from, process_id(0));
  EXPECT_EQ(read_messages(root_ / "messages.csv"), rows);
  const AgentNames names = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"Wien, \"Ost\"", "Graz"});
  EXPECT_EQ(merge_message_files(root_, 2, true, names), rows);
  EXPECT_EQ(testing::text_of(root_ / "messages.csv"),
            "from,to,kind,count,payload_bits,frame_bytes,emulation_bytes,from_name,to_name\n"
            "0,2,data,1,8,33,0,\"Wien, \"\"Ost\"\"\",\n"
            "2,0,data,1,8,33,0,,\"Wien, \"\"Ost\"\"\"\n");
  EXPECT_EQ(read_messages(root_ / "messages.csv"), rows) << "with names";
  EXPECT_EQ(merge_messages({rows[1], rows[0], rows[1]})[1].total.count, 2u);
  write(root_ / "agents/001/messages.csv",
        "from,to,kind,count,payload_bits,frame_bytes,emulation_bytes\n0,1,data,1,1,-1,0\n");
  expect_all(error_of([&] { merge_message_files(root_, 2, true); }),
             {"65: ", "agents/001/messages.csv:2: ", "'-1'"});
}

RunSummary some_summary() {
  RunSummary run;
  run.system = "offload";
  run.seed = 18'446'744'073'709'551'615u;
  run.agent_count = 2;
  run.rounds = 41;
  run.digest = 0x0123456789abcdefu;
  run.wall_seconds = 1.25;
  run.summary.constraints = {{"budget_excess", 0.01, 0.05}};
  run.summary.bounds = {{"lemma1", 0.5, 0.4}};
  run.summary.metrics = {{"cost_ratio", {0.741}}, {"theta", {0.1, 0.2}}, {"unknown", {kNan}}};
  run.messages = {1234567, 8, 9, 10};
  return run;
}

TEST_F(RunFolder, SummaryHasTheDocumentedShape) {
  const std::string text = summary_json(some_summary());
  std::string flat;
  for (const char letter : text) {
    if (letter != ' ' && letter != '\n') flat += letter;
  }
  EXPECT_EQ(flat,
            R"({"system":"offload","seed":18446744073709551615,"agents":2,"rounds":41,)"
            R"("digest":"0123456789abcdef","wall_seconds":1.25,)"
            R"("constraints":[{"name":"budget_excess","value":0.01,"limit":0.05,"met":true}],)"
            R"("bounds":[{"name":"lemma1","measured":0.5,"bound":0.4,"held":false}],)"
            R"("metrics":{"cost_ratio":0.741,"theta":[0.1,0.2],"unknown":null},)"
            R"("messages":{"count":1234567,"payload_bits":8,"frame_bytes":9,)"
            R"("emulation_bytes":10},"reproducible":true})");
}

TEST_F(RunFolder, SummaryReadsBack) {
  const RunSummary run = some_summary();
  write_summary(root_, run);
  const RunSummary back = read_summary(root_);
  EXPECT_TRUE(std::isnan(back.summary.metrics.at("unknown").front()));
  EXPECT_EQ(summary_json(back), summary_json(run));
  write(root_ / "summary.json", "{\"system\": 3");
  expect_all(error_of([&] { read_summary(root_); }), {"65: ", "summary.json"});
  write(root_ / "summary.json", "{\"system\": \"x\"}");
  expect_all(error_of([&] { read_summary(root_); }), {"65: ", "summary.json", "'seed'"});
}

TEST_F(RunFolder, ResultTableNamesWhatFailed) {
  RunSummary run = some_summary();
  const std::string text = result_table(run);
  expect_all(text, {"offload: 2 agents", "budget_excess", "met", "NOT HELD", "0.741", "1,234,567",
                    "FAILED: lemma1"});
  run.summary.bounds = {{"lemma1", 8.9e-16, 0}};
  expect_all(result_table(run), {"lemma1   8.9e-16      0      1e-09  held",
                                 "OK: 1 of 1 constraints met, 1 of 1 bounds held"});
  run.summary.metrics["theta"].assign(50, 0.25);
  run.reproducible = false;
  expect_all(result_table(run), {"50 values: least 0.25", "not reproducible"});
}

TEST_F(RunFolder, ProcessResultKeepsEveryNumber) {
  ProcessResult result{process_id(4), 0xabcu, 0xfedcba9876543210u, 40, false, {}};
  result.result = {
      {"cost", {0.1 + 0.2}}, {"list", {kNan, kInfinity, -kInfinity, -0.0}}, {"no", {}}};
  write_process_result(root_ / "result.json", result);
  const ProcessResult back = read_process_result(root_ / "result.json");
  EXPECT_EQ(back.process, result.process);
  EXPECT_EQ(back.digest, result.digest);
  EXPECT_EQ(back.rounds, 40);
  EXPECT_FALSE(back.reproducible);
  EXPECT_EQ(back.result.at("cost"), result.result.at("cost"));
  EXPECT_TRUE(std::isnan(back.result.at("list")[0]));
  EXPECT_EQ(back.result.at("list")[1], kInfinity);
  EXPECT_EQ(back.result.at("list")[2], -kInfinity);
  EXPECT_TRUE(std::signbit(back.result.at("list")[3]));
  EXPECT_TRUE(back.result.at("no").empty());
}

TEST_F(RunFolder, ReadsAWholeRunBack) {
  expect_all(error_of([&] { open_run(root_); }), {"66: ", root_.c_str(), "not a run folder"});
  RunFacts facts;
  facts.name = "offload";
  facts.argv = {"tacit", "run", "caf\xe9.toml"};
  facts.agent_count = 2;
  facts.versions = {{"tacit", "0.1.0"}};
  write_run_facts(root_, facts);
  EXPECT_FALSE(read_run_facts(root_).exit_code.has_value());
  EXPECT_FALSE(read_run_facts(root_).wall_seconds.has_value()) << "nobody measured it";
  EXPECT_EQ(read_text(root_ / "run.json").find("\"started\""), std::string::npos);
  facts.exit_code = 1;
  write_run_facts(root_, facts);
  write_atomically(root_ / "config.toml", "[run]\n");
  create_process_folders(root_, 2, true);
  MetricsWriter writer(root_ / "agents/001/metrics.csv");
  writer.append(0, std::array<Sample, 1>{{{"cost", 2.5}}});
  writer.flush();
  const auto load = [&] {
    RunRecord record = open_run(root_);
    load_processes(record);
    return record;
  };
  for (std::size_t index = 0; index < 3; ++index) {
    const fs::path folder = root_ / process_folder(process_id(index), 2);
    expect_all(error_of(load), {"66: ", folder.c_str(), "result.json"});
    write_process_result(
        folder / "result.json",
        {process_id(index), 0, index, 5, true, {{"cost", {static_cast<double>(index)}}}});
  }
  const RunRecord record = load();
  EXPECT_EQ(record.facts.exit_code, 1);
  EXPECT_EQ(record.config_text, "[run]\n");
  EXPECT_FALSE(record.summary.has_value());
  ASSERT_EQ(record.processes.size(), 3u);
  EXPECT_EQ(record.processes[2].result.at("cost").front(), 2.0);
  EXPECT_EQ(record.results[2].digest, 2u);
  EXPECT_EQ(record.processes[1].metrics.column("cost"), std::vector<double>{2.5});
}

TEST_F(RunFolder, NoticesWhenAProcessLeftSomethingElse) {
  create_process_folders(root_, 1, false);
  const fs::path folder = root_ / "agents/000";
  write(folder / "metrics.csv", "round,cost\n0,2.5\n");
  write_process_result(folder / "result.json", {process_id(0), 0, 7, 5, true, {{"cost", {1.0}}}});
  const auto load = [&] {
    RunRecord record;
    load_processes(root_, 1, false, record);
  };
  EXPECT_EQ(error_of(load), "no error");
  write(folder / "metrics.csv", "round,cost\n0,2.6\n");
  expect_all(error_of(load), {"65: ", "agents/000/metrics.csv", "is not what the process left"});
  write(folder / "metrics.csv", "round,cost\n0,2.5\n");
  std::string text = read_text(folder / "result.json");
  text.replace(text.find("1.0"), 3, "2.0");
  write(folder / "result.json", text);
  expect_all(error_of(load), {"65: ", "agents/000/result.json", "checksum"});
}

TEST_F(RunFolder, WritesWholeFilesOrSaysWhyNot) {
  write_atomically(root_ / "file", "first");
  write_atomically(root_ / "file", "second");
  EXPECT_EQ(read_text(root_ / "file"), "second");
  EXPECT_EQ(std::distance(fs::directory_iterator(root_), {}), 1) << "no temporary file is left";
  expect_all(error_of([&] { write_atomically(root_ / "no/file", ""); }), {"74: ", "no/file"});
  EXPECT_EQ(read_text(root_ / "file", 6), "second");
  expect_all(error_of([&] { read_text(root_ / "file", 5); }), {"66: ", "file: has more than 5"});
  expect_all(error_of([&] { read_text(root_ / "no"); }), {"66: ", "No such file"});
  expect_all(error_of([&] { read_text(root_); }), {"66: ", "folder"});
}

TEST_F(RunFolder, MakesFoldersAndSaysWhyNot) {
  std::error_code error;
  make_folders(root_ / "a/b/c", error);
  EXPECT_FALSE(error);
  EXPECT_TRUE(fs::is_directory(root_ / "a/b/c"));
  make_folders(root_ / "a/b/c", error);
  EXPECT_FALSE(error) << "it is there";
  write(root_ / "file", "");
  make_folders(root_ / "file/b", error);
  EXPECT_TRUE(error);
  make_all_durable(root_);
  expect_all(error_of([&] { make_all_durable(root_ / "no"); }), {"74: ", "no: "});
}

}  // namespace
}  // namespace tacit
