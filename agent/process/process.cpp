#include "agent/process/process.h"

#include <fcntl.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <cstring>

#include "agent/experiment.h"
#include "agent/process/meeting.h"
#include "agent/process/node_loop.h"
#include "agent/process/signals.h"
#include "agent/process/status.h"
#include "common/base/digest.h"
#include "common/base/fingerprint.h"
#include "common/round/node.h"
#include "common/run_folder/layout.h"
#include "common/run_folder/metrics.h"
#include "common/run_folder/records.h"
#include "common/transport/zmq.h"

namespace tacit {
namespace {

using Clock = std::chrono::steady_clock;

void check_signals() {
  if (stop_signal() != 0) {
    throw InputError(static_cast<ExitCode>(128 + stop_signal()),
                     std::string("stopped by ") + strsignal(stop_signal()));
  }
}

/// Holds the lock of a process folder for life, so that nobody else plays the same process there.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const auto path = folder / "lock";
    descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
      throw InputError(ExitCode::run_folder, "cannot write " + path.string() + ": " +
                                                 std::strerror(errno) +
                                                 "; choose another folder with --out");
    }
    if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    close(descriptor_);
    throw InputError(ExitCode::mismatch, "another process already plays this one in " +
                                             folder.string() + ": every process has its own --id");
  }
  ~FolderLock() { close(descriptor_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

bool is_folder(const std::string& rendezvous) {
  return !rendezvous.empty() && rendezvous.find("://") == std::string::npos;
}

std::uint64_t propose_run_id(const Greeting& greeting) {
  return hash_text(greeting.endpoint + "/" + std::to_string(getpid()) + "/" +
                   std::to_string(std::chrono::system_clock::now().time_since_epoch().count()));
}

std::vector<MessageRow> message_rows(ProcessId self, const Node& node) {
  std::vector<MessageRow> rows;
  for (const auto& [to, traffic] : node.traffic()) {
    rows.push_back({self, to, MessageKind::data, traffic.data});
    rows.push_back({self, to, MessageKind::control, traffic.control});
  }
  return rows;
}

/// The process while it runs; members in the order in which they come to life.
class Process {
 public:
  Process(Role role, const ProcessOptions& options)
      : options_(options),
        experiment_(Experiment::load(options.experiment, options.overrides)),
        self_(role == Role::agent ? process_id(options.id) : process_id(experiment_.agent_count())),
        folder_(std::filesystem::path(options.out) /
                process_folder(self_, experiment_.agent_count())),
        status_(options.status_descriptor, self_) {
    if (role == Role::agent && options.id >= experiment_.agent_count()) {
      throw InputError(ExitCode::usage, "--id " + std::to_string(options.id) + ": " +
                                            options.experiment + " has agents 0 to " +
                                            std::to_string(experiment_.agent_count() - 1));
    }
  }

  void run() {
    const FolderLock lock(folder_);
    const bool hosts = index_of(self_) == experiment_.agent_count();
    const bool has_machine = !hosts || experiment_.system().has_coordinator();
    if (has_machine) machine_ = experiment_.make_machine(self_);
    const Round rounds = experiment_.system().round_count();
    std::vector<ProcessId> peers;
    if (machine_) peers = peers_of(*machine_, rounds);

    ZmqOptions sockets;
    sockets.bind = options_.bind;
    sockets.advertise = options_.advertise;
    sockets.peer_count = hosts ? experiment_.agent_count() : peers.size() + 1;
    sockets.longest_packet_bytes = kLongestPacketBytes;
    ZmqTransport transport(sockets);

    NodeConfig config;
    config.self = self_;
    config.greeting.config_hash = experiment_.config_hash();
    config.greeting.numeric_fingerprint = numeric_fingerprint();
    config.greeting.endpoint = transport.endpoint();
    config.round_count = rounds;
    config.agent_count = experiment_.agent_count();
    config.start_deadline = experiment_.time().start_deadline;
    config.gone_deadline = experiment_.time().gone_deadline;
    config.silent_deadline = experiment_.time().silent_deadline;
    const Meeting meeting = meet(config, peers, transport);
    config.run = meeting.run;
    status_.started();
    if (machine_) run_node(config, meeting, transport);
    if (folder_rendezvous_) folder_rendezvous_->withdraw(self_);
    status_.done();
  }

 private:
  Meeting meet(const NodeConfig& config, const std::vector<ProcessId>& peers,
               Transport& transport) {
    const Attendee attendee{{self_, config.greeting},
                            peers,
                            config.agent_count,
                            config.start_deadline,
                            [](const std::string& text) { spdlog::info(text); },
                            check_signals};
    if (is_folder(options_.rendezvous)) {
      folder_rendezvous_.emplace(std::filesystem::path(options_.rendezvous) / "rendezvous",
                                 propose_run_id(config.greeting));
      spdlog::info("receiving at {}, meeting in {}", transport.endpoint(), options_.rendezvous);
      return meet_in_folder(attendee, *folder_rendezvous_, transport);
    }
    if (!options_.rendezvous.empty()) {
      spdlog::info("receiving at {}, registering at {}", transport.endpoint(), options_.rendezvous);
      return meet_at_endpoint(attendee, options_.rendezvous, transport);
    }
    spdlog::info("agents meet here: --rendezvous {}", transport.endpoint());
    registry_.emplace(propose_run_id(config.greeting), config.greeting, config.agent_count);
    host_meeting(attendee, *registry_, transport);
    return {registry_->run(), {}};
  }

  void run_node(const NodeConfig& config, const Meeting& meeting, Transport& transport) {
    MetricsWriter metrics(folder_ / "metrics.csv");
    NodeEvents events{
        [&](ProcessId, Round round, std::span<const Sample> row) { metrics.append(round, row); },
        [](const std::string& notice) { spdlog::warn(notice); }};
    if (registry_) {
      events.registration = [&](const WirePacket& packet) {
        answer_registration(packet, *registry_, transport,
                            [](const std::string& text) { spdlog::warn(text); });
      };
    }
    Node node(config, *machine_, experiment_.links(), transport, events);
    for (const auto& bytes : meeting.early) node.on_packet(bytes, Clock::now());
    const auto save = [&] {
      metrics.flush();
      write_process_result(folder_ / "result.json", {self_, digest(*machine_), config.round_count,
                                                     true, machine_->result()});
    };
    drive(node, transport, save, [&](TimePoint now) {
      check_signals();
      status_.round(node.round(), now);
    });
    write_messages(folder_ / "messages.csv", message_rows(self_, node));
    for (const auto& [reason, count] : node.refused()) {
      spdlog::warn("refused {} packets: {}", count, reason);
    }
  }

  ProcessOptions options_;
  Experiment experiment_;
  ProcessId self_;
  std::filesystem::path folder_;
  Status status_;
  std::unique_ptr<Machine> machine_;
  std::optional<FolderRendezvous> folder_rendezvous_;
  std::optional<Registry> registry_;
};

}  // namespace

int run_process(Role role, const ProcessOptions& options) {
  if (!prepare_signals(options.supervisor)) return static_cast<int>(ExitCode::terminated);
  const std::string name =
      role == Role::agent ? "agent " + std::to_string(options.id) : "coordinator";
  spdlog::set_default_logger(spdlog::stderr_logger_st(name));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %n %l: %v");
  try {
    fix_arithmetic();
    Process(role, options).run();
    return 0;
  } catch (const InputError& error) {
    spdlog::error(error.what());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    spdlog::error("internal error: {}", error.what());
    return static_cast<int>(ExitCode::internal);
  }
}

}  // namespace tacit
