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

/// State that one process of one run keeps in its folder for its next incarnation: the number of
/// its starts, in two copies, and its last two checkpoints, in two files that are overwritten in
/// turn, in place. A checkpoint has a checksum and is on the disk before the next one is begun. If
/// one is damaged, or metrics.csv no longer begins as it did then, that is logged and the other one
/// is used. Every file names its owner.
class ProcessMemory {
 public:
  struct Checkpoint {
    std::vector<MetricsMark> metrics;  ///< of each metrics.csv as on the disk at that moment
    std::vector<std::byte> node;       ///< NodeEvents::checkpoint
  };

  /// Reads the files and writes nothing.
  /// @param folder  of the process; exists
  /// @param owner   the process and its computation, in words that are the same in every
  ///                incarnation
  /// @param metrics  the files that continue with each checkpoint
  /// @throws InputError (mismatch) if a file here has another owner; names both owners
  ProcessMemory(std::filesystem::path folder, std::string owner,
                std::vector<std::filesystem::path> metrics);

  /// Counts this start in the folder.
  /// @return how often the process of this folder was started before
  /// @throws InputError (run_folder)
  std::uint32_t next_incarnation();

  /// @throws InputError (run_folder), and the checkpoint before is unchanged
  void save(const Checkpoint& checkpoint);

  /// Leaves the file as a process that dies in the middle of save() could leave it at worst.
  void tear(const Checkpoint& checkpoint);

  /// Loads the newest checkpoint that is whole and fits the metrics, and flushes it to the disk;
  /// the next save keeps it and replaces the other one. If there is none, checkpoints of another
  /// run are removed.
  /// @param run  the run of all checkpoints from now on; one of another run is ignored
  /// @throws InputError (run_folder) if both are damaged or do not fit the metrics; names the files
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
