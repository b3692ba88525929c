#include <Eigen/Eigenvalues>
#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>

#include "common/base/check.h"
#include "common/base/random.h"
#include "common/graph/weights.h"

namespace tacit {
namespace {

using Sparse = Eigen::SparseMatrix<double>;
using Vector = Eigen::VectorXd;

constexpr std::size_t kDenseNodesMost = 400;
constexpr Eigen::Index kStepsMost = 300;
constexpr double kResidualMost = 1e-10;  ///< relative to the largest eigenvalue of the operator
constexpr double kShift = 1e-8;

struct Symmetric {
  Sparse matrix;   ///< S, [N x N]
  Vector leading;  ///< [N] sqrt(pi), unit length: its eigenvector for 1
};

Symmetric symmetrise(const Graph& graph, const WeightRows& weights) {
  const std::size_t node_count = graph.node_count();
  std::vector<Eigen::Triplet<double>> entries;
  Vector pi = Vector::Zero(static_cast<Eigen::Index>(node_count));
  std::vector<ProcessId> queue{process_id(0)};
  pi[0] = 1;
  // Breadth first, so that detailed balance gives pi_j from a neighbour whose pi is known.
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const std::size_t node = index_of(queue[next]);
    const auto neighbours = graph.neighbours(queue[next]);
    const auto row = static_cast<int>(node);
    entries.emplace_back(row, row, weights[node].self);
    for (std::size_t k = 0; k < neighbours.size(); ++k) {
      const std::size_t other = index_of(neighbours[k]);
      const auto back = graph.neighbours(neighbours[k]);
      const auto position = std::lower_bound(back.begin(), back.end(), queue[next]) - back.begin();
      const double there = weights[node].neighbours[k];
      const double here = weights[other].neighbours[static_cast<std::size_t>(position)];
      const auto column = static_cast<int>(other);
      entries.emplace_back(row, column, std::sqrt(there * here));
      if (pi[column] == 0) {
        pi[column] = pi[row] * there / here;
        queue.push_back(neighbours[k]);
      }
    }
  }
  TACIT_CHECK(queue.size() == node_count, "the spectrum of a disconnected graph is asked for");
  const auto size = static_cast<Eigen::Index>(node_count);
  Symmetric result{Sparse(size, size), pi.cwiseSqrt().normalized()};
  result.matrix.setFromTriplets(entries.begin(), entries.end());
  return result;
}

struct Extremes {
  double least;
  double most;
  bool is_settled;  ///< else both lie inside the spectrum, perhaps away from its ends
};

/// The extreme eigenvalues of a symmetric operator on the space orthogonal to `leading`. Every new
/// direction is made orthogonal to all earlier ones twice, which keeps false copies of eigenvalues
/// out.
template <typename Operator>
Extremes lanczos(const Operator& apply, const Vector& leading, bool need_least) {
  const Eigen::Index size = leading.size();
  const Eigen::Index steps = std::min(kStepsMost, size - 1);
  Eigen::MatrixXd basis(size, steps + 1);
  basis.col(0) = leading;
  const auto purge = [&](Vector& direction, Eigen::Index count) {
    for (int pass = 0; pass < 2; ++pass) {
      const Vector along = basis.leftCols(count).transpose() * direction;
      direction -= basis.leftCols(count) * along;
    }
  };
  RandomStream stream(0, process_id(0), purpose("graph.spectrum"), 0);
  Vector direction(size);
  for (double& value : direction) value = to_unit(stream()) - 0.5;
  purge(direction, 1);
  direction.normalize();
  Vector diagonal(steps);
  Vector beside(steps);
  for (Eigen::Index step = 0; step < steps; ++step) {
    basis.col(step + 1) = direction;
    Vector image = apply(direction);
    diagonal[step] = direction.dot(image);
    purge(image, step + 2);
    beside[step] = image.norm();
    const bool is_whole = step + 1 == steps && steps == size - 1;
    const bool is_exhausted = beside[step] < 1e-14 || is_whole;
    if ((step + 1) % 20 == 0 || step + 1 == steps || is_exhausted) {
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> small;
      small.computeFromTridiagonal(diagonal.head(step + 1), beside.head(step));
      const Vector& values = small.eigenvalues();
      const double scale = std::max(std::abs(values[0]), std::abs(values[step]));
      const auto settled = [&](Eigen::Index which) {
        return std::abs(beside[step] * small.eigenvectors()(step, which)) < kResidualMost * scale;
      };
      const bool is_settled = is_exhausted || (settled(step) && (!need_least || settled(0)));
      if (is_settled || step + 1 == steps) return {values[0], values[step], is_settled};
    }
    direction = image / beside[step];
  }
  return {0, 0, true};  // no direction besides `leading`
}

/// at * I + sign * S
Sparse shifted(const Symmetric& symmetric, double at, double sign) {
  Sparse matrix(symmetric.matrix.rows(), symmetric.matrix.cols());
  matrix.setIdentity();
  matrix *= at;
  matrix += sign * symmetric.matrix;
  return matrix;
}

/// The largest eigenvalue of sign * S orthogonal to `leading`, by the inverse of its distance to
/// a point just above 1.
double largest_by_inverse(const Symmetric& symmetric, double sign) {
  const Eigen::SimplicialLDLT<Sparse> factors(shifted(symmetric, 1 + kShift, -sign));
  TACIT_CHECK(factors.info() == Eigen::Success, "a shifted weight matrix is positive definite");
  const auto solve = [&](const Vector& right) { return Vector(factors.solve(right)); };
  return 1 + kShift - 1 / lanczos(solve, symmetric.leading, false).most;
}

/// The second modulus where the eigenvalues at one end lie so close together that only their
/// inverse distances to 1 tell them apart.
double modulus_by_inverse(const Symmetric& symmetric) {
  const double most = largest_by_inverse(symmetric, 1);
  // The lower end matters only if it lies beyond -most, that is if most I + S has a negative
  // eigenvalue: as many as its factors have negative pivots (Sylvester's law of inertia).
  const Eigen::SimplicialLDLT<Sparse> factors(shifted(symmetric, most, 1));
  if (factors.info() == Eigen::Success && factors.vectorD().minCoeff() >= 0) return most;
  return std::max(most, largest_by_inverse(symmetric, -1));
}

}  // namespace

double second_eigenvalue_modulus(const Graph& graph, const WeightRows& weights) {
  TACIT_CHECK(weights.size() == graph.node_count(), "one row of weights per node");
  if (graph.node_count() <= 1) return 0;
  const Symmetric symmetric = symmetrise(graph, weights);
  if (graph.node_count() <= kDenseNodesMost) {
    const Eigen::MatrixXd dense =
        Eigen::MatrixXd(symmetric.matrix) - symmetric.leading * symmetric.leading.transpose();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(dense, Eigen::EigenvaluesOnly);
    return solver.eigenvalues().cwiseAbs().maxCoeff();
  }
  const auto apply = [&](const Vector& right) { return Vector(symmetric.matrix * right); };
  const Extremes extremes = lanczos(apply, symmetric.leading, true);
  if (!extremes.is_settled) return modulus_by_inverse(symmetric);
  return std::max(std::abs(extremes.least), std::abs(extremes.most));
}

}  // namespace tacit
