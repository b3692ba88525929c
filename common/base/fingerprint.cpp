#include "common/base/fingerprint.h"

#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "common/base/digest.h"
#include "common/base/error.h"

namespace tacit {

void fix_arithmetic() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
      !__builtin_cpu_supports("bmi2")) {
    throw InputError(ExitCode::mismatch,
                     "this processor lacks AVX2, FMA or BMI2 (x86-64-v3, since about 2013), which "
                     "the build needs: run on a newer one");
  }
  Eigen::setCpuCacheSizes(32 * 1024, 256 * 1024, 2 * 1024 * 1024);
}

std::uint64_t numeric_fingerprint() {
  std::vector<double> values;
  for (int point = 0; point < 64; ++point) {
    const double x = 0.37 + 0.61803398874989485 * point;
    values.push_back(std::exp(x / 7));
    values.push_back(std::log(x));
    values.push_back(std::tanh(x / 11 - 2));
    values.push_back(std::pow(x, 1.7));
    values.push_back(std::sin(x));
    values.push_back(std::cos(x));
    values.push_back(static_cast<double>(std::exp(static_cast<float>(x / 7))));
    values.push_back(static_cast<double>(std::log(static_cast<float>(x))));
  }
  Eigen::MatrixXf left(64, 1280);
  Eigen::VectorXf right(1280);
  for (int column = 0; column < 1280; ++column) {
    right[column] = 1.0F / static_cast<float>(column + 3);
    for (int row = 0; row < 64; ++row) {
      left(row, column) = static_cast<float>((row * 31 + column * 17) % 101) / 7.0F;
    }
  }
  const Eigen::VectorXf product = left * right;
  for (const float value : product) values.push_back(static_cast<double>(value));
  return hash_bytes(std::as_bytes(std::span(values)));
}

}  // namespace tacit
