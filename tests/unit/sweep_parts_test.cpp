#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <limits>

#include "common/base/error.h"
#include "common/base/random.h"
#include "deploy/cli/sweep/journal.h"
#include "deploy/cli/sweep/plan.h"
#include "deploy/cli/sweep/plots.h"
#include "deploy/cli/sweep/table.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string refused(const std::string& over) {
  try {
    const SweepPlan plan({parse_swept_key(over)}, 1, 1);
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  return "accepted";
}

TEST(SweepPlan, ReadsListsAndRanges) {
  EXPECT_EQ(parse_swept_key("a.b=0.5,-1,x"), (SweptKey{"a.b", {"0.5", "-1", "x"}}));
  EXPECT_EQ(parse_swept_key("a.b=-1..1,7"), (SweptKey{"a.b", {"-1", "0", "1", "7"}}));
  EXPECT_EQ(parse_swept_key("a.b=1..x"), (SweptKey{"a.b", {"1..x"}}));
  EXPECT_EQ(parse_swept_key("a.b=07..09"), (SweptKey{"a.b", {"07..09"}})) << "no numbers";
  EXPECT_EQ(parse_swept_key("a.b=[1,2],[[3],4]"), (SweptKey{"a.b", {"[1,2]", "[[3],4]"}}));
}

TEST(SweepPlan, SaysWhatIsWrong) {
  for (const char* text : {"a.b", "=1", "a.b="}) {
    EXPECT_NE(refused(text).find("expected table.key="), std::string::npos) << text;
  }
  EXPECT_NE(refused("a.b=1,,2").find("missing between two commas"), std::string::npos);
  EXPECT_NE(refused("a.b=1,").find("missing between two commas"), std::string::npos);
  EXPECT_NE(refused("a.b=3..1").find("empty range"), std::string::npos);
  EXPECT_NE(refused("a.b=1,1").find("twice"), std::string::npos);
  EXPECT_NE(refused("a.b=0..999999999999").find("million"), std::string::npos);
  EXPECT_NE(refused("a.b=-9223372036854775808..9223372036854775807").find("million"),
            std::string::npos);
  EXPECT_NE(refused("run.seed=1,2").find("--seeds"), std::string::npos);
  const SweptKey key{"a.b", {"1"}};
  EXPECT_THROW(SweepPlan({key, key}, 1, 1), InputError);
  const SweptKey many = parse_swept_key("c.d=0..999");
  const SweptKey more = parse_swept_key("e.f=0..1000");
  EXPECT_THROW(SweepPlan({many, more}, 1, 1), InputError);
}

TEST(SweepPlan, TheLastKeyAndThenTheSeedVaryFastest) {
  const SweepPlan plan({{"a", {"1", "2"}}, {"b", {"x", "y", "z"}}}, 7, 2);
  EXPECT_EQ(plan.point_count(), 6u);
  EXPECT_EQ(plan.cell_count(), 12u);
  using Strings = std::vector<std::string>;
  EXPECT_EQ(plan.overrides_of(0), (Strings{"a=1", "b=x", "run.seed=7"}));
  EXPECT_EQ(plan.overrides_of(1), (Strings{"a=1", "b=x", "run.seed=8"}));
  EXPECT_EQ(plan.overrides_of(5), (Strings{"a=1", "b=z", "run.seed=8"}));
  EXPECT_EQ(plan.overrides_of(6), (Strings{"a=2", "b=x", "run.seed=7"}));
  EXPECT_EQ(SweepPlan({}, 3, 4).cell_count(), 4u);
}

TEST(Bootstrap, CoversTheMeanAboutAsOftenAsItSays) {
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    RandomStream stream(seed, process_id(0), purpose("test.bootstrap"), 0);
    std::vector<double> values;
    for (int k = 0; k < 30; ++k) values.push_back(to_unit(stream()));
    const Estimate estimate = bootstrap_mean(values);
    EXPECT_LT(estimate.low, estimate.mean) << "seed=" << seed;
    EXPECT_LT(estimate.mean, estimate.high) << "seed=" << seed;
    covered += estimate.low <= 0.5 && 0.5 <= estimate.high;
  }
  EXPECT_GT(covered, 400 * 0.90);
  EXPECT_LT(covered, 400 * 0.98);
}

TEST(Bootstrap, NeedsTwoFiniteValues) {
  EXPECT_TRUE(std::isnan(bootstrap_mean({}).mean));
  EXPECT_EQ(bootstrap_mean({4, kNan}).mean, 4);
  EXPECT_TRUE(std::isnan(bootstrap_mean({4, kNan}).low));
  EXPECT_EQ(bootstrap_mean({4, 4, 4}).high, 4);
}

