#pragma once

#include "common/experiment/catalog.h"

namespace tacit {

/// Every system there is.
Catalog systems();

}  // namespace tacit
