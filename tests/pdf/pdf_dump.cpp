// Prints what the engine finds in a document: a JSON object for the document, then one for each page, a line
// each.
//
//     pdf_dump [--password WORD] [--table-settings text|lines_strict] [--time REPEATS WHAT] FILE
//
// Used by compare_with_pdfplumber.py, test_oracle.py and for measurements: --time prints the best time of
// reading the file, with WHAT = chars, text or tables.
#include <backend/pdf.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>

using namespace backend::pdf;

namespace {

struct Arguments {
  std::string file, what = "dump";
  OpenOptions open;
  TableSettings tables;
  int repeats = 1;
};

class Json {
 public:
  Json& raw(std::string_view text) {
    out_ += text;
    return *this;
  }
  Json& string(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out_ += '\\';
      if (static_cast<unsigned char>(c) < 0x20) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", c);
        out_ += escape;
      } else {
        out_ += c;
      }
    }
    out_ += '"';
    return *this;
  }
  Json& number(double value) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out_.append(buffer, end);
    return *this;
  }
  Json& box(const Box& b) {
    return raw("[").number(b.x0).raw(",").number(b.top).raw(",").number(b.x1).raw(",").number(b.bottom).raw(
        "]");
  }

  template <class Items, class Write>
  Json& list(const Items& items, Write write) {
    raw("[");
    bool first = true;
    for (const auto& item : items) {
      if (!first) raw(",");
      first = false;
      write(item);
    }
    return raw("]");
  }
  const std::string& text() const { return out_; }

 private:
  std::string out_;
};

void write_shapes(Json& json, const char* key, const Page& page, const std::vector<Shape>& shapes) {
  json.raw(",\"").raw(key).raw("\":").list(shapes, [&](const Shape& s) {
    json.raw("[")
        .box(s)
        .raw(s.stroke ? ",true" : ",false")
        .raw(s.fill ? ",true," : ",false,")
        .number(s.line_width);
    json.raw(",").list(page.points(s),
                       [&](Point p) { json.raw("[").number(p.x).raw(",").number(p.y).raw("]"); });
    json.raw("]");
  });
}

void write_page(const Page& page, const TableSettings& settings) {
  Json json;
  json.raw("{\"number\":").number(page.number()).raw(",\"rotation\":").number(page.rotation());
  json.raw(",\"bbox\":").box(page.bbox()).raw(",\"cropbox\":").box(page.cropbox());
  json.raw(",\"chars\":").list(page.chars(), [&](const Char& c) {
    json.raw("[").string(c.text).raw(",").string(page.font_name(c)).raw(",").number(c.size).raw(",").box(c);
    json.raw(c.upright ? ",true]" : ",false]");
  });
  write_shapes(json, "lines", page, page.lines());
  write_shapes(json, "rects", page, page.rects());
  write_shapes(json, "curves", page, page.curves());
  json.raw(",\"images\":").list(page.images(), [&](const Box& b) { json.box(b); });
  json.raw(",\"text\":").string(page.extract_text());
  json.raw(",\"words\":").list(page.extract_words(), [&](const Word& w) {
    json.raw("[").string(w.text).raw(",").box(w).raw(w.upright ? ",true]" : ",false]");
  });
  json.raw(",\"edges\":").list(page.edges(), [&](const Edge& e) {
    json.raw("[").box(e).raw(",").number(static_cast<int>(e.orientation)).raw("]");
  });
  json.raw(",\"table_boxes\":").list(page.find_tables(settings), [&](const Table& t) { json.box(t.bbox); });
  json.raw(",\"tables\":").list(page.extract_tables(settings), [&](const TableText& table) {
    json.list(table, [&](const auto& row) {
      json.list(row, [&](const auto& cell) { cell ? json.string(*cell) : json.raw("null"); });
    });
  });
  json.raw("}\n");
  std::cout << json.text();
}

void dump(const Arguments& arguments) {
  Document document = Document::open(arguments.file, arguments.open);
  Json json;
  json.raw("{\"page_count\":").number(static_cast<double>(document.page_count())).raw(",\"metadata\":{");
  bool first = true;
  for (const auto& [name, value] : document.metadata()) {
    if (!first) json.raw(",");
    first = false;
    json.string(name).raw(":").raw(value);
  }
  json.raw("}}\n");
  std::cout << json.text();
  for (std::size_t i = 0; i < document.page_count(); ++i) {
    try {
      write_page(document.page(i), arguments.tables);
    } catch (const backend::Error& e) {
      std::cout << Json()
                       .raw("{\"number\":")
                       .number(static_cast<double>(i + 1))
                       .raw(",\"error\":")
                       .string(e.what())
                       .raw("}\n")
                       .text();
    }
  }
}

void read_once(const Arguments& arguments) {
  Document document = Document::open(arguments.file, arguments.open);
  for (std::size_t i = 0; i < document.page_count(); ++i) {
    const Page page = document.page(i);
    if (arguments.what == "text") page.extract_text();
    if (arguments.what == "tables") page.extract_tables(arguments.tables);
  }
}

void measure(const Arguments& arguments) {
  double best = 1e300;
  for (int i = 0; i < arguments.repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    read_once(arguments);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count());
  }
  std::cout << best << "\n";
}

Arguments parse(int count, char** values) {
  Arguments out;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = values[i];
    if (word == "--password" && i + 1 < count) {
      out.open.password = values[++i];
    } else if (word == "--table-settings" && i + 1 < count) {
      const bool text = std::strcmp(values[++i], "text") == 0;
      out.tables.vertical_strategy = out.tables.horizontal_strategy =
          text ? TableStrategy::text : TableStrategy::lines_strict;
    } else if (word == "--time" && i + 2 < count) {
      out.repeats = std::atoi(values[++i]);
      out.what = values[++i];
    } else {
      out.file = word;
    }
  }
  return out;
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments = parse(count, values);
  try {
    arguments.what == "dump" ? dump(arguments) : measure(arguments);
    return 0;
  } catch (const backend::Error& e) {
    std::cout << Json()
                     .raw("{\"error\":")
                     .string(e.what())
                     .raw(",\"code\":")
                     .number(static_cast<int>(e.code()))
                     .raw("}\n")
                     .text();
    return 1;
  }
}
