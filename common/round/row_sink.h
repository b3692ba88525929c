#pragma once

#include <functional>
#include <span>

#include "common/base/ids.h"
#include "common/base/round_output.h"

namespace tacit {

/// Called for every row of metrics a machine records, from the thread that runs the machine; calls
/// for one machine come in round order.
using RowSink = std::function<void(ProcessId, Round, std::span<const Sample>)>;

}  // namespace tacit
