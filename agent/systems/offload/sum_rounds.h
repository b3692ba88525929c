#pragma once

#include "common/base/ids.h"
#include "common/graph/graph.h"

namespace tacit::offload {

/// The number of rounds of push-sum until every node knows the sum of non-negative numbers to
/// relative `accuracy`. It is found by a rehearsal of the protocol on this graph, with links that
/// fail independently, one way, with probability 1 - up_probability.
///
/// The mean that a node knows is linear in the numbers, so its relative error is at most the
/// largest error for numbers that are 1 at one node and 0 elsewhere. For N <= 64 all N of these are
/// rehearsed at once (beyond, 4 to 64 of them); without loss the answer is then a guarantee. With
/// loss the answer is the worst of three rehearsals plus 15 % and two rounds.
///
/// A spectral estimate, ln(1/accuracy) / -ln(rho), needs the rho of the lazy random walk (not of
/// the Metropolis matrix), is up to 11 % short without loss, and does not account for lost frames
/// where mixing is fast: on a complete graph of ten nodes it gives 1 round at any loss, but
/// push-sum takes 60 rounds if half of the frames are lost.
///
/// @pre the graph is connected, 0 < up_probability <= 1, 0 < accuracy < 1
/// @return at least 8
/// @throws InputError (config) if 100,000 rounds are not enough
Round rehearse_sum_rounds(const Graph& graph, double up_probability, double accuracy);

}  // namespace tacit::offload
