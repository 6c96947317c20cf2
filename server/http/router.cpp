#include "http/router.h"

#include <algorithm>
#include <stdexcept>

namespace backend::server {
namespace {

/// Takes the first segment off `path`, which begins with "/".
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool is_parameter(std::string_view segment) { return segment.size() > 2 && segment.front() == '{'; }

}  // namespace

std::string_view to_string(Method method) noexcept {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::delete_: return "DELETE";
  }
  return "";
}

Router::Router(std::span<const RouteTable> tables, std::string prefix)
    : tables_(tables.begin(), tables.end()), prefix_(std::move(prefix)) {
  for (const RouteTable& table : tables_)
    for (const Route& route : table.routes) {
      const std::string path = full_path(table, route);
      Node* node = &root_;
      for (std::string_view rest = path; !rest.empty();) {
        const std::string_view segment = next_segment(rest);
        auto& child = is_parameter(segment) ? node->parameter : node->literal[std::string(segment)];
        if (!child) child = std::make_unique<Node>();
        node = child.get();
      }
      for (const auto& [other, unused] : node->routes)
        if (other->method == route.method) throw std::logic_error("two routes for " + path);
      node->routes.emplace_back(&route, &table);
    }
}

std::string Router::full_path(const RouteTable& table, const Route& route) const {
  return table.face == Face::v1 ? prefix_ + std::string(route.path) : std::string(route.path);
}

bool Router::in_v1(std::string_view path) const noexcept {
  return path.starts_with(prefix_) && (path.size() == prefix_.size() || path[prefix_.size()] == '/');
}

const Router::Node* Router::find(std::string_view path, std::vector<std::string>& captured) const {
  if (path.empty() || path.front() != '/') return nullptr;
  const Node* node = &root_;
  while (!path.empty()) {
    const std::string_view segment = next_segment(path);
    if (const auto found = node->literal.find(segment); found != node->literal.end()) {
      node = found->second.get();
    } else if (node->parameter && !segment.empty()) {
      captured.emplace_back(segment);
      node = node->parameter.get();
    } else {
      return nullptr;
    }
  }
  return node->routes.empty() ? nullptr : node;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  std::vector<std::string> captured;
  const Node* node = find(path, captured);
  if (!node) {
    std::string other(path);
    if (other.size() > 1 && other.back() == '/')
      other.erase(other.find_last_not_of('/') + 1);
    else
      other += '/';
    captured.clear();
    match.slash_redirect = path != "/" && find(other, captured) != nullptr;
    return match;
  }
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const auto& [route, table] : node->routes) {
    match.allowed.push_back(route->method);
    if (to_string(route->method) != wanted) continue;
    match.route = route;
    match.table = table;
  }
  if (!match.route) return match;
  std::size_t index = 0;
  for (std::string_view rest = match.route->path; !rest.empty();) {
    const std::string_view segment = next_segment(rest);
    if (is_parameter(segment))
      match.parameters.emplace_back(segment.substr(1, segment.size() - 2), std::move(captured.at(index++)));
  }
  return match;
}

}  // namespace backend::server
