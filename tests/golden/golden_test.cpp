// Goal: every value of every *.json in the golden folder holds within its tolerance.
// Method: one test per named case of a file; the file's content says which system it belongs to.
// A folder without files, or a file that no system recognises, fails.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "tests/golden/golden_case.h"

namespace tacit {

GoldenObject::~GoldenObject() {
  for (const auto& [key, value] : json_.items()) {
    if (value.is_string() || std::count(read_.begin(), read_.end(), key) > 0) continue;
    ADD_FAILURE() << "golden value \"" << key << "\" is not checked";
  }
}

namespace {

class GoldenTest : public testing::Test {
 public:
  explicit GoldenTest(GoldenCase golden) : golden_(std::move(golden)) {}
  void TestBody() override {
    SCOPED_TRACE(golden_.name);
    try {
      golden_.check();
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }

 private:
  GoldenCase golden_;
};

std::vector<GoldenCase> cases_of(const std::filesystem::path& file) {
  const auto broken = [&](const std::string& reason) {
    return std::vector<GoldenCase>{{"file", [=] { ADD_FAILURE() << file << ": " << reason; }}};
  };
  try {
    const auto json = nlohmann::json::parse(std::ifstream(file));
    for (const GoldenSchema& schema : {offload_schema(), grid_schema(), patrol_schema()}) {
      if (!schema.recognises(json)) continue;
      std::vector<GoldenCase> cases = schema.cases(json);
      return cases.empty() ? broken("holds no case") : cases;
    }
  } catch (const std::exception& error) {
    return broken(error.what());
  }
  return broken("no system recognises its content");
}

std::size_t register_folder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    for (const GoldenCase& golden : cases_of(file)) {
      const std::string suite = "Golden/" + file.stem().string();
      testing::RegisterTest(suite.c_str(), golden.name.c_str(), nullptr, nullptr, __FILE__,
                            __LINE__, [=]() -> testing::Test* { return new GoldenTest(golden); });
    }
  }
  return files.size();
}

}  // namespace
}  // namespace tacit

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const char* chosen = std::getenv("TACIT_GOLDEN_DIR");
  const std::filesystem::path folder = chosen != nullptr ? chosen : TACIT_GOLDEN_DEFAULT_DIR;
  if (tacit::register_folder(folder) == 0) {
    std::cerr << "golden_test: no *.json in " << folder << "; set TACIT_GOLDEN_DIR\n";
    return 1;
  }
  return RUN_ALL_TESTS();
}
