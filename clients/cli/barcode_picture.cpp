#include "clients/cli/barcode_picture.h"

#include <png.h>
#include <turbojpeg.h>

#define ZX_USE_UTF8 1
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <numbers>
#include <optional>

#include "base/check.h"

namespace paxid::cli {
namespace {

struct SymbologyRow {
  Symbology symbology;
  std::string_view name;
  ZXing::BarcodeFormat format;
  int pixels_a_module;
};
constexpr std::array kSymbologies{
    SymbologyRow{Symbology::kPdf417, "pdf417", ZXing::BarcodeFormat::PDF417, 3},
    SymbologyRow{Symbology::kAztec, "aztec", ZXing::BarcodeFormat::Aztec, 6},
    SymbologyRow{Symbology::kQr, "qr", ZXing::BarcodeFormat::QRCode, 6},
    SymbologyRow{Symbology::kDataMatrix, "datamatrix", ZXing::BarcodeFormat::DataMatrix, 6},
};

const SymbologyRow& row_of(Symbology symbology) {
  return kSymbologies[static_cast<std::size_t>(symbology)];
}

std::size_t pixel_count(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

// Every pixel becomes the middle one of the nine around it; at the border, of those there are
// with the border's own repeated.
Picture without_noise(const Picture& picture) {
  Picture smooth = picture;
  const auto row_at = [&](int y) {
    const int inside = std::clamp(y, 0, picture.height - 1);
    return picture.pixels.data() + pixel_count(picture.width, inside);
  };
  for (int y = 0; y < picture.height; ++y) {
    const std::array<const std::uint8_t*, 3> rows{row_at(y - 1), row_at(y), row_at(y + 1)};
    std::uint8_t* out = smooth.pixels.data() + pixel_count(picture.width, y);
    for (int x = 0; x < picture.width; ++x) {
      const int left = std::max(x - 1, 0);
      const int right = std::min(x + 1, picture.width - 1);
      std::array<std::uint8_t, 9> around{};
      std::size_t count = 0;
      for (const std::uint8_t* row : rows) {
        for (const int column : {left, x, right}) around[count++] = row[column];
      }
      std::nth_element(around.begin(), around.begin() + 4, around.end());
      out[x] = around[4];
    }
  }
  return smooth;
}

// Every four pixels become one: edges that smoothing has rounded are straight again.
Picture halved(const Picture& picture) {
  Picture half;
  half.width = std::max(picture.width / 2, 1);
  half.height = std::max(picture.height / 2, 1);
  half.pixels.resize(pixel_count(half.width, half.height));
  const auto pixel = [&](int x, int y) {
    return picture.pixels[pixel_count(picture.width, std::min(y, picture.height - 1)) +
                          static_cast<std::size_t>(std::min(x, picture.width - 1))];
  };
  for (int y = 0; y < half.height; ++y) {
    for (int x = 0; x < half.width; ++x) {
      const int sum = pixel(2 * x, 2 * y) + pixel(2 * x + 1, 2 * y) + pixel(2 * x, 2 * y + 1) +
                      pixel(2 * x + 1, 2 * y + 1);
      half.pixels[pixel_count(half.width, y) + static_cast<std::size_t>(x)] =
          static_cast<std::uint8_t>(sum / 4);
    }
  }
  return half;
}

// Turned about its middle, on a white ground; every pixel is the nearest one of the picture.
Picture turned(const Picture& picture, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  const auto side = [&](int along, int across) {
    return static_cast<int>(along * cosine + across * sine) + 1;
  };
  Picture out;
  out.width = side(picture.width, picture.height);
  out.height = side(picture.height, picture.width);
  out.pixels.assign(pixel_count(out.width, out.height), 0xFF);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const double right = x - out.width / 2.0;
      const double down = y - out.height / 2.0;
      const auto from_x = std::lround(picture.width / 2.0 + right * cosine + down * sine);
      const auto from_y = std::lround(picture.height / 2.0 - right * sine + down * cosine);
      if (from_x < 0 || from_y < 0 || from_x >= picture.width || from_y >= picture.height) continue;
      out.pixels[pixel_count(out.width, y) + static_cast<std::size_t>(x)] =
          picture.pixels[pixel_count(picture.width, static_cast<int>(from_y)) +
                         static_cast<std::size_t>(from_x)];
    }
  }
  return out;
}

std::optional<BarcodeText> text_of(const ZXing::Result& result) {
  for (const SymbologyRow& row : kSymbologies) {
    if (row.format != result.format()) continue;
    const auto& bytes = result.bytes();
    return BarcodeText{std::string(bytes.begin(), bytes.end()), row.symbology};
  }
  return std::nullopt;
}

std::vector<BarcodeText> find_barcodes(const Picture& picture) {
  ZXing::DecodeHints hints;
  hints.setTryHarder(true).setTryRotate(true).setTryDownscale(true);
  hints.setMaxNumberOfSymbols(kMaxBarcodes);
  ZXing::BarcodeFormats formats;
  for (const SymbologyRow& row : kSymbologies) formats |= row.format;
  hints.setFormats(formats);
  const ZXing::ImageView view(picture.pixels.data(), picture.width, picture.height,
                              ZXing::ImageFormat::Lum);
  std::vector<BarcodeText> barcodes;
  for (const ZXing::Result& result : ZXing::ReadBarcodes(view, hints)) {
    auto barcode = result.isValid() ? text_of(result) : std::nullopt;
    if (!barcode) continue;
    const bool known = std::any_of(barcodes.begin(), barcodes.end(), [&](const BarcodeText& other) {
      return other.text == barcode->text;
    });
    if (!known) barcodes.push_back(std::move(*barcode));
  }
  return barcodes;
}

// White paper around a matrix, and each module as many pixels.
Picture enlarged(const ZXing::BitMatrix& modules, int scale) {
  constexpr int kQuietModules = 8;
  Picture picture;
  picture.width = (modules.width() + 2 * kQuietModules) * scale;
  picture.height = (modules.height() + 2 * kQuietModules) * scale;
  picture.pixels.assign(pixel_count(picture.width, picture.height), 0xFF);
  const std::size_t margin = std::size_t{kQuietModules} * static_cast<std::size_t>(scale);
  for (int y = 0; y < modules.height() * scale; ++y) {
    for (int x = 0; x < modules.width() * scale; ++x) {
      if (!modules.get(x / scale, y / scale)) continue;
      const std::size_t row = margin + static_cast<std::size_t>(y);
      const std::size_t column = margin + static_cast<std::size_t>(x);
      picture.pixels[row * static_cast<std::size_t>(picture.width) + column] = 0;
    }
  }
  return picture;
}

bool is_too_large(std::uint64_t width, std::uint64_t height) {
  constexpr auto kMaxSide = static_cast<std::uint64_t>(kMaxPictureSide);
  return width > kMaxSide || height > kMaxSide || width * height > kMaxPicturePixels;
}

base::Result<Picture> refuse_size() {
  return base::fail(base::ErrorCode::kResourceExhausted,
                    "the picture is larger than 25 million pixels; cut it to the barcode");
}

base::Result<Picture> decode_png(std::string_view bytes) {
  const auto damaged = [] {
    return base::fail(base::ErrorCode::kInvalidArgument, "the PNG picture is damaged");
  };
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return damaged();
  if (is_too_large(image.width, image.height)) {
    png_image_free(&image);
    return refuse_size();
  }
  image.format = PNG_FORMAT_GRAY;
  Picture picture;
  picture.width = static_cast<int>(image.width);
  picture.height = static_cast<int>(image.height);
  picture.pixels.resize(pixel_count(picture.width, picture.height));
  const png_color white{0xFF, 0xFF, 0xFF};
  if (png_image_finish_read(&image, &white, picture.pixels.data(), 0, nullptr) == 0) {
    png_image_free(&image);
    return damaged();
  }
  return picture;
}

base::Result<Picture> decode_jpeg(std::string_view bytes) {
  const auto damaged = [] {
    return base::fail(base::ErrorCode::kInvalidArgument, "the JPEG picture is damaged");
  };
  const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  Picture picture;
  int subsampling = 0, colours = 0;
  if (!decoder || tjDecompressHeader3(decoder.get(), data, bytes.size(), &picture.width,
                                      &picture.height, &subsampling, &colours) != 0) {
    return damaged();
  }
  if (picture.width < 1 || picture.height < 1) return damaged();
  if (is_too_large(static_cast<std::uint64_t>(picture.width),
                   static_cast<std::uint64_t>(picture.height))) {
    return refuse_size();
  }
  picture.pixels.resize(pixel_count(picture.width, picture.height));
  // A picture whose end is missing is still decoded, and warned of: not what was photographed.
  if (tjDecompress2(decoder.get(), data, bytes.size(), picture.pixels.data(), picture.width, 0,
                    picture.height, TJPF_GRAY, TJFLAG_STOPONWARNING) != 0) {
    return damaged();
  }
  return picture;
}

}  // namespace

