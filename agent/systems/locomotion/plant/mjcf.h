#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>

namespace tacit {

using Vector3 = std::array<double, 3>;

/// Numbers as MuJoCo's language writes them: shortest exact form, blanks between.
std::string number_list(std::span<const double> numbers);
std::string number_list(std::initializer_list<double> numbers);

/// A geom; `rest` holds further attributes.
std::string capsule(Vector3 from, Vector3 to, double radius, const std::string& rest = "");

/// A hinge through the body's origin. @param range  least and most angle, degrees
std::string hinge(const std::string& name, Vector3 axis, std::array<double, 2> range,
                  const std::string& rest = "");

/// A body at `place` of its parent, with the given content.
std::string body(const std::string& name, Vector3 place, const std::string& inside);

/// A motor of range [-1, 1] at a joint.
std::string motor(const std::string& joint, double gear);

}  // namespace tacit
