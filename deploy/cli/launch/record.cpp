#include "deploy/cli/launch/record.h"

#include <sys/random.h>

#include <algorithm>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/results/files.h"
#include "common/results/json_fields.h"

namespace tacit {
namespace {

constexpr const char* kFile = "launch.json";

void write(const std::filesystem::path& folder, const Json& json) {
  write_durably(folder / kFile, json_text(json));
}

SshHost host_from(const Json& json) {
  return {json.at("name").get<std::string>(), json.at("address").get<std::string>(),
          json.at("programs").get<std::string>(), json.at("slots").get<std::size_t>()};
}

std::uint64_t run_from(const std::filesystem::path& file, const std::string& text) {
  if (const auto run = from_hex(text)) return *run;
  fail_json(file, "'run' is not hexadecimal");
}

}  // namespace

void write_launch(const std::filesystem::path& folder, const SshLaunch& launch) {
  Json hosts = Json::array();
  for (const SshHost& host : launch.hosts) {
    hosts.push_back({{"name", host.name},
                     {"address", host.address},
                     {"programs", host.programs},
                     {"slots", host.slots}});
  }
  write(folder, {{"run", to_hex(launch.run)},
                 {"hosts", hosts},
                 {"host_of_process", launch.host_of},
                 {"ssh_config", launch.config},
                 {"port", launch.port},
                 {"insecure", launch.insecure}});
}

void write_launch(const std::filesystem::path& folder, const SlurmLaunch& launch) {
  write(folder, {{"sbatch", launch.options}, {"insecure", launch.insecure}, {"job", launch.job}});
}

void write_launch(const std::filesystem::path& folder, const KubernetesLaunch& launch) {
  write(folder, {{"name", launch.name},
                 {"image", launch.image},
                 {"claim", launch.claim},
                 {"insecure", launch.insecure}});
}

SshLaunch read_ssh_launch(const std::filesystem::path& folder, std::size_t process_count) {
  const auto file = folder / kFile;
  return read_fields(file, [&](const Json& json) {
    SshLaunch launch;
    launch.run = run_from(file, json.at("run").get<std::string>());
    for (const Json& host : json.at("hosts")) launch.hosts.push_back(host_from(host));
    json.at("host_of_process").get_to(launch.host_of);
    json.at("ssh_config").get_to(launch.config);
    json.at("port").get_to(launch.port);
    json.at("insecure").get_to(launch.insecure);
    const auto is_host = [&](std::size_t host) { return host < launch.hosts.size(); };
    if (launch.host_of.size() != process_count || !std::ranges::all_of(launch.host_of, is_host)) {
      fail_json(file, "'host_of_process' does not give each of the " +
                          std::to_string(process_count) + " processes one of the hosts");
    }
    return launch;
  });
}

SlurmLaunch read_slurm_launch(const std::filesystem::path& folder) {
  return read_fields(folder / kFile, [](const Json& json) {
    SlurmLaunch launch;
    json.at("sbatch").get_to(launch.options);
    json.at("insecure").get_to(launch.insecure);
    json.at("job").get_to(launch.job);
    return launch;
  });
}

KubernetesLaunch read_kubernetes_launch(const std::filesystem::path& folder) {
  return read_fields(folder / kFile, [](const Json& json) {
    KubernetesLaunch launch;
    json.at("name").get_to(launch.name);
    json.at("image").get_to(launch.image);
    json.at("claim").get_to(launch.claim);
    json.at("insecure").get_to(launch.insecure);
    return launch;
  });
}

std::uint64_t unused_name() {
  std::uint64_t name = 0;
  TACIT_CHECK(getrandom(&name, sizeof name, 0) == sizeof name, "up to 256 bytes come at once");
  return name;
}

}  // namespace tacit
