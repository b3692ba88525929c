// Goal: `tacit report` draws a run folder as it was left, or says which file does not belong there;
// whatever was done to a file, it neither crashes nor draws something else.
// Method: finished runs of the systems; every file that a report is made of is emptied, cut,
// removed, changed in a letter, robbed of a line, or exchanged for that of another run, at places
// drawn from the seed. TACIT_MIXED_SEEDS asks for more places than the usual one.
#include <gtest/gtest.h>

#include <cstdlib>

#include "common/base/random.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

struct Drawn {
  std::string name;
  std::string text;  ///< of the experiment
};

void PrintTo(const Drawn& drawn, std::ostream* out) { *out << drawn.name; }

std::vector<Drawn> cases() {
  return {{"offload",
           "system = 'offload'\n[run]\nagents = 2\n[offload]\nslow_steps = 2\nlambda_updates = 2\n"
           "q_steps = 300\nevaluation_slots = 200\nsums = 'graph'\n"},
          {"grid",
           "system = 'grid'\n[run]\nagents = 3\n[graph]\nkind = 'complete'\n[grid]\n"
           "policy = 'threshold'\nhours = 50\nbenchmark = false\n"}};
}

const std::vector<std::string> kFiles{"run.json",
                                      "config.toml",
                                      "summary.json",
                                      "messages.csv",
                                      "agents/000/metrics.csv",
                                      "agents/001/result.json"};
const std::vector<std::string> kDamages{
    "emptied", "cut", "removed", "changed", "shortened by a line", "of another run"};

/// What becomes of a file's text, at a place that `word` decides.
std::string damaged(std::string text, const std::string& damage, std::uint64_t word) {
  if (damage == "emptied" || text.empty()) return "";
  const std::size_t place = split_off(word, text.size());
  if (damage == "cut") return text.substr(0, place);
  if (damage == "changed") {
    const char letter = text[place];
    const bool is_digit = letter >= '0' && letter <= '9';
    text[place] = is_digit ? static_cast<char>('0' + (letter - '0' + 1) % 10) : 'x';
    return text;
  }
  const std::size_t before = text.rfind('\n', place);
  const std::size_t begin = before == std::string::npos || before == place ? 0 : before + 1;
  const std::size_t end = text.find('\n', begin);
  return text.erase(begin, end == std::string::npos ? end : end + 1 - begin);
}

class MixedFolder : public ::testing::TestWithParam<Drawn> {
 protected:
  void SetUp() override {
    const std::string file = folder.write("experiment.toml", GetParam().text);
    for (const std::string seed : {"1", "2"}) {
      Child run({testing::program("tacit"), "run", file, "--in-process", "--seed", seed, "--out",
                 folder.path("run-" + seed)});
      ASSERT_LE(run.wait(), 1) << run.output();
    }
    figures = figures_of("run-1");
    ASSERT_FALSE(figures.empty());
  }

  std::map<std::string, std::string> figures_of(const std::string& run) const {
    std::map<std::string, std::string> texts;
    for (const auto& entry : fs::directory_iterator(folder.path(run + "/plots"))) {
      texts[entry.path().filename().string()] = testing::text_of(entry.path().string());
    }
    return texts;
  }

  /// A copy of the first run, without its figures.
  void copy_run() {
    fs::remove_all(folder.path("mixed"));
    fs::copy(folder.path("run-1"), folder.path("mixed"), fs::copy_options::recursive);
    fs::remove_all(folder.path("mixed/plots"));
  }

  int report() {
    Child child({testing::program("tacit"), "report", "mixed"}, folder.path());
    const int code = child.wait();
    output = child.output();
    return code;
  }

  void expect_drawn_or_refused() {
    const int code = report();
    if (code == 0) {
      EXPECT_TRUE(figures_of("mixed") == figures) << "draws something else";
      return;
    }
    EXPECT_TRUE(code == 65 || code == 66 || code == 78) << "exit code " << code << "\n" << output;
    EXPECT_NE(output.find("mixed"), std::string::npos) << output;
  }

  void expect_refused(const std::string& what) {
    EXPECT_EQ(report(), 65) << output;
    EXPECT_NE(output.find(what), std::string::npos) << output;
  }

  void rewrite(const std::string& file, const std::string& from, const std::string& to) {
    std::string text = testing::text_of(folder.path("mixed/" + file));
    const std::size_t place = text.find(from);
    ASSERT_NE(place, std::string::npos) << from;
    folder.write("mixed/" + file, text.replace(place, from.size(), to));
  }

  const TemporaryFolder folder;
  std::map<std::string, std::string> figures;
  std::string output;
};

std::uint64_t seed_count() {
  const char* asked = std::getenv("TACIT_MIXED_SEEDS");
  return asked == nullptr ? 1 : std::strtoull(asked, nullptr, 10);
}

TEST_P(MixedFolder, IsDrawnAsItWasLeftOrRefused) {
  for (std::uint64_t seed = 1; seed <= seed_count(); ++seed) {
    RandomStream stream(seed, process_id(0), purpose("test.mixed_folder"), 0);
    for (const std::string& file : kFiles) {
      for (const std::string& damage : kDamages) {
        SCOPED_TRACE(::testing::Message() << file << " " << damage << ", seed=" << seed);
        copy_run();
        const std::string path = folder.path("mixed/" + file);
        const bool other = damage == "of another run";
        const std::string text = testing::text_of(other ? folder.path("run-2/" + file) : path);
        fs::remove(path);
        if (damage != "removed") {
          folder.write("mixed/" + file, other ? text : damaged(text, damage, stream()));
        }
        expect_drawn_or_refused();
      }
    }
  }
}

TEST_P(MixedFolder, ARefusalNamesTheFileAndTheField) {
  copy_run();
  folder.write("mixed/config.toml", "");
  expect_refused("mixed/run.json: config_hash is");
  copy_run();
  rewrite("run.json", "\"agents\": ", "\"agents\": 1");
  expect_refused("mixed/run.json: agents is 1");
  copy_run();
  rewrite("agents/000/metrics.csv", ",", ",renamed_");
  expect_refused("mixed/agents/000/metrics.csv: is not what the process left");
  copy_run();
  fs::remove_all(folder.path("mixed/agents/001"));
  fs::copy(folder.path("run-2/agents/001"), folder.path("mixed/agents/001"));
  expect_refused("mixed/agents/001/result.json: config_hash is");
  copy_run();
  for (const char* file : {"run.json", "config.toml", "summary.json", "messages.csv"}) {
    folder.write(std::string("mixed/") + file,
                 testing::text_of(folder.path(std::string("run-2/") + file)));
  }
  expect_refused("mixed/agents/000/result.json: config_hash is");
}

INSTANTIATE_TEST_SUITE_P(Systems, MixedFolder, ::testing::ValuesIn(cases()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tacit
