#include "clients/cli/naming_region.h"

#include <string>

namespace paxid::cli {
namespace {

struct Region {
  std::string_view message_key;
  std::string_view codes;  // separated by spaces
};

// In the order of the enumeration; the last one takes what is in no list.
constexpr std::array<Region, kNamingRegions> kRegions{{
    {"REGION_NORTH_AMERICA_OCEANIA",
     "USA CAN AUS NZL UMI ASM GUM MNP VIR PRI BMU BHS BRB JAM TTO GRD LCA VCT ATG DMA KNA AIA VGB "
     "MSR TCA CYM GUY BLZ FLK FJI PNG SLB VUT NCL PYF WLF WSM TON TUV KIR NRU MHL FSM PLW COK NIU "
     "TKL PCN NFK CCK CXR HMD ABW CUW SXM BES ANT SUR"},
    {"REGION_LATIN",
     "ESP PRT AND MEX GTM HND SLV NIC CRI PAN CUB DOM COL VEN ECU PER BOL CHL ARG URY PRY BRA HTI "
     "CPV"},
    {"REGION_WEST_EUROPE",
     "D DEU AUT CHE LIE LUX BEL NLD FRA MCO ITA SMR VAT MLT GBR GBD GBN GBO GBP GBS IRL IMN JEY "
     "GGY GIB ISL NOR SWE DNK FIN ALA FRO GRL SJM BLM MAF SPM GLP MTQ GUF REU MYT ATF SHN SGS IOT "
     "BVT"},
    {"REGION_EAST_EUROPE",
     "POL CZE SVK HUN SVN HRV BIH SRB MNE MKD RKS ALB GRC CYP ROU MDA BGR UKR BLR RUS EST LVA LTU"},
    {"REGION_MIDDLE_EAST",
     "DZA BHR EGY IRN IRQ ISR JOR KWT LBN LBY MAR ESH MRT OMN PSE QAT SAU SDN SYR TUN ARE YEM NTZ"},
    {"REGION_TURKIC", "TUR ARM AZE GEO KAZ KGZ TJK TKM UZB MNG"},
    {"REGION_SOUTH_ASIA", "AFG BGD BTN IND LKA MDV NPL PAK"},
    {"REGION_SOUTHEAST_ASIA", "BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM"},
    {"REGION_EAST_ASIA", "CHN HKG MAC TWN JPN KOR PRK"},
    {"REGION_SUBSAHARAN_AFRICA",
     "AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM DJI ERI ETH GAB GHA GIN GMB GNB GNQ KEN LBR LSO "
     "MDG MLI MOZ MUS MWI NAM NER NGA RWA SEN SLE SOM SSD STP SWZ SYC TCD TGO TZA UGA ZAF ZMB ZWE"},
    {"REGION_OTHER", ""},
}};

bool has_word(std::string_view list, std::string_view word) {
  for (std::size_t at = list.find(word); at != std::string_view::npos;
       at = list.find(word, at + 1)) {
    const bool begins = at == 0 || list[at - 1] == ' ';
    const std::size_t end = at + word.size();
    if (begins && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

}  // namespace

NamingRegion naming_region_of(std::string_view state_code) {
  if (!state_code.empty() && state_code.find(' ') == std::string_view::npos) {
    for (std::size_t i = 0; i + 1 < kRegions.size(); ++i) {
      if (has_word(kRegions[i].codes, state_code)) return static_cast<NamingRegion>(i);
    }
  }
  return NamingRegion::kOther;
}

std::string_view message_key_of(NamingRegion region) {
  return kRegions[static_cast<std::size_t>(region)].message_key;
}

}  // namespace paxid::cli
