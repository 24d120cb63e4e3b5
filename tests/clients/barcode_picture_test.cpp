#include "clients/cli/barcode_picture.h"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

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
  const auto found = read_barcodes(picture);
  if (!found) return "nothing: " + found.error().message;
  return found->size() == 1 ? found->front().text : "several";
}

TEST(BarcodePicture, WhatIsDrawnIsRead) {
  for (const Symbology symbology : kAll) {
    for (const std::string& text : {kShort, kLong}) {
      const auto picture = draw_barcode(text, symbology);
      ASSERT_TRUE(picture) << name_of(symbology);
      const auto found = read_barcodes(*picture);
      ASSERT_TRUE(found) << name_of(symbology);
      ASSERT_EQ(found->size(), 1U) << name_of(symbology);
      EXPECT_EQ(found->front().text, text) << name_of(symbology);
      EXPECT_EQ(found->front().symbology, symbology);
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

// Between the pixels of the picture: how a camera at another distance or angle sees it.
double sampled(const Picture& picture, double x, double y) {
  const int left = static_cast<int>(std::floor(x)), top = static_cast<int>(std::floor(y));
  const double right_part = x - left, lower_part = y - top;
  const auto pixel = [&](int column, int row) {
    const bool inside = column >= 0 && row >= 0 && column < picture.width && row < picture.height;
    return inside ? static_cast<double>(picture.pixels[at(picture, column, row)]) : 255.0;
  };
  const double upper = pixel(left, top) * (1 - right_part) + pixel(left + 1, top) * right_part;
  const double lower =
      pixel(left, top + 1) * (1 - right_part) + pixel(left + 1, top + 1) * right_part;
  return upper * (1 - lower_part) + lower * lower_part;
}

// Turned by so many degrees about its middle and enlarged, on a white ground.
Picture seen(const Picture& from, double degrees, double scale) {
  const double angle = degrees * 3.14159265358979 / 180;
  const double cosine = std::cos(angle), sine = std::sin(angle);
  const auto side = [&](double a, double b) {
    return static_cast<int>(scale * (std::abs(a * cosine) + std::abs(b * sine))) + 1;
  };
  Picture to;
  to.width = side(from.width, from.height);
  to.height = side(from.height, from.width);
  to.pixels.resize(static_cast<std::size_t>(to.width) * static_cast<std::size_t>(to.height));
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      const double dx = (x - to.width / 2.0) / scale, dy = (y - to.height / 2.0) / scale;
      const double value = sampled(from, from.width / 2.0 + dx * cosine + dy * sine,
                                   from.height / 2.0 - dx * sine + dy * cosine);
      to.pixels[at(to, x, y)] = static_cast<std::uint8_t>(value);
    }
  }
  return to;
}

TEST(BarcodePicture, PicturesAtAnAngleAndOfAnotherSizeAreRead) {
  for (const Symbology symbology : kAll) {
    const auto picture = draw_barcode(kLong, symbology);
    ASSERT_TRUE(picture);
    for (const double scale : {0.7, 1.0, 1.9}) {
      EXPECT_EQ(text_in(seen(*picture, 0, scale)), kLong) << name_of(symbology) << " " << scale;
    }
    for (const double degrees : {3.0, -4.0, 180.0}) {
      EXPECT_EQ(text_in(seen(*picture, degrees, 1.5)), kLong)
          << name_of(symbology) << " at " << degrees;
    }
  }
  // The square codes carry marks that say how they are turned.
  for (const Symbology symbology : {Symbology::kAztec, Symbology::kQr}) {
    const auto picture = draw_barcode(kLong, symbology);
    ASSERT_TRUE(picture);
    for (double degrees = 0; degrees < 360; degrees += 30) {
      EXPECT_EQ(text_in(seen(*picture, degrees, 1.5)), kLong)
          << name_of(symbology) << " at " << degrees;
    }
  }
}

std::string jpeg_of(const Picture& picture, int quality) {
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const int failed = tjCompress2(encoder.get(), picture.pixels.data(), picture.width, 0,
                                 picture.height, TJPF_GRAY, &bytes, &size, TJSAMP_GRAY, quality, 0);
  std::string text = failed ? "" : std::string(reinterpret_cast<const char*>(bytes), size);
  tjFree(bytes);
  return text;
}

TEST(BarcodePicture, JpegIsReadAndADamagedOneRefused) {
  for (const Symbology symbology : kAll) {
    const auto picture = draw_barcode(kLong, symbology);
    ASSERT_TRUE(picture);
    const std::string bytes = jpeg_of(*picture, 40);
    const auto decoded = decode_picture(bytes);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->width, picture->width);
    EXPECT_EQ(text_in(*decoded), kLong) << name_of(symbology);
  }
  const std::string whole = jpeg_of(*draw_barcode(kShort, Symbology::kAztec), 90);
  for (std::size_t length = 0; length + 2 < whole.size(); length += 37) {
    const auto cut = decode_picture(whole.substr(0, length));
    ASSERT_FALSE(cut) << length;
    EXPECT_EQ(cut.error().code, base::ErrorCode::kInvalidArgument);
  }
}