std::string_view name_of(Symbology symbology) { return row_of(symbology).name; }

base::Result<Symbology> symbology_from(std::string_view name) {
  for (const SymbologyRow& row : kSymbologies) {
    if (row.name == name) return row.symbology;
  }
  return base::fail(base::ErrorCode::kInvalidArgument,
                    "no such symbology; use pdf417, aztec, qr or datamatrix", "--symbology");
}

base::Result<Picture> decode_picture(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG")) return decode_png(bytes);
  if (bytes.starts_with("\xFF\xD8\xFF")) return decode_jpeg(bytes);
  return base::fail(base::ErrorCode::kInvalidArgument,
                    "the file is neither a PNG nor a JPEG picture; convert it to PNG first");
}

base::Result<Picture> load_picture(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return base::fail(base::ErrorCode::kNotFound, "cannot read the picture");
  const auto size = file.tellg();
  if (size < 0) return base::fail(base::ErrorCode::kNotFound, "cannot read the picture");
  if (static_cast<std::uintmax_t>(size) > kMaxPictureFileBytes) {
    return base::fail(base::ErrorCode::kResourceExhausted,
                      "the picture's file is larger than 64 MiB");
  }
  file.seekg(0);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  return decode_picture(bytes);
}

bool is_picture_name(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  std::string ending(dot == std::string_view::npos ? "" : path.substr(dot + 1));
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return ending == "png" || ending == "jpg" || ending == "jpeg";
}

