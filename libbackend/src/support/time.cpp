#include <backend/types.h>

#include <cstdio>

namespace backend {
namespace {

std::string format(Timestamp t, bool always_decimals, const char* zone) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(t - day);
  const auto micros = static_cast<int>(time.subseconds().count());
  char text[64];
  int used = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                           static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                           static_cast<int>(time.seconds().count()));
  const auto append = [&](const char* form, auto value) {
    used += std::snprintf(text + used, sizeof text - static_cast<std::size_t>(used), form, value);
  };
  if (always_decimals || micros != 0) append(".%06d", micros);
  append("%s", zone);
  return std::string(text, static_cast<std::size_t>(used));
}

}  // namespace

std::string to_iso8601(Timestamp t) { return format(t, true, "Z"); }

std::string to_naive_iso8601(Timestamp t) { return format(t, false, ""); }

}  // namespace backend
