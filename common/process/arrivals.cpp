#include "common/process/arrivals.h"

namespace tacit {

bool Arrivals::more_have_come(TimePoint now) {
  if (now - looked_ < interval_) return false;
  looked_ = now;
  const std::size_t count = rendezvous_.record_count();
  if (count <= most_) return false;
  most_ = count;
  return true;
}

}  // namespace tacit
