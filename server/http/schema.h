#pragma once
#include <functional>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <vector>

#include "http/rule.h"
#include "http/url.h"

namespace backend::server {

enum class UnknownFields { ignored, refused };

/// One member of a request type: its name on the wire, its rule, and where its value goes.
struct FieldSpec {
  std::string_view name;
  Rule rule;
  bool required = true;
  bool nullable = false;  ///< std::optional members: may be absent or null
  std::string default_json;  ///< for OpenAPI; empty: none
  std::function<void(void*, Value&&)> assign;
};

/// A request type without its C++ type. Serves the parsing of bodies, queries and forms, the 422 faults of each, and
/// OpenAPI.
class ObjectSchema {
 public:
  std::string_view name() const noexcept { return name_; }
  const std::vector<FieldSpec>& fields() const noexcept { return fields_; }
  const std::type_info& type() const noexcept { return *type_; }

  /// The filled struct; what is wrong goes to `faults`, all of it, located below `where`.
  std::shared_ptr<void> from_json(const Json& input, const Settings& settings, UnknownFields unknown,
                                  Faults& faults) const;
  std::shared_ptr<void> from_parameters(const Parameters& input, std::string_view where, const Settings& settings,
                                        Faults& faults) const;
  /// JSON Schema of the whole.
  Json schema(const Settings& settings, UnknownFields unknown) const;

 protected:
  ObjectSchema(std::string_view name, const std::type_info& type, std::shared_ptr<void> (*make)())
      : name_(name), type_(&type), make_(make) {}
  std::vector<FieldSpec> fields_;

 private:
  std::string_view name_;
  const std::type_info* type_;
  std::shared_ptr<void> (*make_)();
};

/// A field of a T.
template <class T>
struct Field {
  FieldSpec spec;
};

namespace detail {
template <class M>
struct MemberTraits {
  using Stored = M;
  static constexpr bool optional = false;
};
template <class M>
struct MemberTraits<std::optional<M>> {
  using Stored = M;
  static constexpr bool optional = true;
};
template <class T, class M>
auto assigner(M T::*member) {
  return [member](void* object, Value&& value) {
    using Stored = typename MemberTraits<M>::Stored;
    auto& target = static_cast<T*>(object)->*member;
    if (std::holds_alternative<std::monostate>(value)) return;
    if constexpr (std::is_same_v<Stored, int>) {  // its rule bounds it
      target = static_cast<int>(std::get<std::int64_t>(value));
    } else {
      target = std::get<Stored>(std::move(value));
    }
  };
}
}  // namespace detail

/// A member that must be given, unless it is a std::optional.
template <class T, class M>
Field<T> field(std::string_view name, M T::*member, Rule rule) {
  constexpr bool optional = detail::MemberTraits<M>::optional;
  return {{name, std::move(rule), !optional, optional, {}, detail::assigner(member)}};
}

/// A member that keeps its initial value, which OpenAPI shows as `default_json`, when it is not given.
template <class T, class M>
Field<T> field(std::string_view name, M T::*member, Rule rule, std::string default_json) {
  return {{name, std::move(rule), false, false, std::move(default_json), detail::assigner(member)}};
}

/// `const Schema<Register> register_schema{"Register", {field("email", &Register::email, email()), ...}};`
template <class T>
class Schema : public ObjectSchema {
 public:
  Schema(std::string_view name, std::initializer_list<Field<T>> fields)
      : ObjectSchema(name, typeid(T), [] { return std::shared_ptr<void>(std::make_shared<T>()); }) {
    for (const Field<T>& field : fields) fields_.push_back(field.spec);
  }
};

}  // namespace backend::server
