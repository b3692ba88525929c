#include "common/base/running_hash.h"

#include <xxhash.h>

#include <new>

namespace tacit {
namespace {

XXH3_state_t* as_xxh3(void* state) { return static_cast<XXH3_state_t*>(state); }

}  // namespace

void RunningHash::Free::operator()(void* state) const { XXH3_freeState(as_xxh3(state)); }

RunningHash::RunningHash() : state_(XXH3_createState()) {
  if (!state_) throw std::bad_alloc();
  XXH3_64bits_reset(as_xxh3(state_.get()));
}

void RunningHash::add(std::string_view piece) {
  XXH3_64bits_update(as_xxh3(state_.get()), piece.data(), piece.size());
}

std::uint64_t RunningHash::value() const { return XXH3_64bits_digest(as_xxh3(state_.get())); }

}  // namespace tacit
