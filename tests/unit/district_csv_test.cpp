#include "agent/systems/grid/district_csv.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/message_of.h"

namespace tacit::grid {
namespace {

using tacit::testing::message_of;

const std::string kHeader =
    "t,hour,price_per_kwh,demand_kwh_1,demand_kwh_2,solar_kwh_1,solar_kwh_2\n";

std::string csv_error(const std::string& text) {
  return message_of([&] { read_district_csv(text, "x.csv"); });
}

/// What a row does wrong, after a header and one good row: it stands in line 3.
std::string row_error(const std::string& row) {
  return csv_error(kHeader + "0,24,0.2,1,2,0,0\n" + row + "\n");
}

TEST(DistrictCsv, ReadsColumnsByName) {
  const District district = read_district_csv(
      "\xef\xbb\xbf# measured\r\nsolar_kwh_2,t,hour,\"price_per_kwh\",demand_kwh_2,solar_kwh_1,"
      "demand_kwh_1\r\n0.5,7,23,0.2,2,0.1,1\r\n# a pause\r\n0,8,24,0.3, 2.5 ,0,1e-1\r\n"
      "0,9,1,0.3,2,0,1\r\n\r\n",
      "x.csv");
  EXPECT_EQ(district.origin, "x.csv");
  EXPECT_EQ(district.hour, (std::vector<double>{23, 24, 1}));
  EXPECT_EQ(district.price, (std::vector<double>{0.2, 0.3, 0.3}));
  ASSERT_EQ(district.buildings.size(), 2u);
  EXPECT_EQ(district.buildings[0].demand_kwh, (std::vector<double>{1, 0.1, 1}));
  EXPECT_EQ(district.buildings[0].solar_kwh, (std::vector<double>{0.1, 0, 0}));
  EXPECT_EQ(district.buildings[1].demand_kwh, (std::vector<double>{2, 2.5, 2}));
  EXPECT_EQ(district.buildings[1].solar_kwh, (std::vector<double>{0.5, 0, 0}));
  EXPECT_TRUE(district.buildings[0].storage.empty());
}

TEST(DistrictCsv, NamesLineAndColumnOfWhatIsWrong) {
  const std::string kWh = "expected a number from 0 to 1000000, got ";
  const std::string remedy = "; correct the value or fill the gap";
  EXPECT_EQ(row_error("1,1,0.2,nan,2,0,0"), "x.csv:3: demand_kwh_1: " + kWh + "\"nan\"" + remedy);
  EXPECT_EQ(row_error("1,1,0.2,1,-2,0,0"), "x.csv:3: demand_kwh_2: " + kWh + "\"-2\"" + remedy);
  EXPECT_EQ(row_error("1,1,0.2,1,2,inf,0"), "x.csv:3: solar_kwh_1: " + kWh + "\"inf\"" + remedy);
  EXPECT_EQ(row_error("1,1,,1,2,0,0"), "x.csv:3: price_per_kwh: " + kWh + "nothing" + remedy +
                                           "; prices below 0 are not modelled");
  EXPECT_EQ(row_error("1,1,0.2,1,2,0,1e999"),
            "x.csv:3: solar_kwh_2: " + kWh + "\"1e999\"" + remedy);
  EXPECT_EQ(row_error("1,1,0.2,1,2,0,0.1 kWh\x1b[2J"),
            "x.csv:3: solar_kwh_2: " + kWh + "\"0.1 kWh?[2J\"" + remedy);
  EXPECT_EQ(row_error("1,25,0.2,1,2,0,0"),
            "x.csv:3: hour: expected a whole number from 0 to 24, got \"25\"" + remedy);
  EXPECT_EQ(row_error("1,1.5,0.2,1,2,0,0"),
            "x.csv:3: hour: expected a whole number from 0 to 24, got \"1.5\"" + remedy);
  const std::string gap = "; hours must follow each other without gaps";
  EXPECT_EQ(row_error("2,1,0.2,1,2,0,0"),
            "x.csv:3: t: expected 1 after the line before, got 2" + gap);
  EXPECT_EQ(row_error("1,2,0.2,1,2,0,0"),
            "x.csv:3: hour: expected 1 after the line before, got 2" + gap);
  EXPECT_EQ(row_error("1,1,0.2,1,2,0"), "x.csv:3: expected 7 fields, got 6");
  EXPECT_EQ(row_error("1,1,0.2,1,2,0,0,0,0"), "x.csv:3: expected 7 fields, got more");
  EXPECT_EQ(row_error("\n1,1,0.2,1,2,0,0"), "x.csv:3: expected 7 fields, got 1");
  EXPECT_EQ(row_error("1,1,0.2,1,2,0,0"), "no InputError");
}

TEST(DistrictCsv, NamesWhatTheHeaderLacks) {
  EXPECT_EQ(csv_error(""), "x.csv: is empty; expected a header with the names of columns");
  EXPECT_EQ(csv_error("# only\n#comments"),
            "x.csv: is empty; expected a header with the names of columns");
  EXPECT_EQ(csv_error(kHeader), "x.csv: has no hours below the header");
  EXPECT_EQ(csv_error("t,hour,demand_kwh_1,solar_kwh_1\n"),
            "x.csv: column price_per_kwh is missing");
  EXPECT_EQ(csv_error("t,hour,price_per_kwh,demand_kwh_1,demand_kwh_2,solar_kwh_1\n"),
            "x.csv: column solar_kwh_2 is missing; give zeros for a building without panels");
  EXPECT_EQ(csv_error("t,hour,price_per_kwh\n"), "x.csv: column demand_kwh_1 is missing");
  EXPECT_EQ(csv_error("t,hour,price_per_kwh,demnd_kwh_1,solar_kwh_1\n"),
            "x.csv: unknown column \"demnd_kwh_1\"; did you mean demand_kwh_1?");
  EXPECT_EQ(csv_error("t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1,humidity\n"),
            "x.csv: unknown column \"humidity\"; known are t (a count, or times such as "
            "2022-08-01T13:00), hour, price_per_kwh, demand_kwh_1.., solar_kwh_1..");
  EXPECT_EQ(csv_error("t,hour,t\n"), "x.csv:1: column \"t\" comes twice; remove one");
  EXPECT_EQ(
      csv_error("t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1,demand_kwh_99\n").substr(0, 45),
      "x.csv: unknown column \"demand_kwh_99\"; did yo");
  EXPECT_EQ(csv_error(std::string(200'000, ',')), "x.csv: has more than 100,000 columns");
}

TEST(DistrictCsv, ReadsSemicolonsTabsAndDecimalCommas) {
  for (const char separator : {';', '\t'}) {
    std::string text =
        "\xef\xbb\xbft;hour;price_per_kwh;demand_kwh_1;solar_kwh_1\r\n"
        "0;24;0,2;1.5;0\r\n1;1;\"0,25\";2;1,125\r\n";
    std::ranges::replace(text, ';', separator);
    const District district = read_district_csv(text, "x.csv");
    EXPECT_EQ(district.price, (std::vector<double>{0.2, 0.25}));
    EXPECT_EQ(district.buildings[0].demand_kwh, (std::vector<double>{1.5, 2}));
    EXPECT_EQ(district.buildings[0].solar_kwh, (std::vector<double>{0, 1.125}));
  }
  const std::string header = "t;hour;price_per_kwh;demand_kwh_1;solar_kwh_1\n";
  EXPECT_NE(csv_error(header + "0;1;0,2;1.234,5;0\n").find(":2: demand_kwh_1:"), std::string::npos);
  EXPECT_NE(csv_error(header + "0;1;0,2;1,234,5;0\n").find(":2: demand_kwh_1:"), std::string::npos);
  EXPECT_NE(row_error("1,1,\"0,2\",1,2,0,0").find("got \"0,2\""), std::string::npos)
      << "between commas 0,2 may as well be 2 with a group of thousands cut off";
  EXPECT_EQ(csv_error("t,hour\r1,\xff"), "x.csv:2: is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(csv_error(std::string("\xff\xfet\0,\0", 6)), "x.csv: is UTF-16; save it as UTF-8");
}

/// A file whose column t (and hour, if given) has these fields.
std::string with_times(const std::vector<std::string>& times,
                       const std::vector<std::string>& hours = {}) {
  std::string text = hours.empty() ? "t,price_per_kwh,demand_kwh_1,solar_kwh_1\n"
                                   : "t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n";
  for (std::size_t k = 0; k < times.size(); ++k) {
    text += times[k] + (hours.empty() ? "" : "," + hours[k]) + ",0.2,1,0\n";
  }
  return text;
}

std::vector<double> hours_of(const std::string& text) {
  return read_district_csv(text, "x.csv").hour;
}

TEST(DistrictCsv, ReadsHoursFromZero) {
  std::vector<std::string> times, hours;
  std::vector<double> expected;
  for (int t = 0; t < 50; ++t) {
    times.push_back(std::to_string(t));
    hours.push_back(std::to_string((t + 22) % 24));
    expected.push_back((t + 22) % 24 + 1);
  }
  EXPECT_EQ(hours_of(with_times(times, hours)), expected);
  EXPECT_EQ(hours_of(with_times({"0", "1", "2"}, {"23", "0", "1"})),
            (std::vector<double>{24, 1, 2}));
  EXPECT_EQ(hours_of(with_times({"0", "1", "2"}, {"23", "24", "1"})),
            (std::vector<double>{23, 24, 1}));
  // A published set begins with a 0 that stands for the 24 of all other days.
  times.resize(26);
  hours.assign({"0"});
  for (int t = 1; t < 26; ++t) hours.push_back(std::to_string((t - 1) % 24 + 1));
  EXPECT_EQ(hours_of(with_times(times, hours)).front(), 24);
  EXPECT_NE(csv_error(with_times({"0", "1"}, {"0", "2"}))
                .find(":3: hour: expected 1 after the line before, got 2"),
            std::string::npos);
  EXPECT_EQ(csv_error(with_times({"0", "1"}, {"5", "5"})),
            "x.csv:3: hour: expected 6 after the line before, got 5; hours must follow each other "
            "without gaps, and steps shorter than an hour are not modelled");
}

TEST(DistrictCsv, ReadsTimeStamps) {
  EXPECT_EQ(hours_of(with_times({"2022-12-31T22:00", "2022-12-31T23:00", "2023-01-01T00:00"})),
            (std::vector<double>{23, 24, 1}));
  EXPECT_EQ(hours_of(with_times({"2024-02-28 23:30:00", "2024-02-29 00:30:00"})),
            (std::vector<double>{24, 1}));
  EXPECT_EQ(hours_of(with_times({"2022-03-27T01:00+01:00", "2022-03-27T03:00+02:00"})),
            (std::vector<double>{2, 4}))
      << "an hour apart, and the clock was put forward";
  EXPECT_EQ(
      hours_of(with_times({"2022-08-01T00:00:00.000Z", "2022-08-01T01:00:00.000Z"}, {"7", "8"})),
      (std::vector<double>{7, 8}))
      << "the column hour says it better";
  const auto refusal = [](const std::string& first, const std::string& second) {
    return csv_error(with_times({first, second}));
  };
  EXPECT_EQ(refusal("2022-08-01T00:00", "2022-08-01T00:15"),
            "x.csv:3: t: expected one hour after the line before, got 900 s; steps shorter than an "
            "hour are not modelled: give hourly values");
  EXPECT_EQ(refusal("2022-03-27T01:00", "2022-03-27T03:00"),
            "x.csv:3: t: expected one hour after the line before, got 7200 s; where clocks change, "
            "give times with their offset (+02:00) or in UTC");
  EXPECT_NE(refusal("2022-08-01T05:00", "2022-08-01T04:00").find("without gaps"),
            std::string::npos);
  EXPECT_NE(refusal("2022-08-01T05:00", "1.8.2022 06:00")
                .find(":3: t: expected a time such as 2022-08-01T13:00 as in the first line"),
            std::string::npos);
  for (const char* no_time : {"1.8.2022 06:00", "2022-02-30T00:00", "2022-08-01",
                              "2022-08-01T24:00", "2022-08-01T00:00+", "2022-08-01T00:00:00.5"}) {
    EXPECT_NE(refusal(no_time, no_time).find("t counts the hours, or gives times such as"),
              std::string::npos)
        << refusal(no_time, no_time);
  }
  EXPECT_NE(csv_error("t,price_per_kwh,demand_kwh_1,solar_kwh_1\n0,0.2,1,0\n")
                .find("column hour is missing; only where t has times"),
            std::string::npos);
}

}  // namespace
}  // namespace tacit::grid
