#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tacit {

/// One named piece of a golden file. `check` reports with GoogleTest's EXPECT and ASSERT.
struct GoldenCase {
  std::string name;
  std::function<void()> check;
};

/// Recognises the files of one system by their content and splits them into cases.
struct GoldenSchema {
  std::function<bool(const nlohmann::json&)> recognises;
  std::function<std::vector<GoldenCase>(const nlohmann::json&)> cases;
};

GoldenSchema offload_schema();
GoldenSchema grid_schema();
GoldenSchema patrol_schema();

/// The values of a golden object, so that none stays unread: what was never asked for fails,
/// unless it is text (a note).
class GoldenObject {
 public:
  explicit GoldenObject(const nlohmann::json& json) : json_(json) {}
  ~GoldenObject();
  GoldenObject(const GoldenObject&) = delete;
  GoldenObject& operator=(const GoldenObject&) = delete;

  bool has(const std::string& key) const { return json_.contains(key); }
  const nlohmann::json& operator[](const std::string& key) {
    read_.push_back(key);
    return json_.at(key);
  }

 private:
  const nlohmann::json& json_;
  std::vector<std::string> read_;
};

}  // namespace tacit
