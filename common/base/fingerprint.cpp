#include "common/base/fingerprint.h"

#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/tanh.h"

namespace tacit {
namespace {

using Values = std::vector<double>;

void add(Values& values, const Eigen::MatrixXf& matrix) {
  for (const float value : matrix.reshaped()) values.push_back(static_cast<double>(value));
}

/// Entries in [0, 14.3], none a multiple of another.
Eigen::MatrixXf matrix(Eigen::Index rows, Eigen::Index columns) {
  return Eigen::MatrixXf::NullaryExpr(rows, columns, [](Eigen::Index row, Eigen::Index column) {
    return static_cast<float>((row * 31 + column * 17) % 101) / 7.0F;
  });
}

void add_functions(Values& values) {
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
}

void add_packets(Values& values) {
  const Eigen::MatrixXf x = matrix(8, 37).array() + 0.1F;
  add(values, x.array().sqrt());
  add(values, x.array().exp());
  add(values, x.array().log());
  add(values, x.unaryExpr(Tanh<float>()));
}

void add_products(Values& values) {
  const Eigen::VectorXf weights = Eigen::VectorXf::NullaryExpr(
      1280, [](Eigen::Index row) { return 1.0F / static_cast<float>(row + 3); });
  add(values, matrix(64, 1280) * weights);
  add(values, matrix(33, 19) * matrix(19, 5));
}

}  // namespace

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
  Values values;
  add_functions(values);
  add_packets(values);
  add_products(values);
  return hash_bytes(std::as_bytes(std::span(values)));
}

}  // namespace tacit
