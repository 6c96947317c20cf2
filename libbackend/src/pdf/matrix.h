#pragma once
#include <backend/pdf.h>

namespace backend::pdf {

/// A transformation: x' = a·x + c·y + e, y' = b·x + d·y + f (ISO 32000-1, 8.3.3).
/// The order of the floating-point operations matters: results are compared bit by bit with the oracle's.
struct Matrix {
  double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;

  Point apply(double x, double y) const { return {a * x + c * y + e, b * x + d * y + f}; }

  /// The same transformation with its origin moved to (x, y) of its own space.
  Matrix translated(double x, double y) const { return {a, b, c, d, x * a + y * c + e, x * b + y * d + f}; }
};

/// `inner` first, then `outer`.
inline Matrix multiply(const Matrix& inner, const Matrix& outer) {
  return {outer.a * inner.a + outer.c * inner.b,           outer.b * inner.a + outer.d * inner.b,
          outer.a * inner.c + outer.c * inner.d,           outer.b * inner.c + outer.d * inner.d,
          outer.a * inner.e + outer.c * inner.f + outer.e, outer.b * inner.e + outer.d * inner.f + outer.f};
}

}  // namespace backend::pdf
