#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/results/files.h"
#include "common/results/metrics.h"

namespace tacit {

/// What one process of one run keeps in its folder for its next incarnation: how often it has been
/// started, twice, and the last two checkpoints, in two files that take turns and are overwritten
/// in place. Each is on the disk before the next is begun, and checksummed; if one is damaged, or
/// a metrics.csv no longer begins as it did then, that is logged, and the other one used. All say
/// whose they are.
class ProcessMemory {
 public:
  struct Checkpoint {
    std::vector<MetricsMark> metrics;  ///< of each metrics.csv, on the disk at that moment
    std::vector<std::byte> node;       ///< NodeEvents::checkpoint
  };

  /// Only reads.
  /// @param folder  of the process; exists
  /// @param owner   the process and what it computes, in words that are the same in every life
  /// @param metrics  the files that go on with each checkpoint
  /// @throws InputError (mismatch) if anything here is another's; names both
  ProcessMemory(std::filesystem::path folder, std::string owner,
                std::vector<std::filesystem::path> metrics);

  /// How often the process of this folder has been started before: the folder counts.
  /// @throws InputError (run_folder)
  std::uint32_t next_incarnation();

  /// @throws InputError (run_folder); the one before is then as before
  void save(const Checkpoint& checkpoint);

  /// Leaves what a process that dies in the middle of save() could leave at worst.
  void tear(const Checkpoint& checkpoint);

  /// The newest checkpoint that is whole and fits the metrics, and then surely on the disk; the
  /// next save keeps it and replaces the other. Without one, what another run left here is removed.
  /// @param run  of which the checkpoints are from now on; one of another run is as good as nothing
  /// @throws InputError (run_folder) if both are there and neither can be used; names the files
  std::optional<Checkpoint> load(std::uint64_t run);

 private:
  struct Numbered {
    std::uint64_t number;
    Checkpoint checkpoint;
  };
  std::optional<Numbered> read(const std::filesystem::path& path) const;
  void check_metrics(const Checkpoint& checkpoint) const;
  std::vector<std::byte> encode(const Checkpoint& checkpoint) const;
  std::filesystem::path path_of(std::uint64_t number) const;

  std::filesystem::path folder_;
  std::string owner_;
  std::vector<std::filesystem::path> metrics_;
  std::uint64_t run_ = 0;
  std::array<HeldFile, 2> files_;  ///< by the parity of the number
  std::uint64_t number_ = 0;       ///< of the last checkpoint, 1, 2, ...
};

}  // namespace tacit