TEST(SweepTable, WritesCellsAndPoints) {
  const SweepPlan plan({{"a.b", {"1", "x"}}}, 5, 2);
  const SweepTable table(plan, {{true, {{"cost", 0.1}}, {}, 0xab},
                                {false, {{"cost", kNan}, {"gap", 3}}},
                                {true, {{"cost", 1}}},
                                {true, {{"cost", 3}}}});
  EXPECT_EQ(table.met_count(), 3u);
  EXPECT_EQ(table.cells_csv(),
            "a.b,seed,met,cost,gap,digest\n1,5,1,0.1,,00000000000000ab\n"
            "1,6,0,nan,3,0000000000000000\nx,5,1,1,,0000000000000000\n"
            "x,6,1,3,,0000000000000000\n");
  EXPECT_EQ(table.points_csv(),
            "a.b,seeds,met_mean,met_low,met_high,cost_mean,cost_low,cost_high,"
            "gap_mean,gap_low,gap_high\n"
            "1,2,0.5,0,1,0.1,nan,nan,3,nan,nan\nx,2,1,1,1,2,1,3,nan,nan,nan\n");
}

TEST(SweepTable, SaysWhichCellsAreImpossibleAndWhy) {
  const SweepPlan plan({{"a.b", {"1", "x"}}}, 5, 2);
  const CellOutcome impossible{false, {}, "no \"x\", at all\n"};
  const SweepTable table(plan, {{true, {{"cost", 3}}}, impossible, impossible, impossible});
  EXPECT_EQ(table.met_count(), 1u);
  EXPECT_EQ(table.impossible_count(), 3u);
  EXPECT_EQ(table.impossible_at(0), "");
  EXPECT_EQ(table.cells_csv(),
            "a.b,seed,met,cost,digest,impossible\n1,5,1,3,0000000000000000,\n"
            "1,6,,,,\"no \"\"x\"\", at all\\x0a\"\nx,5,,,,\"no \"\"x\"\", at all\\x0a\"\n"
            "x,6,,,,\"no \"\"x\"\", at all\\x0a\"\n");
  EXPECT_EQ(table.points_csv(),
            "a.b,seeds,met_mean,met_low,met_high,cost_mean,cost_low,cost_high,impossible\n"
            "1,1,1,nan,nan,3,nan,nan,\n"
            "x,0,nan,nan,nan,nan,nan,nan,\"no \"\"x\"\", at all\\x0a\"\n");
}

TEST(SweepPlots, OneKeyIsALineInTheOrderOfItsNumbers) {
  const SweepPlan plan({{"a.b", {"10", "2"}}}, 1, 2);
  const SweepTable table(
      plan,
      {{true, {{"cost", 1}}}, {true, {{"cost", 3}}}, {true, {{"cost", 5}}}, {true, {{"cost", 5}}}});
  const auto plots = sweep_plots(plan, table, {"cost", "met"}, {});
  ASSERT_EQ(plots.size(), 2u);
  const Series& line = plots[0].series.at(1);
  EXPECT_EQ(line.x, (std::vector<double>{2, 10}));
  EXPECT_EQ(line.y, (std::vector<double>{5, 2}));
  EXPECT_EQ(plots[0].series.at(0).upper, (std::vector<double>{5, 3}));
  EXPECT_FALSE(plots[0].log_x);
}

TEST(SweepPlots, NamesAndThenNumbersAreALineForEachName) {
  const SweepPlan plan({{"kind", {"ring", "star"}}, {"p", {"1", "0.01", "0.1"}}}, 1, 2);
  std::vector<CellOutcome> outcomes;
  for (int k = 0; k < 12; ++k) outcomes.push_back({true, {{"cost", k}}});
  const auto plots = sweep_plots(plan, SweepTable(plan, outcomes), {"cost"},
                                 std::vector<Quantity>{{Where::metric, "cost", "$", "paid"}});
  ASSERT_EQ(plots.size(), 1u);
  EXPECT_TRUE(plots[0].log_x);
  EXPECT_EQ(plots[0].x_label, "p");
  EXPECT_EQ(plots[0].y_label, "cost [$]");
  EXPECT_TRUE(plots[0].caption.starts_with("cost: paid. ")) << plots[0].caption;
  ASSERT_EQ(plots[0].series.size(), 4u);
  const Series& star = plots[0].series[3];
  EXPECT_EQ(star.name, "star");
  EXPECT_EQ(star.x, (std::vector<double>{0.01, 0.1, 1}));
  EXPECT_EQ(star.y, (std::vector<double>{8.5, 10.5, 6.5}));
  EXPECT_EQ(plots[0].series[2].style, Series::Style::band);
  EXPECT_EQ(plots[0].series[2].upper, (std::vector<double>{9, 11, 7}));
}

