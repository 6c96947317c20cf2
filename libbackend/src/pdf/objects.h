#pragma once
#include <cmath>
#include <optional>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>
#include <string_view>
#include <vector>

/// Small readers of QPDF objects that never throw on a wrong type.
namespace backend::pdf {

using Object = QPDFObjectHandle;

/// An entry that is there, even if it refers to an object that is not.
inline bool has_entry(Object dict, const std::string& key) {
  if (!dict.isDictionary()) return false;
  Object value = dict.getKey(key);
  return !value.isNull() || value.isIndirect();
}

inline Object entry(Object dict, const std::string& key) {
  if (dict.isStream()) dict = dict.getDict();
  return dict.isDictionary() ? dict.getKey(key) : Object::newNull();
}

/// A finite number, or nullopt.
inline std::optional<double> number(Object object) {
  double value = 0;
  if (!object.getValueAsNumber(value) || !std::isfinite(value)) return std::nullopt;
  return value;
}

inline double number_or(Object object, double fallback) { return number(object).value_or(fallback); }

inline std::optional<long long> integer(Object object) {
  if (!object.isInteger()) return std::nullopt;
  try {
    return object.getIntValue();
  } catch (const std::exception&) {
    return std::nullopt;  // does not fit
  }
}

/// A name without its slash, or nullopt.
inline std::optional<std::string> name(Object object) {
  if (!object.isName()) return std::nullopt;
  return object.getName().substr(1);
}

/// A name as a key of QPDF's dictionaries.
inline std::string key_of(std::string_view name_without_slash) {
  std::string key(1, '/');
  key += name_without_slash;
  return key;
}

/// An array's elements, or none.
inline std::vector<Object> elements(Object array) {
  return array.isArray() ? array.getArrayAsVector() : std::vector<Object>{};
}

}  // namespace backend::pdf
