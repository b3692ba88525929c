#include "common/process/wait_report.h"

#include "common/base/error.h"

namespace tacit {
namespace {

constexpr std::chrono::seconds kInterval{1};

}  // namespace

WaitReport::WaitReport(std::filesystem::path process_folder) : folder_(std::move(process_folder)) {
  remove_wait_record(folder_);  // of an earlier incarnation that was killed
}

WaitReport::~WaitReport() {
  if (record_) remove_wait_record(folder_);
}

void WaitReport::at(std::string_view stage, Round round, TimePoint now, const Names& whom) {
  if (round != round_ || stage != stage_) {
    if (record_) remove_wait_record(folder_);
    record_.reset();
    stage_ = stage;
    round_ = round;
    since_ = written_ = now;
    return;
  }
  if (now - written_ < kInterval) return;
  written_ = now;
  const auto seen = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const auto waited = std::chrono::duration_cast<std::chrono::seconds>(now - since_);
  WaitRecord now_record{stage_, round, whom(), record_ ? record_->since : (seen - waited).count(),
                        seen.count()};
  try {
    write_wait_record(folder_, now_record, record_);
    record_ = std::move(now_record);
  } catch (const InputError&) {
    // The process goes on waiting if the disk is full.
  }
}

}  // namespace tacit