TEST(SweepPlots, TwoKeysAreAHeatMapWithTheFirstToTheRight) {
  const SweepPlan plan({{"a.b", {"3", "4"}}, {"c.d", {"low", "mid", "high"}}}, 1, 1);
  std::vector<CellOutcome> outcomes;
  for (int k = 0; k < 6; ++k) outcomes.push_back({k == 4, {{"cost", k}}});
  const SweepTable table(plan, outcomes);
  const auto plots = sweep_plots(plan, table, {"cost", "met"}, {});
  const Plot::HeatMap& cost = plots.at(0).heat_map.at(0);
  EXPECT_EQ(cost.cells, (std::vector<std::vector<double>>{{0, 3}, {1, 4}, {2, 5}}));
  EXPECT_EQ(cost.x_first, 3);
  EXPECT_TRUE(cost.levels.empty());
  EXPECT_TRUE(plots[0].x_ticks.empty());
  EXPECT_EQ(plots[0].y_ticks, (std::vector<std::string>{"low", "mid", "high"}));
  EXPECT_EQ(plots[1].heat_map.at(0).levels.size(), 2u);
}

class Journal : public ::testing::Test {
 protected:
  std::string text() const { return testing::text_of(folder_.path("journal.jsonl")); }
  void write(const std::string& content) const { folder_.write("journal.jsonl", content); }
  testing::TemporaryFolder folder_;
};

TEST_F(Journal, KeepsEveryBitAndCutsOffATornLine) {
  const CellOutcome first{true, {{"cost", 0.1 + 0.2}, {"gap", kNan}}, {}, 0xfedcba9876543210u};
  {
    SweepJournal journal(folder_.path());
    journal.append(0xabcdef0123456789u, first);
    journal.append(7, {false, {}});
  }
  const std::string whole = text();
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    SCOPED_TRACE(::testing::Message() << "cut at " << cut);
    write(whole.substr(0, cut));
    SweepJournal journal(folder_.path());
    const auto found = journal.find(0xabcdef0123456789u);
    const std::size_t second_line = whole.find('\n', whole.find('\n') + 1) + 1;
    ASSERT_EQ(found.has_value(), cut >= second_line);
    EXPECT_EQ(journal.find(7).has_value(), cut == whole.size());
    if (!found) journal.append(0xabcdef0123456789u, first);
    if (!journal.find(7)) journal.append(7, {false, {}});
    ASSERT_EQ(text(), whole);
    if (!found) continue;
    EXPECT_EQ(found->metrics.at("cost"), 0.1 + 0.2);
    EXPECT_TRUE(std::isnan(found->metrics.at("gap")));
    EXPECT_TRUE(found->met);
    EXPECT_EQ(found->digest, 0xfedcba9876543210u);
  }
}

// Goal: a full disk costs the cell that found it full, not the ones after it.
// Method: a limit on the size of files in the middle of a line, and one more line without it.
TEST_F(Journal, TakesBackALineThatDidNotFit) {
  const CellOutcome outcome{true, {{"cost", 1}}};
  const CellOutcome longer{true, {{"cost", 1}, {"gap", 2}}};
  {
    SweepJournal journal(folder_.path());
    journal.append(1, outcome);
    const std::string whole = text();
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto ignored = signal(SIGXFSZ, SIG_IGN);
    const rlimit full{whole.size() + 20, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
    std::string refusal = "accepted";
    try {
      journal.append(2, longer);
    } catch (const InputError& error) {
      refusal = error.what();
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, ignored);
    EXPECT_NE(refusal.find("cannot be written (File too large)"), std::string::npos) << refusal;
    EXPECT_EQ(text(), whole);
    EXPECT_FALSE(journal.find(2).has_value());
    journal.append(3, outcome);
  }
  const SweepJournal journal(folder_.path());
  EXPECT_TRUE(journal.find(1).has_value());
  EXPECT_FALSE(journal.find(2).has_value());
  EXPECT_TRUE(journal.find(3).has_value());
}

TEST(CellOutcome, KeepsTheLargestOfSeveral) {
  const Summary summary{{{"cap", 2, 1}}, {}, {{"cost", {3}}, {"lambda", {1, 5, 2}}, {"none", {}}}};
  const CellOutcome outcome = outcome_of(summary, 7);
  EXPECT_EQ(outcome.digest, 7u);
  EXPECT_FALSE(outcome.met);
  EXPECT_EQ(outcome.metrics, (std::map<std::string, double>{{"cost", 3}, {"lambda_most", 5}}));
}

TEST_F(Journal, RefusesWhatItDidNotWrite) {
  const auto refusal = [&](ExitCode code) -> std::string {
    try {
      const SweepJournal journal(folder_.path());
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    return "accepted";
  };
  {
    const SweepJournal journal(folder_.path());
    EXPECT_NE(refusal(ExitCode::run_folder).find("another sweep works here"), std::string::npos);
  }
  const std::string header = text();
  write(header + "{\"config\":\"1\"}\n");
  EXPECT_NE(refusal(ExitCode::bad_data).find("journal.jsonl:2"), std::string::npos);
  write("{\"tacit\":\"0.0.0\"}\n");
  EXPECT_NE(refusal(ExitCode::mismatch).find("another version"), std::string::npos);
  std::filesystem::remove(folder_.path("journal.jsonl"));
  folder_.write("precious", "data");
  EXPECT_NE(refusal(ExitCode::run_folder).find("holds other files"), std::string::npos);
}

}  // namespace
}  // namespace tacit
