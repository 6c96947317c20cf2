#include "http/json_reader.h"

#include <nlohmann/json.hpp>

#include <unordered_set>
#include <vector>

#include "http/json_writer.h"
#include "http/utf8.h"

namespace backend::server {
namespace {

/// Builds the value from nlohmann's events, so that depth and repeated names are seen while parsing.
class Builder {
 public:
  explicit Builder(DuplicateKeys duplicates) : duplicates_(duplicates) {}

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(Json::number_integer_t value) { return put(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return put(value); }
  bool number_float(Json::number_float_t value, const std::string& text) {
    if (text.find_first_of(".eE") != std::string::npos) return put(value);
    return put(Json::binary(Json::binary_t::container_type(text.begin(), text.end())));
  }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    Level& level = levels_.back();
    level.key = name;
    // Looked up in a set: a search of the ordered object for each of its names would be quadratic.
    if (level.names.insert(name).second) return true;
    if (duplicates_ == DuplicateKeys::last_wins) return level.repeated = true;
    problem = "Object member named twice";
    return false;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
    byte = position > 0 ? position - 1 : 0;
    return false;
  }

  Json root;
  std::string problem;
  std::size_t byte = 0;
  bool too_deep = false;

 private:
  struct Level {
    Json value;
    std::string key;
    std::unordered_set<std::string> names;
    bool repeated = false;
  };

  template <class T>
  bool put(T&& value) {
    if (levels_.empty())
      root = std::forward<T>(value);
    else
      add(levels_.back(), Json(std::forward<T>(value)));
    return true;
  }
  static void add(Level& level, Json value) {
    if (level.value.is_array()) return level.value.push_back(std::move(value));
    auto& members = level.value.get_ref<Json::object_t&>();
    if (level.repeated) {
      members.find(level.key)->second = std::move(value);
      level.repeated = false;
    } else {
      members.Container::emplace_back(level.key, std::move(value));
    }
  }
  bool open(Json value) {
    if (levels_.size() == max_json_depth) {
      problem = "Nested too deeply";
      too_deep = true;
      return false;
    }
    levels_.push_back({std::move(value), {}, {}, false});
    return true;
  }
  bool close() {
    Json value = std::move(levels_.back().value);
    levels_.pop_back();
    return put(std::move(value));
  }

  DuplicateKeys duplicates_;
  std::vector<Level> levels_;
};

/// Follows Python's json.decoder and json.scanner (3.11), which nlohmann's messages and positions do not resemble.
class PythonScanner {
 public:
  explicit PythonScanner(std::string_view text) : text_(text) {}

  JsonFault run() {
    if (text_.starts_with("\xEF\xBB\xBF")) base_ = at_ = 3;
    skip_space();
    if (value(0)) {
      skip_space();
      if (at_ < text_.size()) fail("Extra data", at_);
    }
    return fault_;
  }

