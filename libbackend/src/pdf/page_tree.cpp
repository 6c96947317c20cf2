#include "page_tree.h"

#include <set>

#include "budget.h"

namespace backend::pdf {
namespace {

class Walk {
 public:
  explicit Walk(std::size_t max_pages) : max_pages_(max_pages) {}

  /// Depth first with a stack of its own: trees may be as deep as a hostile file makes them.
  void run(Object root, const PageNode& inherited) {
    stack_.push_back({root, inherited});
    while (!stack_.empty()) {
      const PageNode node = std::move(stack_.back().second);
      Object object = stack_.back().first;
      stack_.pop_back();
      visit(object, node);
    }
  }

  void add(const PageNode& page) {
    if (pages_.size() >= max_pages_) throw_limit("max_pages");
    pages_.push_back(page);
  }

  std::vector<PageNode> take() { return std::move(pages_); }
  bool found() const { return !pages_.empty(); }

 private:
  friend std::vector<PageNode> backend::pdf::find_pages(QPDF&, std::size_t);

  void visit(Object object, PageNode node) {
    if (!object.isDictionary()) return;
    if (object.isIndirect() && !visited_.insert(object.getObjectID()).second) return;
    inherit(object, node);
    const auto type =
        has_entry(object, "/Type") ? name(entry(object, "/Type")) : name(entry(object, "/type"));
    if (type == "Page") return add(node);
    if (type != "Pages") return;
    std::vector<Object> kids = elements(entry(object, "/Kids"));
    for (auto kid = kids.rbegin(); kid != kids.rend(); ++kid) stack_.push_back({*kid, node});
  }

  static void inherit(Object object, PageNode& node) {
    node.dict = object;
    const auto take = [&](const char* key, Object& slot) {
      if (has_entry(object, key)) slot = object.getKey(key);
    };
    take("/Resources", node.resources);
    take("/MediaBox", node.mediabox);
    take("/CropBox", node.cropbox);
    take("/Rotate", node.rotate);
  }

  std::size_t max_pages_;
  std::vector<PageNode> pages_;
  std::vector<std::pair<Object, PageNode>> stack_;
  std::set<int> visited_;
};

PageNode empty_node() {
  const Object null = Object::newNull();
  return {null, null, null, null, null};
}

}  // namespace

std::vector<PageNode> find_pages(QPDF& document, std::size_t max_pages) {
  Walk walk(max_pages);
  Object root = document.getTrailer().getKey("/Root");
  if (has_entry(root, "/Pages")) walk.run(root.getKey("/Pages"), empty_node());
  if (walk.found()) return walk.take();
  // Without a tree: every page object of the file.
  for (const auto& [id, position] : document.getXRefTable()) {
    Object object = document.getObjectByID(id.getObj(), id.getGen());
    if (!object.isDictionary() || name(entry(object, "/Type")) != "Page") continue;
    PageNode node = empty_node();
    Walk::inherit(object, node);
    walk.add(node);
  }
  return walk.take();
}

}  // namespace backend::pdf
