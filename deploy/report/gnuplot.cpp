#include "deploy/report/gnuplot.h"

#include "common/base/error.h"
#include "deploy/report/child_process.h"
#include "deploy/report/plot_script.h"

namespace tacit {

std::string render_svg(const Plot& plot) {
  constexpr std::chrono::seconds kDeadline{60};
  const ChildOutcome outcome =
      run_child({"gnuplot", "--default-settings"}, plot_script(plot), kDeadline);
  if (outcome.ending == ChildOutcome::Ending::not_found) {
    throw InputError(ExitCode::run_folder,
                     "gnuplot draws the report and is not installed: apt install gnuplot-nox, then "
                     "run 'tacit report' on the run folder again");
  }
  if (outcome.ending == ChildOutcome::Ending::timed_out) {
    throw InputError(ExitCode::run_folder,
                     "gnuplot took more than 60 s for the plot '" + plot.file_stem +
                         "' and was stopped; run 'tacit report' again on a less busy machine");
  }
  if (outcome.status != 0 || outcome.standard_output.find("</svg>") == std::string::npos) {
    throw InputError(ExitCode::run_folder, "gnuplot failed on the plot '" + plot.file_stem +
                                               "' with status " + std::to_string(outcome.status) +
                                               ": " + outcome.standard_error);
  }
  return outcome.standard_output;
}

}  // namespace tacit