TEST(BarcodePicture, ANameSaysWhetherItIsAPicture) {
  for (const char* name : {"a.png", "a.PNG", "b/c.jpg", "d.e.JpEg"}) {
    EXPECT_TRUE(is_picture_name(name)) << name;
  }
  for (const char* name : {"", "png", "a.gif", "M1DESMARAIS/LUC", "a.png.txt"}) {
    EXPECT_FALSE(is_picture_name(name)) << name;
  }
}

TEST(BarcodePicture, FilesGoThroughPng) {
  const auto path = std::filesystem::temp_directory_path() / "paxid_barcode_picture_test.png";
  const auto picture = draw_barcode(kLong, Symbology::kAztec);
  ASSERT_TRUE(picture);
  ASSERT_TRUE(save_png(*picture, path));
  const auto loaded = load_picture(path);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->pixels, picture->pixels);
  EXPECT_EQ(text_in(*loaded), kLong);
  std::filesystem::remove(path);
  EXPECT_EQ(load_picture(path).error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(save_png(*picture, "/no/such/folder/x.png").error().code,
            base::ErrorCode::kUnavailable);
}

// Two pictures on one sheet, one above the other.
Picture stacked(const Picture& above, const Picture& below) {
  Picture sheet;
  sheet.width = std::max(above.width, below.width);
  sheet.height = above.height + below.height;
  sheet.pixels.assign(
      static_cast<std::size_t>(sheet.width) * static_cast<std::size_t>(sheet.height), 0xFF);
  int top = 0;
  for (const Picture* part : {&above, &below}) {
    for (int y = 0; y < part->height; ++y) {
      for (int x = 0; x < part->width; ++x) {
        sheet.pixels[at(sheet, x, top + y)] = part->pixels[at(*part, x, y)];
      }
    }
    top += part->height;
  }
  return sheet;
}

TEST(BarcodePicture, EveryCodeOfAPictureIsFoundOnce) {
  const auto pass = draw_barcode(kLong, Symbology::kPdf417);
  const auto other = draw_barcode(kShort, Symbology::kQr);
  ASSERT_TRUE(pass && other);
  const auto found = read_barcodes(stacked(*pass, *other));
  ASSERT_TRUE(found);
  std::vector<std::string> texts;
  for (const BarcodeText& barcode : *found) texts.push_back(barcode.text);
  std::sort(texts.begin(), texts.end());
  std::vector<std::string> expected{kLong, kShort};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(texts, expected);
  EXPECT_EQ(text_in(stacked(*pass, *pass)), kLong);
}

TEST(BarcodePicture, APictureWithoutACodeSaysWhatToDo) {
  Picture white;
  white.width = white.height = 200;
  white.pixels.assign(200 * 200, 0xFF);
  const auto found = read_barcodes(white);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::ErrorCode::kNotFound);
  EXPECT_NE(found.error().message.find("white border"), std::string::npos);
}

TEST(BarcodePicture, RefusesWhatIsNoPngAndWhatIsTooLarge) {
  EXPECT_EQ(decode_picture("").error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(decode_picture("\xFF\xD8\xFF\xE0 a photograph").error().code,
            base::ErrorCode::kInvalidArgument);
  // The header of a PNG of 60000 x 60000 pixels, and nothing behind it.
  const std::string huge(
      "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\0\0\0\0\x58\xE2\x26\x11", 33);
  EXPECT_FALSE(decode_picture(huge));
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
