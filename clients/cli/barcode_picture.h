#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

// Barcodes as pictures: the symbologies that boarding passes are printed in (IATA Resolution
// 792: PDF417 on paper; Aztec, QR and Data Matrix on telephones and, since version 7, on paper).
namespace paxid::cli {

enum class Symbology : std::uint8_t { kPdf417, kAztec, kQr, kDataMatrix };
// "pdf417", "aztec", "qr", "datamatrix". Static lifetime.
std::string_view name_of(Symbology symbology);
// kInvalidArgument for any other name.
base::Result<Symbology> symbology_from(std::string_view name);

inline constexpr int kMaxPictureSide = 10'000;
inline constexpr std::size_t kMaxPicturePixels = 25'000'000;
inline constexpr std::size_t kMaxPictureFileBytes = 64u << 20;

// A grey picture, row by row; 0 is black.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  // width * height
};

// PNG or JPEG of any kind, told apart by their first bytes; transparent parts are white.
// kNotFound, kInvalidArgument (neither, or damaged), kResourceExhausted (larger than the limits
// above).
base::Result<Picture> load_picture(const std::string& path);
base::Result<Picture> decode_picture(std::string_view bytes);
// Whether a file's name ends as that of a picture does: .png, .jpg, .jpeg, in any case.
bool is_picture_name(std::string_view path);
// kUnavailable when the file cannot be written.
base::Result<void> save_png(const Picture& picture, const std::string& path);

struct BarcodeText {
  std::string text;  // the bytes in the barcode
  Symbology symbology = Symbology::kPdf417;
};
inline constexpr std::size_t kMaxBarcodes = 16;
// The barcodes of the picture, however they are turned, each text once, at most kMaxBarcodes;
// further tries smooth the noise of a camera away until one is found. Never empty. kNotFound says
// what to do.
base::Result<std::vector<BarcodeText>> read_barcodes(const Picture& picture);

// Black on white with a quiet zone, a few pixels a module. kInvalidArgument when the text is
// empty or too long for the symbology.
base::Result<Picture> draw_barcode(const std::string& text, Symbology symbology);

}  // namespace paxid::cli
