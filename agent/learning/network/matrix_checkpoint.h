#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <vector>

#include "common/base/checkpoint.h"

namespace tacit {

/// The entries of a matrix or vector, by column. Its size is not saved: the restoring object knows
/// it.
template <typename Scalar, int Rows, int Columns>
void save_entries(CheckpointWriter& writer, const Eigen::Matrix<Scalar, Rows, Columns>& matrix) {
  writer.values(std::vector<Scalar>(matrix.data(), matrix.data() + matrix.size()));
}

/// @throws InputError (run_folder) if the number of entries is not that of the matrix
template <typename Scalar, int Rows, int Columns>
void restore_entries(CheckpointReader& reader, Eigen::Matrix<Scalar, Rows, Columns>& matrix) {
  std::vector<Scalar> entries;
  reader.values(entries);
  if (entries.size() != static_cast<std::size_t>(matrix.size())) {
    throw InputError(ExitCode::run_folder, "checkpoint holds a matrix of another size");
  }
  std::copy(entries.begin(), entries.end(), matrix.data());
}

}  // namespace tacit
