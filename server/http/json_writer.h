#pragma once
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace backend::server {

/// Appends compact JSON to a string, as Python's json.dumps(ensure_ascii=False, separators=(",", ":")) writes it:
/// members in the order given, text in UTF-8 (what is not becomes U+FFFD), doubles in their shortest form.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  template <class Body>
  void object(Body&& body) {
    open('{');
    body();
    close('}');
  }
  template <class Body>
  void array(Body&& body) {
    open('[');
    body();
    close(']');
  }
  template <class Range, class Each>
  void array_of(const Range& range, Each&& each) {
    array([&] {
      for (const auto& item : range) each(item);
    });
  }
  /// Names the member whose value comes next.
  JsonWriter& key(std::string_view name);
  template <class T>
  void member(std::string_view name, const T& v) {
    key(name).value(v);
  }

  void value(std::nullptr_t) { raw("null"); }
  void value(bool v) { raw(v ? "true" : "false"); }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  void value(T v) {
    raw(std::to_string(v));
  }
  void value(double v);
  void value(std::string_view v);
  void value(const std::string& v) { value(std::string_view(v)); }
  void value(const char* v) { value(std::string_view(v)); }
  template <class T>
  void value(const std::optional<T>& v) {
    if (v)
      value(*v);
    else
      value(nullptr);
  }
  /// A JSON text as it is.
  void raw(std::string_view json);

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);

  std::string& out_;
  bool first_ = true;
};

/// `text` as a JSON string.
std::string json_quoted(std::string_view text);

}  // namespace backend::server
