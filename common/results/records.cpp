#include "common/results/records.h"

#include <system_error>

#include "common/base/digest.h"
#include "common/results/files.h"
#include "common/results/json_fields.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

std::uint64_t hash_in(const Json& json) {
  const auto& text = json.get_ref<const std::string&>();
  if (const auto value = from_hex(text)) return *value;
  throw nlohmann::json::other_error::create(501, "'" + text + "' is not hexadecimal", &json);
}

Json scalar_or_list(const std::vector<double>& values) {
  return values.size() == 1 ? Json(values.front()) : Json(values);
}

std::vector<double> numbers_of(const Json& json) {
  if (!json.is_array()) return {number_of(json)};
  std::vector<double> values;
  values.reserve(json.size());
  for (const Json& element : json) values.push_back(number_of(element));
  return values;
}

std::optional<double> number_if_there(const Json& json, const char* key) {
  return json.contains(key) ? std::optional(number_of(json.at(key))) : std::nullopt;
}

Json constraints_json(const std::vector<Constraint>& constraints) {
  Json list = Json::array();
  for (const Constraint& one : constraints) {
    list.push_back(
        {{"name", one.name}, {"value", one.value}, {"limit", one.limit}, {"met", one.met()}});
  }
  return list;
}

Json bounds_json(const std::vector<Bound>& bounds) {
  Json list = Json::array();
  for (const Bound& one : bounds) {
    list.push_back({{"name", one.name},
                    {"measured", one.measured},
                    {"bound", one.bound},
                    {"held", one.held()}});
  }
  return list;
}

Summary outcome_of(const Json& json) {
  Summary summary;
  for (const Json& one : json.at("constraints")) {
    summary.constraints.push_back({one.at("name").get<std::string>(), number_of(one.at("value")),
                                   number_of(one.at("limit"))});
  }
  for (const Json& one : json.at("bounds")) {
    summary.bounds.push_back({one.at("name").get<std::string>(), number_of(one.at("measured")),
                              number_of(one.at("bound"))});
  }
  for (const auto& [name, values] : json.at("metrics").items()) {
    summary.metrics[name] = numbers_of(values);
  }
  return summary;
}

/// The checksum of a result.json, computed without its checksum field: a file that was damaged, or
/// changed by hand, is refused.
std::string checksum_of(const Json& json) { return to_hex(hash_text(json.dump())); }

}  // namespace

std::uint64_t hash_of_metrics(const fs::path& process_folder) {
  std::error_code error;
  const fs::path file = process_folder / "metrics.csv";
  return hash_text(fs::exists(file, error) ? read_text(file) : "");
}

void write_process_result(const fs::path& file, const ProcessResult& result) {
  Json values = Json::object();
  for (const auto& [name, numbers] : result.result) {
    Json list = Json::array();
    for (const double number : numbers) list.push_back(exact_number(number));
    values[name] = std::move(list);
  }
  Json json = {{"id", index_of(result.process)},
               {"config_hash", to_hex(result.config_hash)},
               {"digest", to_hex(result.digest)},
               {"rounds", result.rounds},
               {"reproducible", result.reproducible},
               {"result", values},
               {"metrics_hash", to_hex(hash_of_metrics(file.parent_path()))}};
  json["checksum"] = checksum_of(json);
  write_atomically(file, json_text(json));
}

ProcessResult read_process_result(const fs::path& file) {
  return read_fields(file, [](const Json& json) {
    ProcessResult result;
    result.process = process_id(json.at("id").get<std::uint32_t>());
    result.config_hash = hash_in(json.at("config_hash"));
    result.digest = hash_in(json.at("digest"));
    result.rounds = json.at("rounds").get<Round>();
    result.reproducible = json.at("reproducible").get<bool>();
    result.metrics_hash = hash_in(json.at("metrics_hash"));
    for (const auto& [name, values] : json.at("result").items()) {
      result.result[name] = numbers_of(values);
    }
    Json rest = json;
    rest.erase("checksum");
    if (json.at("checksum") != checksum_of(rest)) {
      throw nlohmann::json::other_error::create(501, "its checksum is of other content", &json);
    }
    return result;
  });
}

