#pragma once

#include <nlohmann/json.hpp>

namespace tacit {

// The kinds of golden values of patrol: each checks one case with GoogleTest's EXPECT and ASSERT.
void check_los(const nlohmann::json& golden_case);
void check_motion(const nlohmann::json& golden_case);
void check_policy(const nlohmann::json& golden_case);
void check_exact_pg(const nlohmann::json& golden_case);
void check_gossip(const nlohmann::json& golden_case);
void check_alg2_rank(const nlohmann::json& golden_case);

}  // namespace tacit
