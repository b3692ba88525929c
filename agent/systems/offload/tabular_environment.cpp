#include "agent/systems/offload/tabular_environment.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace tacit::offload {

std::shared_ptr<const TabularModel> make_tabular_model(const Environment& environment) {
  const auto harvests = static_cast<std::size_t>(environment.harvest_count());
  const auto consumptions = static_cast<std::size_t>(environment.consumption_count());
  const std::size_t row_length = environment.row_length();
  if (harvests * consumptions > 65536 || row_length > 65536) {
    throw std::invalid_argument(
        "maxH: H and C take more than 65536 pairs of values, too many to learn; narrow a range");
  }
  auto model = std::make_shared<TabularModel>();
  // A row's size is a power of two: its address is then a shift, not a product.
  model->row_shift = static_cast<std::size_t>(std::bit_width(row_length - 1));
  const std::size_t states = environment.state_count();
  model->next.assign(states << model->row_shift, 0);
  for (std::size_t s = 0; s < states; ++s) {
    const auto row = environment.next_states().subspan(s * row_length, row_length);
    std::copy(row.begin(), row.end(), model->next.begin() + (s << model->row_shift));
  }
  for (std::size_t h = 0; h < harvests; ++h) {
    for (std::size_t c = 0; c < consumptions; ++c) {
      const auto place = [&](Action action, std::size_t down) {
        return static_cast<std::uint16_t>(environment.row_start(action) + h - down);
      };
      model->shocks.push_back(pack_places(
          {place(Action::wait, 0), place(Action::process, c), place(Action::offload, 0)}));
    }
  }
  const auto copy = [](auto span) { return std::vector(span.begin(), span.end()); };
  model->cost = copy(environment.costs());
  model->legal = copy(environment.legal_masks());
  model->initial = copy(environment.initial_states());
  model->gamma = environment.type().gamma;
  model->validate();
  return model;
}

Policy to_policy(const std::vector<std::uint8_t>& actions) {
  Policy policy(actions.size());
  std::transform(actions.begin(), actions.end(), policy.begin(),
                 [](std::uint8_t action) { return static_cast<Action>(action); });
  return policy;
}

}  // namespace tacit::offload
