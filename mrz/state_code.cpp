#include "mrz/state_code.h"

#include <array>
#include <cstddef>

#include "mrz/check_digit.h"

namespace paxid::mrz {
namespace {

// ISO 3166-1 alpha-3 without DEU.
constexpr std::string_view kIso3166 =
    "ABWAFGAGOAIAALAALBANDAREARGARMASMATAATFATGAUSAUTAZEBDIBELBEN"
    "BESBFABGDBGRBHRBHSBIHBLMBLRBLZBMUBOLBRABRBBRNBTNBVTBWACAFCAN"
    "CCKCHECHLCHNCIVCMRCODCOGCOKCOLCOMCPVCRICUBCUWCXRCYMCYPCZE"
    "DJIDMADNKDOMDZAECUEGYERIESHESPESTETHFINFJIFLKFRAFROFSMGABGBR"
    "GEOGGYGHAGIBGINGLPGMBGNBGNQGRCGRDGRLGTMGUFGUMGUYHKGHMDHNDHRV"
    "HTIHUNIDNIMNINDIOTIRLIRNIRQISLISRITAJAMJEYJORJPNKAZKENKGZKHM"
    "KIRKNAKORKWTLAOLBNLBRLBYLCALIELKALSOLTULUXLVAMACMAFMARMCOMDA"
    "MDGMDVMEXMHLMKDMLIMLTMMRMNEMNGMNPMOZMRTMSRMTQMUSMWIMYSMYTNAM"
    "NCLNERNFKNGANICNIUNLDNORNPLNRUNZLOMNPAKPANPCNPERPHLPLWPNGPOL"
    "PRIPRKPRTPRYPSEPYFQATREUROURUSRWASAUSDNSENSGPSGSSHNSJMSLBSLE"
    "SLVSMRSOMSPMSRBSSDSTPSURSVKSVNSWESWZSXMSYCSYRTCATCDTGOTHATJK"
    "TKLTKMTLSTONTTOTUNTURTUVTWNTZAUGAUKRUMIURYUSAUZBVATVCTVENVGB"
    "VIRVNMVUTWLFWSMYEMZAFZMBZWE";

// The additions of 9303-3 section 5 parts B to D: British nationals, organisations, persons
// without a defined nationality, Kosovo; IAO signs the ICAO master list.
constexpr std::string_view kIcao =
    "GBDGBNGBOGBPGBSRKSEUEUNOUNAUNKXBAXIMXCCXCEXCOXECXPOXESXMPXOMXDCXXAXXBXXCXXXIAO";

constexpr std::size_t kLetters = 26;

constexpr std::size_t index_of(std::string_view code) {
  return (static_cast<std::size_t>(code[0] - 'A') * kLetters +
          static_cast<std::size_t>(code[1] - 'A')) *
             kLetters +
         static_cast<std::size_t>(code[2] - 'A');
}

// One bit for each of the 26^3 codes.
struct CodeSet {
  std::array<std::uint64_t, (kLetters * kLetters * kLetters + 63) / 64> words{};

  constexpr void add_all(std::string_view codes) {
    for (std::size_t i = 0; i + 3 <= codes.size(); i += 3) {
      const std::size_t index = index_of(codes.substr(i, 3));
      words[index / 64] |= std::uint64_t{1} << (index % 64);
    }
  }
  constexpr bool has(std::string_view code) const {
    const std::size_t index = index_of(code);
    return (words[index / 64] >> (index % 64) & 1) != 0;
  }
};

constexpr CodeSet kKnownCodes = [] {
  CodeSet set;
  set.add_all(kIso3166);
  set.add_all(kIcao);
  return set;
}();

static_assert(kIso3166.size() == 3 * 248 && kIcao.size() == 3 * 26);

bool is_british(std::string_view code) {
  return code.size() == 3 && code[0] == 'G' && code[1] == 'B' &&
         std::string_view("RDNOPS").find(code[2]) != std::string_view::npos;
}

bool is_german(std::string_view code) { return code == "D" || code == "DEU"; }

}  // namespace

StateCode state_code(std::string_view code) {
  if (code == "D") return StateCode::kKnown;
  if (code.size() != 3 || !is_letter(code[0]) || !is_letter(code[1]) || !is_letter(code[2])) {
    return StateCode::kUnknown;
  }
  if (kKnownCodes.has(code)) return StateCode::kKnown;
  if (code == "UTO") return StateCode::kSpecimen;
  if (code == "DEU") return StateCode::kNonstandard;
  return code == "ANT" || code == "NTZ" ? StateCode::kDeprecated : StateCode::kUnknown;
}

bool same_state(std::string_view a, std::string_view b) {
  return a == b || (is_british(a) && is_british(b)) || (is_german(a) && is_german(b));
}

}  // namespace paxid::mrz
