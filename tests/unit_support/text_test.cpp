#include "support/text.h"

#include <backend/error.h>

#include <gtest/gtest.h>

namespace backend {
namespace {

TEST(Fold, ComparesWithoutRegardToCase) {
  EXPECT_EQ(fold("Ada@Example.COM"), "ada@example.com");
  EXPECT_EQ(fold("Stra\u00dfe"), fold("STRASSE"));
  EXPECT_EQ(fold("\ufb03"), "ffi");
  EXPECT_EQ(fold("\u03a3\u03c2"), "\u03c3\u03c3");
  EXPECT_EQ(fold(""), "");
  EXPECT_EQ(fold(std::string_view("A\0B", 3)), std::string("a\0b", 3));
}

TEST(Fold, ComposesWhatIsTheSameText) {
  EXPECT_EQ(fold("jo\u0308rg"), "j\u00f6rg");
  EXPECT_EQ(fold("J\u00d6RG"), "j\u00f6rg");
  // Greek alpha with ypogegrammeni and acute, in three orders of the same text (Unicode 3.13, D145).
  EXPECT_EQ(fold("\u03b1\u0345\u0301"), fold("\u03b1\u0301\u0345"));
  EXPECT_EQ(fold("\u1fb4"), fold("\u03b1\u0301\u0345"));
}

TEST(Fold, ChangesNothingTheSecondTime) {
  for (const char* text :
       {"Stra\u00dfe", "\u0130stanbul", "\u1fb4\u0345", "\u01c5", "\u1e9e", "\u0390", "\u212b"}) {
    EXPECT_EQ(fold(fold(text)), fold(text)) << text;
  }
}

TEST(Fold, RefusesWhatIsNotUtf8) {
  for (const char* text : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80"}) EXPECT_THROW(fold(text), Error);
}

}  // namespace
}  // namespace backend
