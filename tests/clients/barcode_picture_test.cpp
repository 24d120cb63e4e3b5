#include "clients/cli/barcode_picture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>

namespace paxid::cli {
namespace {

const std::string kShort = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 100";
const std::string kLong =
    "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 14D>6181WW6225BAC 0014123456003"
    "2A0141234567890 1AC AC 1234567890123    20KYLX58Z^108ABCDEFGH";
constexpr Symbology kAll[] = {Symbology::kPdf417, Symbology::kAztec, Symbology::kQr,
                              Symbology::kDataMatrix};

std::size_t at(const Picture& picture, int x, int y) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
         static_cast<std::size_t>(x);
}

Picture turned(const Picture& from) {
  Picture to;
  to.width = from.height;
  to.height = from.width;
  to.pixels.resize(from.pixels.size());
  for (int y = 0; y < from.height; ++y) {
    for (int x = 0; x < from.width; ++x) {
      to.pixels[at(to, from.height - 1 - y, x)] = from.pixels[at(from, x, y)];
    }
  }
  return to;
}

Picture blurred(const Picture& from) {
  Picture to = from;
  for (int y = 1; y + 1 < from.height; ++y) {
    for (int x = 1; x + 1 < from.width; ++x) {
      int sum = 0;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) sum += from.pixels[at(from, x + dx, y + dy)];
      }
      to.pixels[at(to, x, y)] = static_cast<std::uint8_t>(sum / 9);
    }
  }
  return to;
}

// Two pixels of a hundred inverted.
Picture speckled(Picture picture) {
  std::mt19937 random(792);
  for (std::uint8_t& pixel : picture.pixels) {
    if (random() % 100 < 2) pixel = static_cast<std::uint8_t>(~pixel);
  }
  return picture;
}

std::string text_in(const Picture& picture) {
  const auto found = read_barcode(picture);
  return found ? found->text : "nothing: " + found.error().message;
}

TEST(BarcodePicture, WhatIsDrawnIsRead) {
  for (const Symbology symbology : kAll) {
    for (const std::string& text : {kShort, kLong}) {
      const auto picture = draw_barcode(text, symbology);
      ASSERT_TRUE(picture) << name_of(symbology);
      const auto found = read_barcode(*picture);
      ASSERT_TRUE(found) << name_of(symbology);
      EXPECT_EQ(found->text, text) << name_of(symbology);
      EXPECT_EQ(found->symbology, symbology);
    }
  }
}

TEST(BarcodePicture, TurnedBlurredAndSpeckledPicturesAreRead) {
  for (const Symbology symbology : kAll) {
    const auto picture = draw_barcode(kLong, symbology);
    ASSERT_TRUE(picture);
    EXPECT_EQ(text_in(turned(*picture)), kLong) << name_of(symbology);
    EXPECT_EQ(text_in(turned(turned(*picture))), kLong) << name_of(symbology);
    EXPECT_EQ(text_in(blurred(*picture)), kLong) << name_of(symbology);
    EXPECT_EQ(text_in(speckled(*picture)), kLong) << name_of(symbology);
  }
}

TEST(BarcodePicture, FilesGoThroughPng) {
  const auto path = std::filesystem::temp_directory_path() / "paxid_barcode_picture_test.png";
  const auto picture = draw_barcode(kLong, Symbology::kAztec);
  ASSERT_TRUE(picture);
  ASSERT_TRUE(save_png(*picture, path));
  const auto loaded = load_png(path);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->pixels, picture->pixels);
  EXPECT_EQ(text_in(*loaded), kLong);
  std::filesystem::remove(path);
  EXPECT_EQ(load_png(path).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(save_png(*picture, "/no/such/folder/x.png").error().code,
            base::ErrorCode::kUnavailable);
}

TEST(BarcodePicture, APictureWithoutACodeSaysWhatToDo) {
  Picture white;
  white.width = white.height = 200;
  white.pixels.assign(200 * 200, 0xFF);
  const auto found = read_barcode(white);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::ErrorCode::kNotFound);
  EXPECT_NE(found.error().message.find("white border"), std::string::npos);
}

TEST(BarcodePicture, RefusesWhatIsNoPngAndWhatIsTooLarge) {
  EXPECT_EQ(decode_png("").error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(decode_png("\xFF\xD8\xFF\xE0 a photograph").error().code,
            base::ErrorCode::kInvalidArgument);
  // The header of a PNG of 60000 x 60000 pixels, and nothing behind it.
  const std::string huge(
      "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\0\0\0\0\x58\xE2\x26\x11", 33);
  EXPECT_FALSE(decode_png(huge));
}

TEST(BarcodePicture, RefusesTextThatDoesNotFit) {
  for (const Symbology symbology : kAll) {
    EXPECT_FALSE(draw_barcode("", symbology));
    EXPECT_FALSE(draw_barcode(std::string(20'000, 'A'), symbology)) << name_of(symbology);
    EXPECT_EQ(*symbology_from(name_of(symbology)), symbology);
  }
  EXPECT_FALSE(symbology_from("code128"));
}

}  // namespace
}  // namespace paxid::cli
