// Goal: what cannot be run as written is refused with the key and what to do.
#include <gtest/gtest.h>

#include <fstream>

#include "agent/catalog.h"
#include "common/base/error.h"
#include "common/experiment/experiment.h"
#include "tests/support/temporary_folder.h"

namespace tacit::patrol {
namespace {

const std::string kPatrol = "system = 'patrol'\n[run]\nagents = 5\n[graph]\nkind = 'complete'\n";

class PatrolConfigTest : public ::testing::Test {
 protected:
  /// The message of the error that loading ends with.
  std::string refusal_of(const std::string& text,
                         const std::vector<std::string>& overrides = {}) const {
    const std::string path = folder.path("experiment.toml");
    std::ofstream(path) << text;
    try {
      Experiment::load(path, overrides, systems());
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::config) << error.what();
      return error.what();
    }
    return "";
  }
  tacit::testing::TemporaryFolder folder;
};

TEST_F(PatrolConfigTest, AcceptsTheDefaults) { EXPECT_EQ(refusal_of(kPatrol), ""); }

struct Wrong {
  std::string table;
  std::vector<std::string> words;  ///< of the message
};

TEST_F(PatrolConfigTest, NamesKeyAndRemedy) {
  const std::vector<Wrong> cases{
      {"[links]\nmodel = 'bernoulli'\nup_probability = 0.5\none_way = true\n[patrol]\n",
       {"code", "leave out links.one_way", "\"list\""}},
      {"[patrol]\nrollout_steps = 129\n", {"rollout_steps", "128"}},
      {"[patrol]\nrollout_steps = 1\n", {"rollout_steps"}},
      {"[patrol]\nrequired = [0.1, 0.2]\n", {"required", "6 zones", "2"}},
      {"[patrol]\nstep_m = 0.3\n", {"step_m", "0.25"}},
      {"[links]\nmodel = 'line_of_sight'\n[patrol]\nmethod = 'broadcast'\n",
       {"method", "always_up"}},
      {"[patrol]\nmethod = 'central'\npolicy = 'team'\n", {"policy"}},
      {"[patrol]\nrequired = [0, 0.2, 0.3, 0.4, 0.5, 0.6]\n[patrol.training]\nweights = "
       "'inverse'\n",
       {"weights", "above 0"}},
      {"[patrol.training]\nreward = 'shared'\n", {"reward", "sampled"}},
  };
  for (const Wrong& wrong : cases) {
    SCOPED_TRACE(wrong.table);
    const std::string message = refusal_of(kPatrol + wrong.table);
    EXPECT_NE(message, "");
    for (const std::string& word : wrong.words) {
      EXPECT_NE(message.find(word), std::string::npos) << message;
    }
  }
}

TEST_F(PatrolConfigTest, OneWayLinksAreForTheList) {
  EXPECT_EQ(refusal_of(kPatrol + "[links]\nmodel = 'bernoulli'\nup_probability = 0.5\n"
                                 "one_way = true\n[patrol]\ncode = 'list'\n"),
            "");
}

TEST_F(PatrolConfigTest, FramesThatAreMissedAreForTheList) {
  for (const std::string& text : {std::string("[time]\non_overdue = 'close'\n"),
                                  std::string("[time]\nmode = 'realtime'\ntick_ms = 5\n"),
                                  std::string("[[faults]]\nkind = 'delay'\nrounds = 2\n")}) {
    SCOPED_TRACE(text);
    const std::string message = refusal_of(kPatrol + text);
    EXPECT_NE(message.find("patrol.code"), std::string::npos) << message;
    EXPECT_NE(message.find("code = \"list\""), std::string::npos) << message;
    EXPECT_EQ(refusal_of(kPatrol + text, {"patrol.code=list"}), "");
    EXPECT_NE(refusal_of(kPatrol + text, {"patrol.method=broadcast"}), "");
  }
}

// Two ends of a link that do not know the same frames could not agree on when they meet again.
TEST_F(PatrolConfigTest, OnlyWhereNoFrameIsMissedAreRobotsLeftAlone) {
  const std::string path = folder.path("experiment.toml");
  std::ofstream(path) << kPatrol << "[links]\nmodel = 'line_of_sight'\n[patrol]\ncode = 'list'\n";
  const auto quiet_rounds = [&](const std::vector<std::string>& overrides) {
    const Experiment experiment = Experiment::load(path, overrides, systems());
    return experiment.links().quiet_rounds({process_id(0), process_id(1)}, {6, 9}, {28, 12});
  };
  EXPECT_GT(quiet_rounds({}), 0);
  EXPECT_GT(quiet_rounds({"time.on_overdue=wait"}), 0);
  EXPECT_EQ(quiet_rounds({"time.on_overdue=close"}), 0);
  EXPECT_EQ(quiet_rounds({"time.mode=realtime", "time.tick_ms=5"}), 0);
  EXPECT_GT(quiet_rounds({"patrol.step_m=0.5"}), quiet_rounds({}));
}

TEST_F(PatrolConfigTest, LinksAndRobotsShareOneFloor) {
  std::ofstream(folder.path("plan.json")) << std::ifstream(TACIT_FLOOR_PLAN).rdbuf() << '\n';
  const std::string other = "[links]\nmodel = 'line_of_sight'\nfloor_plan = 'plan.json'\n";
  const std::string message = refusal_of(kPatrol + other);
  EXPECT_NE(message.find("links.floor_plan"), std::string::npos) << message;
  EXPECT_EQ(refusal_of(kPatrol + other + "[patrol]\nfloor_plan = 'plan.json'\n"), "");
}

TEST_F(PatrolConfigTest, LineOfSightIsForThoseWhoAreSomewhere) {
  const std::string message = refusal_of("system = 'offload'\n[links]\nmodel = 'line_of_sight'\n");
  EXPECT_NE(message.find("line_of_sight"), std::string::npos) << message;
}

}  // namespace
}  // namespace tacit::patrol
