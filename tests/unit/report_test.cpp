#include "deploy/report/report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "common/base/error.h"
#include "common/base/random.h"
#include "common/results/files.h"
#include "deploy/report/child_process.h"
#include "deploy/report/comparison.h"
#include "deploy/report/gnuplot.h"
#include "deploy/report/html_text.h"
#include "deploy/report/plot_script.h"
#include "deploy/report/script_text.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t place = text.find(part); place != std::string::npos;
       place = text.find(part, place + 1)) {
    ++count;
  }
  return count;
}

Series line(std::string name, std::size_t size) {
  Series series{std::move(name), {}, {}};
  for (std::size_t k = 0; k < size; ++k) {
    series.x.push_back(static_cast<double>(k));
    series.y.push_back(1 + std::sin(static_cast<double>(k) / 9));
  }
  return series;
}

Plot plot_of(std::vector<Series> series) {
  return {"plot", "A title", "A caption", "time", "cost", std::move(series), {}};
}

class Report : public ::testing::Test {
 protected:
  /// A finished run whose every text tries to leave its place in the page.
  RunRecord hostile_record() const {
    RunRecord record;
    record.folder = root_;
    record.facts.name = "<script>alert(1)</script>";
    record.facts.system = "a\"><b>";
    record.facts.argv = {"tacit", "run", "it's <b>.toml"};
    record.facts.versions = {{"<i>", "&amp;"}};
    record.config_text = "</pre><script>x</script>";
    record.summary.emplace();
    record.summary->summary.constraints = {{"<img src=x>", 0.01, 0.05}};
    record.summary->summary.bounds = {{"lemma1", 0.5, 0.4}};
    record.summary->summary.metrics = {{"<svg onload=x>", {1, 2}}};
    record.messages = {{process_id(0), process_id(1), MessageKind::data, {10, 640, 400, 0}},
                       {process_id(1), process_id(0), MessageKind::data, {20, 1280, 800, 0}},
                       {process_id(1), process_id(0), MessageKind::control, {3, 0, 0, 60}}};
    return record;
  }

  const testing::TemporaryFolder folder_;
  const fs::path root_ = folder_.path();
};

