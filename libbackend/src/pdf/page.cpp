#include <numeric>

#include "page_data.h"
#include "table_finder.h"
#include "words.h"

namespace backend::pdf {
namespace {

WordMap words_of(const Page::Data& page, const WordOptions& options, Budget& budget) {
  check(options);
  std::vector<std::uint32_t> every(page.chars.size());
  std::iota(every.begin(), every.end(), 0u);
  return find_words(page.chars, every, options, budget);
}

}  // namespace

Page::Page(std::unique_ptr<const Data> data) : data_(std::move(data)) {}
Page::Page(Page&&) noexcept = default;
Page& Page::operator=(Page&&) noexcept = default;
Page::~Page() = default;

int Page::number() const noexcept { return data_->number; }
int Page::rotation() const noexcept { return data_->rotation; }
double Page::width() const noexcept { return data_->width(); }
double Page::height() const noexcept { return data_->height(); }
const Box& Page::bbox() const noexcept { return data_->mediabox; }
const Box& Page::mediabox() const noexcept { return data_->mediabox; }
const Box& Page::cropbox() const noexcept { return data_->cropbox; }
const std::vector<Char>& Page::chars() const noexcept { return data_->chars; }
const std::vector<std::string>& Page::font_names() const noexcept { return data_->font_names; }
const std::vector<Shape>& Page::lines() const noexcept { return data_->lines; }
const std::vector<Shape>& Page::rects() const noexcept { return data_->rects; }
const std::vector<Shape>& Page::curves() const noexcept { return data_->curves; }
const std::vector<Box>& Page::images() const noexcept { return data_->images; }

std::span<const Point> Page::points(const Shape& shape) const noexcept {
  return std::span(data_->points).subspan(shape.first_point, shape.point_count);
}

std::vector<Edge> Page::edges() const { return edges_of(*data_); }

std::string Page::extract_text(const TextOptions& options) const {
  Budget budget(data_->limits);
  return page_text(data_->chars, words_of(*data_, options.words, budget), options.words);
}

std::vector<Word> Page::extract_words(const WordOptions& options) const {
  Budget budget(data_->limits);
  const WordMap map = words_of(*data_, options, budget);
  std::vector<Word> out;
  out.reserve(map.words.size());
  for (const WordMap::Item& item : map.words) {
    out.push_back({item, word_text(data_->chars, map, item, options.expand_ligatures), item.upright});
  }
  return out;
}

std::vector<Table> Page::find_tables(const TableSettings& settings) const {
  check(settings);
  Budget budget(data_->limits);
  return tables_between(table_edges(*data_, settings, budget), settings, budget);
}

TableText Page::extract_table(const Table& table, const WordOptions& options) const {
  check(options);
  Budget budget(data_->limits);
  return std::move(table_texts(*data_, std::span(&table, 1), options, budget)[0]);
}

std::vector<TableText> Page::extract_tables(const TableSettings& settings) const {
  check(settings);
  Budget budget(data_->limits);
  const auto tables = tables_between(table_edges(*data_, settings, budget), settings, budget);
  return table_texts(*data_, tables, settings.text, budget);
}

}  // namespace backend::pdf
