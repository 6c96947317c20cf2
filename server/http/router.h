#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/route.h"

namespace backend::server {

/// Finds the row for a method and a path, segment by segment.
class Router {
 public:
  using PathParameters = std::vector<std::pair<std::string_view, std::string>>;

  struct Match {
    const Route* route = nullptr;       ///< null: see `allowed`
    const RouteTable* table = nullptr;
    PathParameters parameters;          ///< as sent, decoded
    std::vector<Method> allowed;        ///< of a path that is known; empty: no such path
    bool slash_redirect = false;        ///< the path is known with or without its last slash
  };

  /// `prefix` is what the canonical face's paths begin with.
  Router(std::span<const RouteTable> tables, std::string prefix);

  /// `path` is decoded. HEAD finds what GET does.
  Match match(std::string_view method, std::string_view path) const;
  bool in_v1(std::string_view path) const noexcept;
  std::span<const RouteTable> tables() const noexcept { return tables_; }
  std::string full_path(const RouteTable& table, const Route& route) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
    std::unique_ptr<Node> parameter;
    std::vector<std::pair<const Route*, const RouteTable*>> routes;
  };

  const Node* find(std::string_view path, std::vector<std::string>& captured) const;

  std::vector<RouteTable> tables_;
  std::string prefix_;
  Node root_;
};

}  // namespace backend::server