void write_run_facts(const fs::path& run, const RunFacts& facts) {
  Json json = {{"name", facts.name},
               {"system", facts.system},
               {"argv", facts.argv},
               {"versions", facts.versions},
               {"seed", facts.seed},
               {"agents", facts.agent_count},
               {"agent_names", *facts.agent_names},
               {"config_hash", facts.config_hash},
               {"derived", facts.derived},
               {"hosts", facts.hosts},
               {"started", facts.started_utc},
               {"wall_seconds", facts.wall_seconds.value_or(0)},
               {"digests", facts.digests},
               {"exit_code", nullptr}};
  if (facts.exit_code) json["exit_code"] = *facts.exit_code;
  if (facts.started_utc.empty()) json.erase("started");
  if (!facts.wall_seconds) json.erase("wall_seconds");
  write_durably(run / "run.json", json_text(json));
}

RunFacts read_run_facts(const fs::path& run) {
  return read_fields(run / "run.json", [](const Json& json) {
    RunFacts facts;
    json.at("name").get_to(facts.name);
    json.at("system").get_to(facts.system);
    json.at("argv").get_to(facts.argv);
    json.at("versions").get_to(facts.versions);
    json.at("seed").get_to(facts.seed);
    json.at("agents").get_to(facts.agent_count);
    facts.agent_names = std::make_shared<const std::vector<std::string>>(
        json.value("agent_names", std::vector<std::string>()));
    json.at("config_hash").get_to(facts.config_hash);
    json.at("derived").get_to(facts.derived);
    json.at("hosts").get_to(facts.hosts);
    facts.started_utc = json.value("started", "");
    facts.wall_seconds = number_if_there(json, "wall_seconds");
    json.at("digests").get_to(facts.digests);
    if (!json.at("exit_code").is_null()) facts.exit_code = json.at("exit_code").get<int>();
    return facts;
  });
}

std::string summary_json(const RunSummary& run) {
  Json metrics = Json::object();
  for (const auto& [name, values] : run.summary.metrics) {
    metrics[name] = scalar_or_list(values);
  }
  Json json = {{"system", run.system},
               {"seed", run.seed},
               {"agents", run.agent_count},
               {"rounds", run.rounds},
               {"digest", to_hex(run.digest)},
               {"wall_seconds", run.wall_seconds.value_or(0)},
               {"constraints", constraints_json(run.summary.constraints)},
               {"bounds", bounds_json(run.summary.bounds)},
               {"metrics", metrics},
               {"messages",
                {{"count", run.messages.count},
                 {"payload_bits", run.messages.payload_bits},
                 {"frame_bytes", run.messages.frame_bytes},
                 {"emulation_bytes", run.messages.emulation_bytes}}},
               {"reproducible", run.reproducible}};
  if (!run.wall_seconds) json.erase("wall_seconds");
  return json_text(json);
}

void write_summary(const fs::path& run, const RunSummary& summary) {
  write_atomically(run / "summary.json", summary_json(summary));
}

RunSummary read_summary(const fs::path& run) {
  return read_fields(run / "summary.json", [](const Json& json) {
    RunSummary summary;
    json.at("system").get_to(summary.system);
    json.at("seed").get_to(summary.seed);
    json.at("agents").get_to(summary.agent_count);
    json.at("rounds").get_to(summary.rounds);
    summary.digest = hash_in(json.at("digest"));
    summary.wall_seconds = number_if_there(json, "wall_seconds");
    summary.summary = outcome_of(json);
    const Json& messages = json.at("messages");
    messages.at("count").get_to(summary.messages.count);
    messages.at("payload_bits").get_to(summary.messages.payload_bits);
    messages.at("frame_bytes").get_to(summary.messages.frame_bytes);
    messages.at("emulation_bytes").get_to(summary.messages.emulation_bytes);
    json.at("reproducible").get_to(summary.reproducible);
    return summary;
  });
}

}  // namespace tacit
