// Splits the golden values of patrol into cases by their kind.

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/golden/golden_case.h"
#include "tests/golden/patrol_cases.h"

namespace tacit {

using nlohmann::json;

GoldenSchema patrol_schema() {
  static const std::map<std::string, void (*)(const json&)> checks = {
      {"los", check_los},           {"motion", check_motion}, {"policy", check_policy},
      {"exact_pg", check_exact_pg}, {"gossip", check_gossip}, {"alg2_rank", check_alg2_rank},
  };
  GoldenSchema schema;
  schema.recognises = [](const json& file) {
    return file.contains("cases") && !file.at("cases").empty() &&
           file.at("cases").at(0).contains("kind");
  };
  schema.cases = [](const json& file) {
    std::vector<GoldenCase> cases;
    for (const json& golden : file.at("cases")) {
      const std::string kind = golden.at("kind");
      cases.push_back({golden.at("id"), [golden, kind] {
                         const auto check = checks.find(kind);
                         if (check == checks.end()) FAIL() << "unknown kind \"" << kind << "\"";
                         check->second(golden);
                       }});
    }
    return cases;
  };
  return schema;
}

}  // namespace tacit
