#include "cmaps.h"

#include <map>
#include <memory>
#include <mutex>

#include "packed_tables.h"

namespace backend::pdf {
namespace {

/// Tables of one kind, loaded when first asked for and never changed after.
template <class Table>
class LoadedTables {
 public:
  template <class Load>
  const Table* find(const std::string& name, Load&& load) {
    const std::lock_guard lock(mutex_);
    const auto found = tables_.find(name);
    if (found != tables_.end()) return found->second.get();
    std::unique_ptr<const Table> table = load();
    // Names come from documents: only those of real tables may take memory.
    if (!table) return nullptr;
    return tables_.emplace(name, std::move(table)).first->second.get();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<const Table>> tables_;
};

}  // namespace

void CodeMap::put(std::uint32_t code, int length, std::uint32_t cid) {
  std::size_t node = 0;
  for (int left = length - 1; left > 0; --left) {
    const auto byte = static_cast<unsigned char>(code >> (8 * left));
    std::int32_t next = nodes_[node][byte];
    if (next <= 0) {
      next = static_cast<std::int32_t>(nodes_.size());
      nodes_[node][byte] = next;
      nodes_.emplace_back();
    }
    node = static_cast<std::size_t>(next);
  }
  nodes_[node][static_cast<unsigned char>(code)] = ~static_cast<std::int32_t>(cid);
}

void CodeMap::load(std::string_view section) {
  TableReader reader(section);
  vertical_ = reader.u8() != 0;
  if (const std::string_view base = reader.text(); !base.empty()) {
    load(packed_section("code/" + std::string(base)).value_or(""));
    vertical_ = true;
  }
  for (int length = 1; length <= 4; ++length) {
    std::uint32_t code = 0, cid = 0;
    for (std::uint32_t left = reader.varint(); left > 0; --left) {
      code += reader.varint();
      const std::uint32_t count = reader.varint() + 1;
      cid += static_cast<std::uint32_t>(reader.zigzag());
      for (std::uint32_t i = 0; i < count; ++i) put(code++, length, cid++);
    }
  }
}

const CodeMap& CodeMap::named(std::string_view name) {
  static LoadedTables<CodeMap> maps;
  static const CodeMap empty;
  const std::string key(name);
  const CodeMap* map = maps.find(key, [&]() -> std::unique_ptr<const CodeMap> {
    const auto section = packed_section("code/" + key);
    if (!section) return nullptr;
    auto loaded = std::make_unique<CodeMap>();
    loaded->load(*section);
    return loaded;
  });
  return map ? *map : empty;
}

const CidTexts* cid_texts(std::string_view collection, bool vertical) {
  static LoadedTables<CidTexts> tables;
  const std::string key = "cid/" + std::string(collection) + (vertical ? "-V" : "-H");
  return tables.find(key, [&]() -> std::unique_ptr<const CidTexts> {
    const auto section = packed_section(key);
    if (!section) return nullptr;
    auto loaded = std::make_unique<CidTexts>();
    std::uint32_t cid = 0;
    for (TableReader reader(*section); !reader.done();) {
      cid += reader.varint();
      loaded->emplace(cid, reader.text());
    }
    return loaded;
  });
}

}  // namespace backend::pdf
