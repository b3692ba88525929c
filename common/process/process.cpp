#include "common/process/process.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "common/base/digest.h"
#include "common/base/fingerprint.h"
#include "common/experiment/experiment.h"
#include "common/experiment/policy_store.h"
#include "common/process/arrivals.h"
#include "common/process/folder_place.h"
#include "common/process/key_files.h"
#include "common/process/meeting.h"
#include "common/process/node_loop.h"
#include "common/process/planned_faults.h"
#include "common/process/process_lock.h"
#include "common/process/process_memory.h"
#include "common/process/service_manager.h"
#include "common/process/signals.h"
#include "common/process/status.h"
#include "common/process/wait_report.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "common/results/metrics.h"
#include "common/results/records.h"
#include "common/round/node.h"
#include "common/transport/zmq.h"

namespace tacit {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAbsenceStep{100};
constexpr std::chrono::milliseconds kLookInterval{200};  // at files of other processes

void check_signals() {
  if (stop_signal() != 0) {
    throw InputError(static_cast<ExitCode>(128 + stop_signal()),
                     std::string("stopped by ") + strsignal(stop_signal()));
  }
}

std::uint64_t propose_run_id() {
  return hash_text(host_name() + "/" + std::to_string(getpid()) + "/" +
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

/// The process while it runs; members in the order in which they are created.
class Process {
 public:
  Process(Role role, Catalog catalog, const ProcessOptions& options)
      : options_(options),
        experiment_(Experiment::load(options.experiment, options.overrides, catalog)),
        self_(role == Role::agent ? process_id(options.id) : process_id(experiment_.agent_count())),
        folder_(std::filesystem::path(options.out) /
                process_folder(self_, experiment_.agent_count())),
        wait_report_(folder_),
        status_(options.status_descriptor, self_) {
    if (role == Role::agent && options.id >= experiment_.agent_count()) {
      throw InputError(ExitCode::usage, "--id " + std::to_string(options.id) + ": " +
                                            options.experiment + " has agents 0 to " +
                                            std::to_string(experiment_.agent_count() - 1));
    }
    for (const std::string& note : experiment_.notes()) spdlog::info("{}", note);
    if (!options.keys.empty()) keys_ = read_keys(options.keys, self_, experiment_.agent_count());
  }

  void run() {
    const ProcessLock lock(folder_ / "lock", kTaken);
    NodeConfig config = node_config();
    ProcessMemory memory(
        folder_, process_name(self_, config.agent_count) + ", " + computation(config.greeting),
        {folder_ / "metrics.csv"});
    if (is_folder(options_.rendezvous)) {
      place_.emplace(std::filesystem::path(options_.rendezvous) / "rendezvous", self_,
                     config.greeting, propose_run_id());
      last_ = memory.load(place_->rendezvous().run());
      is_over_ = last_ && round_of(last_->node) > config.round_count;
    }
    config.greeting.incarnation = memory.next_incarnation();
    service_manager_.ready();
    if (!is_coordinator() || experiment_.system().has_coordinator()) {
      faults_.emplace(experiment_.faults(), self_, folder_);
      if (faults_->absence().count() > 0) status_.here();  // its supervisor need not wait for it
      stay_away(faults_->absence());
      machine_ = faults_->around(experiment_.make_machine(self_, find_policies()));
    }
    std::vector<ProcessId> peers;
    if (machine_) peers = peers_of(*machine_, experiment_.system().round_count());

    ZmqTransport transport(
        socket_options(is_coordinator() ? experiment_.agent_count() : peers.size() + 1));
    config.greeting.endpoint = transport.endpoint();
    if (place_) arrivals_.emplace(place_->rendezvous(), config.start_deadline);
    status_.here();
    const Meeting meeting = meet(config, peers, transport);
    config.run = meeting.run;
    config.ended = meeting.ended;
    if (machine_) {
      if (!place_) last_ = memory.load(meeting.run);
      run_node(config, meeting, transport, memory);
    } else {
      status_.started();
      if (host_) host_->serve();
    }
    for (const auto& [reason, count] : transport.refused()) {
      spdlog::warn("refused {} connections: {}", count, reason);
    }
    if (place_) place_->rendezvous().mark_ended(self_);
    status_.done();
    service_manager_.stopping();
  }

 private:
  bool is_coordinator() const { return index_of(self_) == experiment_.agent_count(); }

  ZmqOptions socket_options(std::size_t peer_count) const {
    ZmqOptions sockets;
    sockets.bind = options_.bind;
    sockets.advertise = options_.advertise;
    sockets.peer_count = peer_count;
    sockets.process_count = experiment_.process_count();
    sockets.longest_packet_bytes = kLongestPacketBytes;
    sockets.keys = keys_;
    sockets.insecure = options_.insecure;
    sockets.notice = [](const std::string& text) { spdlog::warn("{}", text); };
    return sockets;
  }

  void show_life(std::string_view stage, Round round, Clock::time_point now,
                 const WaitReport::Names& whom) {
    wait_report_.at(stage, round, now, whom);
    service_manager_.alive(stage, round, now);
  }

  /// Waits after a planned kill, so that the peers miss this process.
  void stay_away(std::chrono::milliseconds absence) {
    const auto back_at = Clock::now() + absence;
    for (auto now = Clock::now(); now < back_at; now = Clock::now()) {
      check_signals();
      service_manager_.alive("away", 0, now);
      std::this_thread::sleep_for(std::min<Clock::duration>(back_at - now, kAbsenceStep));
    }
  }

  /// The policy that this process's machine needs, if it needs one.
  Policies find_policies() {
    const auto key = is_coordinator() ? std::nullopt : experiment_.system().policy_key(self_);
    if (!key) return {};
    const auto tasks = experiment_.system().training_tasks();
    const TrainingTask& task = task_with_key(tasks, *key);
    const Artifact artifact = options_.policies.empty() ? fetch_artifact(task)
                                                        : PolicyStore(options_.policies).load(task);
    return policies_of({&artifact, 1});
  }

  /// Fetches the policy from the coordinator, over a transport of its own: the number of sockets of
  /// the run is known only once the machine exists, and the machine needs the policy.
  Artifact fetch_artifact(const TrainingTask& task) {
    ZmqTransport transport(socket_options(1));
    NodeConfig config = node_config();
    config.greeting.endpoint = transport.endpoint();
    const auto bytes = fetch_policy(attendee(config, {}), options_.rendezvous, transport);
    const std::string origin = "the policy from " + options_.rendezvous;
    spdlog::info("got {} ({} bytes)", origin, bytes.size());
    Artifact artifact = decode_artifact(bytes, origin);
    if (artifact.key != task.key) {
      throw InputError(ExitCode::mismatch, origin + " is " + to_hex(artifact.key) +
                                               ", but this agent needs " + to_hex(task.key) +
                                               ": use the same release on every machine");
    }
    return artifact;
  }

  NodeConfig node_config() const {
    NodeConfig config;
    config.self = self_;
    config.greeting.config_hash = experiment_.config_hash();
    config.greeting.numeric_fingerprint = numeric_fingerprint();
    config.round_count = experiment_.system().round_count();
    config.agent_count = experiment_.agent_count();
    config.agent_names = experiment_.agent_names();
    config.start_deadline = experiment_.time().start_deadline;
    config.gone_deadline = experiment_.time().gone_deadline;
    config.silent_deadline = experiment_.time().silent_deadline;
    config.checkpoint_rounds = experiment_.time().checkpoint_rounds;
    config.on_overdue = experiment_.time().on_overdue;
    config.pace = experiment_.time().pace;
    return config;
  }

  Attendee attendee(const NodeConfig& config, const std::vector<ProcessId>& peers) {
    return {{config.self, config.greeting},
            peers,
            config.agent_count,
            config.agent_names,
            is_over_,
            config.start_deadline,
            [](const std::string& text) { spdlog::info("{}", text); },
            check_signals,
            [this](const std::function<std::string()>& names) {
              show_life("meeting", 0, Clock::now(), [&] { return std::vector{names()}; });
            }};
  }

  Meeting meet(const NodeConfig& config, const std::vector<ProcessId>& peers,
               Transport& transport) {
    if (place_) {
      spdlog::info("receiving at {}, meeting in {}", transport.endpoint(), options_.rendezvous);
      return meet_in_folder(attendee(config, peers), place_->rendezvous(), transport);
    }
    if (!options_.rendezvous.empty()) {
      spdlog::info("receiving at {}, registering at {}", transport.endpoint(), options_.rendezvous);
      return meet_at_endpoint(attendee(config, peers), options_.rendezvous, transport);
    }
    host_.emplace(attendee(config, peers), propose_run_id(), read_policies(), transport);
    spdlog::info("agents meet here: --rendezvous {}", transport.endpoint());
    return host_->meet();
  }

  /// All policies that agents will request from the coordinator.
  PolicyOf read_policies() const {
    std::map<std::uint64_t, std::vector<std::byte>> artifacts;
    for (const TrainingTask& task : experiment_.system().training_tasks()) {
      auto& bytes = artifacts[task.key];
      bytes = encode_artifact(PolicyStore(options_.policies).load(task));
      if (bytes.size() > kLongestPolicyBytes) {
        throw InputError(ExitCode::bad_data,
                         task.name +
                             " is too long to be sent: meet in a folder that all machines "
                             "share, and put the policies there");
      }
    }
    return [this, artifacts = std::move(artifacts)](ProcessId agent) {
      const auto key = experiment_.system().policy_key(agent);
      return key ? std::span<const std::byte>(artifacts.at(*key)) : std::span<const std::byte>();
    };
  }

  /// Tells the node which peers have left: a peer that has ended its run leaves a mark, and may be
  /// gone before its DONE arrives.
  void notice_who_left(Node& node, TimePoint now) {
    if (!place_ || node.state() != Node::State::leaving || now - looked_ < kLookInterval) return;
    looked_ = now;
    for (const ProcessId peer : node.waiting_for()) {
      if (place_->rendezvous().has_ended(peer)) node.has_left(peer);
    }
  }

  void look_around(Node& node, TimePoint now) {
    check_signals();
    show_life(name_of(node.state()), node.round(), now, [&] { return whom_awaits(node); });
    if (node.state() == Node::State::greeting && arrivals_ && arrivals_->more_have_come(now)) {
      node.others_came(now);
    }
    notice_who_left(node, now);
  }

  std::vector<std::string> whom_awaits(const Node& node) const {
    std::vector<std::string> names;
    for (const ProcessId peer : node.waiting_for()) {
      names.push_back(process_name(peer, experiment_.agent_count(), experiment_.agent_names()));
    }
    return names;
  }

  void run_node(const NodeConfig& config, const Meeting& meeting, Transport& sockets,
                ProcessMemory& memory) {
    const PacketFaults packet_faults = experiment_.faults().packet_faults_of(self_);
    FaultyTransport faulty(sockets, packet_faults, experiment_.seed() + config.greeting.incarnation,
                           self_);
    Transport& transport = packet_faults.any() ? faulty : sockets;
    MetricsWriter metrics = MetricsWriter::held(folder_ / "metrics.csv");
    std::vector<std::byte> checkpoint;
    if (last_) {
      metrics.go_on_after(last_->metrics[0].size);
      checkpoint = std::move(last_->node);
    } else {
      std::error_code ignored;
      std::filesystem::remove(folder_ / "result.json", ignored);  // of an earlier run
    }
    NodeEvents events{
        [&](ProcessId, Round round, std::span<const Sample> row) { metrics.append(round, row); },
        [](const std::string& notice) { spdlog::warn("{}", notice); }};
    if (host_) events.registration = [&](const WirePacket& packet) { host_->answer(packet); };
    events.checkpoint = [&](std::span<const std::byte> state) {
      const ProcessMemory::Checkpoint now{{metrics.flush_durably()}, {state.begin(), state.end()}};
      if (faults_->expects(FaultPhase::checkpoint, round_of(state))) {
        memory.tear(now);
        faults_->happen(FaultPhase::checkpoint, round_of(state));
      }
      memory.save(now);
    };
    Node node(config, *machine_, experiment_.links(), transport, events, checkpoint);
    if (!checkpoint.empty()) {
      spdlog::info("goes on from round {}, incarnation {}", node.round(),
                   config.greeting.incarnation);
    }
    for (const auto& early : meeting.early) node.on_packet({early.bytes, early.sender});
    const auto save = [&] {
      faults_->happen(FaultPhase::end);
      write_messages(folder_ / "messages.csv", message_rows(self_, node));
      write_process_result(folder_ / "result.json",
                           {self_, config.greeting.config_hash, node.digest(), config.round_count,
                            node.reproducible(), machine_->result()});
      make_all_durable(folder_);
    };
    bool started = false;
    drive(node, transport, save, [&](TimePoint now) {
      look_around(node, now);
      if (node.state() == Node::State::greeting) return faults_->happen(FaultPhase::handshake);
      if (!std::exchange(started, true)) status_.started();
      status_.round(node.round(), now);
    });
    write_messages(folder_ / "messages.csv", message_rows(self_, node));  // with the last DONE
    faults_->note_packets(faulty, node.round());
    for (const auto& [reason, count] : node.refused()) {
      spdlog::warn("refused {} packets: {}", count, reason);
    }
    if (node.missed() > 0) spdlog::warn("{} frames were not there in time", node.missed());
  }

  ProcessOptions options_;
  Experiment experiment_;
  ProcessId self_;
  std::filesystem::path folder_;
  WaitReport wait_report_;
  Status status_;
  ServiceManager service_manager_ = ServiceManager::of_environment();
  std::optional<Keyring> keys_;
  std::optional<PlannedFaults> faults_;  ///< of the machine
  std::unique_ptr<Machine> machine_;
  std::optional<FolderPlace> place_;
  std::optional<ProcessMemory::Checkpoint> last_;  ///< of the last incarnation, for the node
  bool is_over_ = false;              ///< the last round was over when the last incarnation ended
  std::optional<Arrivals> arrivals_;  ///< in the rendezvous folder
  TimePoint looked_{};                ///< last look for marks of peers that have left
  std::optional<Host> host_;
};

}  // namespace

void run_process(Role role, Catalog catalog, const ProcessOptions& options) {
  Process(role, catalog, options).run();
}

}  // namespace tacit