TEST(ChildProcess, GivesBackWhatTheProgramSaid) {
  const ChildOutcome outcome = run_child({"sh", "-c", "cat; echo problem >&2; exit 3"},
                                         std::string(300'000, 'x'), std::chrono::seconds(60));
  EXPECT_EQ(outcome.ending, ChildOutcome::Ending::exited);
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.standard_output, std::string(300'000, 'x'));
  EXPECT_EQ(outcome.standard_error, "problem\n");
}

TEST(ChildProcess, DoesNotMindAProgramThatReadsNothing) {
  EXPECT_EQ(run_child({"true"}, std::string(300'000, 'x'), std::chrono::seconds(60)).status, 0);
}

TEST(ChildProcess, KillsAtTheDeadline) {
  const ChildOutcome outcome =
      run_child({"sh", "-c", "exec cat /dev/zero >/dev/null"}, "", std::chrono::milliseconds(50));
  EXPECT_EQ(outcome.ending, ChildOutcome::Ending::timed_out);
}

TEST(ChildProcess, SaysThatAProgramIsMissing) {
  EXPECT_EQ(run_child({"tacit-no-such-program"}, "", std::chrono::seconds(60)).ending,
            ChildOutcome::Ending::not_found);
}

TEST(PlotScript, QuotesWhatWouldEndAString) {
  EXPECT_EQ(script_quoted("it's\n\"x\" \\n `ls`"), "'it''s \"x\" \\n `ls`'");
  Plot plot = plot_of({line("'; system 'touch /tmp/x'; #", 3)});
  EXPECT_NE(plot_script(plot).find("title '''; system ''touch /tmp/x''; #'"), std::string::npos);
}

TEST(PlotScript, BreaksALineAtANonFinitePoint) {
  Series series = line("a", 6);
  series.y[2] = kNan;
  series.y[3] = std::numeric_limits<double>::infinity();
  const std::string script = plot_script(plot_of({series}));
  EXPECT_NE(script.find("\n1 " + digits(series.y[1]) + "\n\n4 "), std::string::npos) << script;
  EXPECT_EQ(script.find("nan"), std::string::npos);
  EXPECT_EQ(script.find("inf"), std::string::npos);
}

// Goal: thinning a long series loses no peak. Method: one spike at a random place, up or down, in
// a series of random length far beyond what is drawn; 200 seeds.
TEST(PlotScript, DrawsABandInTheColourOfItsLine) {
  Series band = line("range", 40);
  band.style = Series::Style::band;
  for (const double y : band.y) band.upper.push_back(y + 5);
  const std::string script = plot_script(plot_of({line("first", 40), band, line("mean", 40)}));
  EXPECT_NE(script.find("filledcurves fill transparent solid 0.22 noborder lc rgb '#d55e00'"),
            std::string::npos)
      << script;
  EXPECT_NE(script.find("with lines lw 2 lc rgb '#d55e00' title 'mean'"), std::string::npos);
  EXPECT_NE(script.find("\n0 1 6\n"), std::string::npos);
  band.upper[20] = kNan;
  EXPECT_EQ(plot_script(plot_of({band})).find("nan"), std::string::npos);
}

TEST(PlotScript, ThinningKeepsTheHighestTopOfABand) {
  Series band = line("range", 90'000);
  band.style = Series::Style::band;
  band.upper.assign(band.y.size(), 9);
  band.upper[45'678] = 77;
  EXPECT_NE(plot_script(plot_of({band})).find(" 77\n"), std::string::npos);
}

TEST(PlotScript, LogarithmicAxisLeavesOutWhatHasNoPlaceThere) {
  Plot plot = plot_of({{"a", {0, 1, 2, 3}, {0, 1e-6, -1, 1e3}}});
  plot.log_y = true;
  const std::string script = plot_script(plot);
  EXPECT_NE(script.find("set logscale y"), std::string::npos);
  EXPECT_NE(script.find("<< END_OF_DATA\n1 1e-06\n\n3 1000\n"), std::string::npos) << script;
  EXPECT_NE(render_svg(plot).find("</svg>"), std::string::npos);
  plot.series[0].y = {0.2, 0.3, 0.4, 1};
  EXPECT_NE(plot_script(plot).find("set ytics (0.1, 0.2, 0.5, 1, 2, 5)"), std::string::npos)
      << plot_script(plot);
  plot.series[0].y = {0, 0, 0, 0};
  EXPECT_NE(plot_script(plot).find("no data"), std::string::npos);
}

TEST(PlotScript, EitherAxisMayBeLogarithmic) {
  Plot plot = plot_of({{"a", {0.01, 0.1, 1}, {-1, 0, 1}}});
  EXPECT_EQ(plot_script(plot).find("logscale"), std::string::npos);
  plot.log_x = true;
  EXPECT_NE(plot_script(plot).find("set logscale x\n"), std::string::npos);
  EXPECT_NE(render_svg(plot).find(">0.01</text>"), std::string::npos);
}

TEST(PlotScript, CallsPlacesByTheirNames) {
  Plot plot = plot_of({line("a", 2)});
  plot.x_ticks = {"none", "it's"};
  EXPECT_NE(plot_script(plot).find("set xtics ('none' 0, 'it''s' 1)"), std::string::npos);
  plot.series.clear();
  plot.heat_map.push_back({.cells = {{1, 2}, {3, 4}}, .levels = {}});
  plot.y_ticks = {"low", "high"};
  EXPECT_NE(render_svg(plot).find(">high</text>"), std::string::npos);
}

TEST(PlotScript, LinesOverAHeatMapWidenItsFrame) {
  Plot plot = plot_of({line("walls", 2), {"way", {-3, kNan, 0, 1}, {1, 1, 0, 9}}});
  plot.heat_map.push_back({.cells = {{1, 2}, {3, 4}}, .levels = {}, .spacing = 0.5});
  plot.equal_axes = true;
  const std::string script = plot_script(plot);
  EXPECT_NE(script.find("set size ratio -1"), std::string::npos);
  EXPECT_NE(script.find("set xrange [-3:1]\nset yrange [-0.25:9]"), std::string::npos) << script;
  EXPECT_NE(script.find("0.5 0.5 4\n"), std::string::npos) << script;
  EXPECT_NE(script.find("($1-0.25):($1+0.25)"), std::string::npos) << script;
  EXPECT_NE(script.find("$over1 << END_OF_DATA\n-3 1\n\n0 0\n1 9\nEND_OF_DATA"), std::string::npos)
      << script;
  EXPECT_NE(render_svg(plot).find("</svg>"), std::string::npos);
}

TEST(PlotScript, ThinningKeepsEveryPeak) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.report"), 0);
    Series series = line("a", 3000 + stream() % 5000);
    const std::size_t place = stream() % series.x.size();
    series.y[place] = stream() % 2 == 0 ? 12345.5 : -12345.5;
    const std::string script = plot_script(plot_of({series}));
    EXPECT_NE(script.find("\n" + digits(series.x[place]) + " " + digits(series.y[place]) + "\n"),
              std::string::npos);
    EXPECT_LT(count_of(script, "\n"), 1100u);
  }
}

TEST(PlotScript, NamesAFewSeriesAndTheEndsOfACrowd) {
  std::vector<Series> series;
  for (int k = 0; k < 8; ++k) series.push_back(line("agent " + std::to_string(k), 3));
  EXPECT_EQ(count_of(plot_script(plot_of(series)), " title 'agent "), 8u);
  EXPECT_EQ(count_of(plot_script(plot_of(series)), "key outside"), 0u);
  for (int k = 8; k < 50; ++k) series.push_back(line("agent " + std::to_string(k), 3));
  series.push_back({"optimum", {0, 1}, {1, 1}, Series::Style::dashed});
  const std::string script = plot_script(plot_of(series));
  EXPECT_EQ(count_of(script, "key outside"), 1u);
  EXPECT_EQ(count_of(script, " title 'agent "), 2u);
  EXPECT_EQ(count_of(script, " title 'agent 0'") + count_of(script, " title 'agent 49'"), 2u);
  EXPECT_EQ(count_of(script, " title 'optimum'"), 1u);
}

TEST(Gnuplot, DrawsEveryKindOfPlotTheSameEachTime) {
  std::vector<Plot> plots;
  using Style = Series::Style;
  for (const Style style :
       {Style::line, Style::dashed, Style::points, Style::steps, Style::boxes}) {
    Series series = line("<a> & 'b'", 20);
    series.style = style;
    series.y[4] = kNan;
    plots.push_back(plot_of({series, series}));
  }
  plots.push_back(plot_of({}));
  plots.push_back(plot_of({{"nothing finite", {1, 2}, {kNan, kNan}}}));
  plots.push_back(plot_of({{"one point", {1}, {0}}}));
  plots.push_back(plot_of({{"constant", {1, 2}, {1e-9, 1e-9}}}));
  plots.push_back(plot_of({{"huge", {1, 2}, {-1e300, 1e300}}}));
  Plot map = plot_of({});
  map.heat_map = {{{{0, 1}, {kNan, 2}}, -1, 1, {"wait", "process", "offload", "never"}}};
  plots.push_back(map);
  map.heat_map.front().levels.clear();
  plots.push_back(map);
  map.heat_map.front().cells = {{kNan}};
  plots.push_back(map);
  map.heat_map.front().cells = {{3}};
  plots.push_back(map);
  for (std::size_t k = 0; k < plots.size(); ++k) {
    SCOPED_TRACE(::testing::Message() << "plot " << k);
    const std::string svg = render_svg(plots[k]);
    EXPECT_NE(svg.find("A title"), std::string::npos);
    EXPECT_EQ(svg.find("<script"), std::string::npos);
    EXPECT_EQ(svg, render_svg(plots[k]));
  }
}

TEST(Gnuplot, SaysWhatToInstall) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  std::string message;
  try {
    render_svg(plot_of({}));
  } catch (const InputError& error) {
    message = error.what();
  }
  setenv("PATH", path.c_str(), 1);
  EXPECT_NE(message.find("apt install gnuplot-nox"), std::string::npos) << message;
}

TEST(HtmlText, CannotLeaveItsPlace) {
  EXPECT_EQ(escaped("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  EXPECT_EQ(link_target("a b\"<.csv"), "a%20b%22%3C.csv");
  EXPECT_EQ(command_line({"tacit", "run", "it's.toml", "-s", "run.seed=3", ""}),
            "tacit run 'it'\\''s.toml' -s run.seed=3 ''");
}

TEST(HtmlText, MakesIdsOfAnSvgItsOwn) {
  EXPECT_EQ(inlined_svg("<?xml?><svg><g id=\"p\"/><use xlink:href='#p' fill='url(#q)'/></svg>",
                        "cost", "T"),
            "<svg role=\"img\" aria-label=\"T\"><g id=\"cost-p\"/><use xlink:href='#cost-p' "
            "fill='url(#cost-q)'/></svg>");
}

TEST_F(Report, CountsWhatEachProcessSent) {
  const std::vector<Plot> plots = message_plots(hostile_record().messages);
  ASSERT_EQ(plots.size(), 2u);
  EXPECT_EQ(plots[0].series[0].y, (std::vector<double>{10, 20}));
  ASSERT_EQ(plots[1].series.size(), 3u);
  EXPECT_EQ(plots[1].series[0].y, (std::vector<double>{80, 160}));
  EXPECT_EQ(plots[1].series[1].y, (std::vector<double>{400, 800}));
  EXPECT_EQ(plots[1].series[2].y, (std::vector<double>{0, 60}));
  EXPECT_TRUE(message_plots({}).empty());
}

TEST_F(Report, IsOneFileWithoutOutsideResources) {
  const RunRecord record = hostile_record();
  write_atomically(root_ / "summary.json", "{}");
  const fs::path page = write_report(record, std::vector<Plot>{plot_of({line("a", 9)})}, {});
  EXPECT_EQ(page, root_ / "report.html");
  const std::string text = read_text(page);
  EXPECT_EQ(count_of(text, "<svg "), 3u);
  for (const char* stem : {"plot", "messages", "bytes"}) {
    EXPECT_TRUE(fs::exists(root_ / "plots" / (std::string(stem) + ".svg"))) << stem;
  }
  for (const char* forbidden : {"<script", "<link", "<img", " src=\"", "@import", "<b>"}) {
    EXPECT_EQ(text.find(forbidden), std::string::npos) << forbidden;
  }
  // Addresses may only name XML vocabularies.
  EXPECT_EQ(count_of(text, "http"), count_of(text, "http://www.w3.org/"));
  for (const char* wanted : {"FAILED: lemma1", "not held", "&lt;img src=x&gt;", "summary.json",
                             "A caption", "tacit run &#39;it&#39;\\&#39;&#39;s &lt;b&gt;.toml"}) {
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted;
  }
}

TEST_F(Report, IsTheSameEachTime) {
  const RunRecord record = hostile_record();
  const std::string first = read_text(write_report(record, {}, {}));
  EXPECT_EQ(read_text(write_report(record, {}, {})), first);
}

TEST_F(Report, NamesUnitAndMeaningOfWhatItShows) {
  RunRecord record = hostile_record();
  record.summary->summary.constraints = {{"late_zone_3", 0.01, 0.05}};
  record.summary->summary.metrics = {{"paid", {4.5}}, {"ratio", {0.5}}, {"of <old>", {1}}};
  const std::vector<Quantity> quantities{
      {Where::constraint, "late_zone_<zone>", "s", "how late the zone was reached"},
      {Where::bound, "lemma1", "1", "how far theory is off"},
      {Where::metric, "paid", "$", "by all <b>buildings</b>"},
      {Where::metric, "ratio", "1", "of two costs"},
      {Where::agent_row, "level", "kWh", "of the battery"}};
  const std::string text = read_text(write_report(record, {}, quantities));
  for (const char* wanted :
       {"late_zone_3 [s]", "how late the zone was reached", "how far theory is off", "paid [$]",
        "by all &lt;b&gt;buildings&lt;/b&gt;", ">ratio<", "of two costs", "of &lt;old&gt;",
        "agents/*/metrics.csv", ">kWh<", "of the battery"}) {
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted;
  }
}

TEST_F(Report, SaysThatARunDidNotFinish) {
  RunRecord record = hostile_record();
  record.summary.reset();
  EXPECT_NE(read_text(write_report(record, {}, {})).find("did not finish"), std::string::npos);
}

TEST(Comparison, LaysLinesOfAllRunsTogether) {
  const auto plot = [](const std::string& stem, std::vector<Series> series) {
    Plot one;
    one.file_stem = stem;
    one.series = std::move(series);
    return one;
  };
  const auto dashed = [](double y) {
    return Series{"limit", {0, 1}, {y, y}, Series::Style::dashed};
  };
  const Quantity cost{Where::metric, "cost", "$", "of all"};
  ComparedRun first{"a/<1>", {}, {}, {cost}}, second{"b/2", {}, {}, {cost}};
  first.plots = {plot("return", {line("", 3)}), plot("cost", {line("", 3), dashed(5)}),
                 plot("lambda", {line("0", 3), line("1", 3)}), plot("alone", {line("", 3)})};
  second.plots = {plot("cost", {line("", 4), dashed(6)}), plot("return", {line("", 2)}),
                  plot("lambda", {line("0", 3)})};
  first.summary.metrics = {{"cost", {0.5}}, {"own", {1}}, {"some", {1, 2}}};
  second.summary.metrics = {{"cost", {7.25}}, {"some", {1, 2}}};
  const std::vector<ComparedRun> runs{first, second};
  const auto plots = common_lines(runs);
  ASSERT_EQ(plots.size(), 2u);
  EXPECT_EQ(plots[0].file_stem, "return");
  ASSERT_EQ(plots[0].series.size(), 2u);
  EXPECT_EQ(plots[0].series[1].name, "b/2");
  EXPECT_EQ(plots[0].series[1].x.size(), 2u);
  ASSERT_EQ(plots[1].series.size(), 3u) << "two runs and one limit";
  EXPECT_EQ(plots[1].series[2].y.front(), 5);

  const std::string page = comparison_page(runs, {}, {"tacit", "report"});
  EXPECT_NE(page.find("a/&lt;1&gt;"), std::string::npos);
  EXPECT_EQ(page.find("a/<1>"), std::string::npos);
  EXPECT_NE(page.find("7.25"), std::string::npos);
  EXPECT_NE(page.find("cost [$]"), std::string::npos);
  EXPECT_NE(page.find("of all"), std::string::npos);
  EXPECT_EQ(page.find("own"), std::string::npos) << "of one run only";
  EXPECT_EQ(page.find(">some<"), std::string::npos) << "no single number";
}

}  // namespace
}  // namespace tacit
