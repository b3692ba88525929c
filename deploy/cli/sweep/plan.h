#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tacit {

/// A key of the experiment that a sweep varies, and its values.
struct SweptKey {
  std::string name;                 ///< as the user typed them
  std::vector<std::string> values;  ///< as typed
  bool operator==(const SweptKey&) const = default;
};

/// @param text  "KEY=V1,V2,...", where lo..hi stands for all integers from lo to hi
/// @throws InputError (usage) with the remedy
SweptKey parse_swept_key(const std::string& text);

/// The cells of a sweep: a point for every combination of values, the last key varying fastest, and
/// at each point a cell for every seed.
class SweepPlan {
 public:
  /// @throws InputError (usage) for a key that occurs twice, run.seed, or too many cells
  SweepPlan(std::vector<SweptKey> keys, std::uint64_t first_seed, std::size_t seed_count);

  const std::vector<SweptKey>& keys() const { return keys_; }
  std::size_t seed_count() const { return seed_count_; }
  std::size_t point_count() const { return point_count_; }
  std::size_t cell_count() const { return point_count_ * seed_count_; }

  /// [keys] the values at a point.
  std::vector<std::string> values_at(std::size_t point) const;
  std::uint64_t seed_of(std::size_t cell) const { return first_seed_ + cell % seed_count_; }
  std::size_t point_of(std::size_t cell) const { return cell / seed_count_; }

  /// "table.key=value" for the swept keys and run.seed.
  std::vector<std::string> overrides_of(std::size_t cell) const;

 private:
  std::vector<SweptKey> keys_;
  std::uint64_t first_seed_;
  std::size_t seed_count_;
  std::size_t point_count_ = 1;
};

}  // namespace tacit