base::Result<void> save_png(const Picture& picture, const std::string& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_GRAY;
  if (png_image_write_to_file(&image, path.c_str(), 0, picture.pixels.data(), 0, nullptr) == 0) {
    return base::fail(base::ErrorCode::kUnavailable, "cannot write the picture");
  }
  return {};
}

base::Result<std::vector<BarcodeText>> read_barcodes(const Picture& picture) {
  PAXID_CHECK(picture.pixels.size() == pixel_count(picture.width, picture.height));
  try {
    if (auto found = find_barcodes(picture); !found.empty()) return found;
    const Picture smooth = without_noise(picture);
    if (auto found = find_barcodes(smooth); !found.empty()) return found;
    if (auto found = find_barcodes(halved(smooth)); !found.empty()) return found;
    // The library finds an Aztec code only where its sides are nearly level; it tries quarter
    // turns itself.
    for (const double degrees : {15, 30, 45, 60, 75}) {
      if (auto found = find_barcodes(turned(picture, degrees)); !found.empty()) return found;
    }
  } catch (const std::exception&) {
    return base::fail(base::ErrorCode::kInternal, "the barcode library failed on this picture");
  }
  return base::fail(base::ErrorCode::kNotFound,
                    "no PDF417, Aztec, QR or Data Matrix code in the picture; take it straight "
                    "from above, with the whole code and a white border, and without glare");
}

base::Result<Picture> draw_barcode(const std::string& text, Symbology symbology) {
  const SymbologyRow& row = row_of(symbology);
  const auto refuse = [] {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      "the text is empty or too long for this symbology");
  };
  if (text.empty()) return refuse();
  try {
    ZXing::MultiFormatWriter writer(row.format);
    writer.setMargin(0);
    return enlarged(writer.encode(text, 0, 0), row.pixels_a_module);
  } catch (const std::exception&) {
    return refuse();
  }
}

}  // namespace paxid::cli
