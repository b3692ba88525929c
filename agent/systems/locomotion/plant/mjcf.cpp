#include "agent/systems/locomotion/plant/mjcf.h"

#include <charconv>

namespace tacit {

std::string number_list(std::span<const double> numbers) {
  std::string text;
  for (const double number : numbers) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    if (!text.empty()) text += ' ';
    text.append(digits.data(), end);
  }
  return text;
}

std::string number_list(std::initializer_list<double> numbers) {
  return number_list(std::span(numbers.begin(), numbers.size()));
}

std::string capsule(Vector3 from, Vector3 to, double radius, const std::string& rest) {
  return "<geom type='capsule' size='" + number_list({radius}) + "' fromto='" + number_list(from) +
         " " + number_list(to) + "' " + rest + "/>\n";
}

std::string hinge(const std::string& name, Vector3 axis, std::array<double, 2> range,
                  const std::string& rest) {
  return "<joint name='" + name + "' type='hinge' axis='" + number_list(axis) +
         "' limited='true' range='" + number_list(range) + "' " + rest + "/>\n";
}

std::string body(const std::string& name, Vector3 place, const std::string& inside) {
  return "<body name='" + name + "' pos='" + number_list(place) + "'>\n" + inside + "</body>\n";
}

std::string motor(const std::string& joint, double gear) {
  return "<motor joint='" + joint + "' gear='" + number_list({gear}) +
         "' ctrllimited='true' ctrlrange='-1 1'/>\n";
}

}  // namespace tacit
