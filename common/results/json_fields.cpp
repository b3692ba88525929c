#include "common/results/json_fields.h"

#include <cmath>

#include "common/base/error.h"
#include "common/results/files.h"

namespace tacit {

Json read_json(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    fail_json(file, error.what());
  }
}

std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json exact_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

double number_of(const Json& json) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (json.is_null() || json == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (json == "inf") return kInfinity;
  if (json == "-inf") return -kInfinity;
  if (!json.is_number()) {
    throw nlohmann::json::other_error::create(501, "a number is needed", &json);
  }
  return json.get<double>();
}

void fail_json(const std::filesystem::path& file, const std::string& what) {
  throw InputError(ExitCode::bad_data, file.string() + ": is not what a run writes (" + what +
                                           "); run the experiment again, or restore the file");
}

}  // namespace tacit