 private:
  bool fail(const char* message, std::size_t byte) {
    fault_ = {utf8_length(text_.substr(base_, byte - base_)), message};
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool value(int depth) {
    if (depth > max_json_depth) return fail("Nested too deeply", at_);
    switch (peek()) {
      case '"': ++at_; return string();
      case '{': ++at_; return object(depth);
      case '[': ++at_; return array(depth);
      default: break;
    }
    for (const char* word : {"null", "true", "false"})
      if (take(word)) return true;
    return number() || fail("Expecting value", at_);
  }

  bool number() {
    std::size_t i = at_ + (peek() == '-');
    const auto digits = [&] {
      const std::size_t from = i;
      while (i < text_.size() && text_[i] >= '0' && text_[i] <= '9') ++i;
      return i - from;
    };
    if (i < text_.size() && text_[i] == '0')
      ++i;
    else if (digits() == 0)
      return false;
    at_ = i;
    if (i < text_.size() && text_[i] == '.' && (++i, digits() > 0)) at_ = i;
    i = at_;
    if (i < text_.size() && (text_[i] == 'e' || text_[i] == 'E')) {
      ++i;
      if (i < text_.size() && (text_[i] == '+' || text_[i] == '-')) ++i;
      if (digits() > 0) at_ = i;
    }
    return true;
  }

  bool string() {
    const std::size_t begin = at_ - 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<unsigned char>(c) < 0x20) return fail("Invalid control character at", at_);
      if (c != '\\') {
        ++at_;
      } else if (!escape(begin)) {
        return false;
      }
    }
    return fail("Unterminated string starting at", begin);
  }
  bool escape(std::size_t begin) {
    const std::size_t slash = at_++;
    if (at_ == text_.size()) return fail("Unterminated string starting at", begin);
    if (peek() != 'u') {
      if (std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos) return fail("Invalid \\escape", slash);
      return ++at_, true;
    }
    const std::string_view digits = text_.substr(at_ + 1, 4);
    if (digits.size() < 4 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
      return fail("Invalid \\uXXXX escape", at_);
    at_ += 5;
    return true;
  }

  bool object(int depth) {
    skip_space();
    if (peek() == '}') return ++at_, true;
    for (;;) {
      if (peek() != '"') return fail("Expecting property name enclosed in double quotes", at_);
      ++at_;
      if (!string()) return false;
      skip_space();
      if (peek() != ':') return fail("Expecting ':' delimiter", at_);
      ++at_;
      skip_space();
      if (!value(depth + 1)) return false;
      skip_space();
      if (peek() == '}') return ++at_, true;
      if (peek() != ',') return fail("Expecting ',' delimiter", at_);
      ++at_;
      skip_space();
    }
  }
  bool array(int depth) {
    skip_space();
    if (peek() == ']') return ++at_, true;
    for (;;) {
      if (!value(depth + 1)) return false;
      skip_space();
      if (peek() == ']') return ++at_, true;
      if (peek() != ',') return fail("Expecting ',' delimiter", at_);
      ++at_;
      skip_space();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0, base_ = 0;
  JsonFault fault_;
};

void show(JsonWriter& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return out.object([&] {
        for (const auto& [key, member] : value.items()) show(out.key(key), member);
      });
    case Json::value_t::array: return out.array_of(value, [&](const Json& item) { show(out, item); });
    case Json::value_t::string: return out.value(value.get_ref<const std::string&>());
    case Json::value_t::boolean: return out.value(value.get<bool>());
    case Json::value_t::number_integer: return out.value(value.get<std::int64_t>());
    case Json::value_t::number_unsigned: return out.value(value.get<std::uint64_t>());
    case Json::value_t::number_float: return out.value(value.get<double>());
    case Json::value_t::binary: return out.raw(std::string(value.get_binary().begin(), value.get_binary().end()));
    case Json::value_t::null:
    case Json::value_t::discarded: break;
  }
  out.value(nullptr);
}

}  // namespace

std::string shown_json(const Json& value) {
  std::string text;
  JsonWriter writer(text);
  show(writer, value);
  return text;
}

JsonFault python_json_fault(std::string_view text) { return PythonScanner(text).run(); }

JsonResult parse_json(std::string_view text, DuplicateKeys duplicates) {
  JsonResult result;
  if (!is_utf8(text)) {
    result.unreadable = true;
    return result;
  }
  Builder builder(duplicates);
  if (Json::sax_parse(text.begin(), text.end(), &builder)) {
    result.value = std::make_shared<const Json>(std::move(builder.root));
    return result;
  }
  result.unreadable = builder.too_deep;
  if (builder.problem.empty()) result.fault = python_json_fault(text);
  if (result.fault.message.empty())  // grammatical, but refused here
    result.fault = {utf8_length(text.substr(0, builder.byte)),
                    builder.problem.empty() ? "Invalid value" : builder.problem};
  return result;
}

}  // namespace backend::server
