#include "transliteration/script.h"

#include <unicode/uscript.h>

namespace paxid::transliteration {

Script script_of(char32_t code_point) {
  if (code_point < 0x80) {
    const char32_t lower = code_point | 0x20;
    return lower >= 'a' && lower <= 'z' ? Script::kLatin : Script::kNone;
  }
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(code_point), &status)) {
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
    case USCRIPT_UNKNOWN:
    case USCRIPT_INVALID_CODE:
      return code_point == 0x30FC ? Script::kKana : Script::kNone;  // the long vowel mark
    case USCRIPT_LATIN:
      return Script::kLatin;
    case USCRIPT_CYRILLIC:
      return Script::kCyrillic;
    case USCRIPT_GREEK:
      return Script::kGreek;
    case USCRIPT_ARABIC:
      return Script::kArabic;
    case USCRIPT_HEBREW:
      return Script::kHebrew;
    case USCRIPT_ARMENIAN:
      return Script::kArmenian;
    case USCRIPT_GEORGIAN:
      return Script::kGeorgian;
    case USCRIPT_DEVANAGARI:
      return Script::kDevanagari;
    case USCRIPT_BENGALI:
      return Script::kBengali;
    case USCRIPT_GURMUKHI:
      return Script::kGurmukhi;
    case USCRIPT_GUJARATI:
      return Script::kGujarati;
    case USCRIPT_ORIYA:
      return Script::kOriya;
    case USCRIPT_TAMIL:
      return Script::kTamil;
    case USCRIPT_TELUGU:
      return Script::kTelugu;
    case USCRIPT_KANNADA:
      return Script::kKannada;
    case USCRIPT_MALAYALAM:
      return Script::kMalayalam;
    case USCRIPT_SINHALA:
      return Script::kSinhala;
    case USCRIPT_ETHIOPIC:
      return Script::kEthiopic;
    case USCRIPT_THAI:
      return Script::kThai;
    case USCRIPT_HANGUL:
      return Script::kHangul;
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
      return Script::kKana;
    case USCRIPT_HAN:
      return Script::kHan;
    default:
      return Script::kOther;
  }
}

std::string_view name_of(Script script) {
  switch (script) {
    case Script::kNone:
      return "Zyyy";
    case Script::kLatin:
      return "Latn";
    case Script::kCyrillic:
      return "Cyrl";
    case Script::kGreek:
      return "Grek";
    case Script::kArabic:
      return "Arab";
    case Script::kHebrew:
      return "Hebr";
    case Script::kArmenian:
      return "Armn";
    case Script::kGeorgian:
      return "Geor";
    case Script::kDevanagari:
      return "Deva";
    case Script::kBengali:
      return "Beng";
    case Script::kGurmukhi:
      return "Guru";
    case Script::kGujarati:
      return "Gujr";
    case Script::kOriya:
      return "Orya";
    case Script::kTamil:
      return "Taml";
    case Script::kTelugu:
      return "Telu";
    case Script::kKannada:
      return "Knda";
    case Script::kMalayalam:
      return "Mlym";
    case Script::kSinhala:
      return "Sinh";
    case Script::kEthiopic:
      return "Ethi";
    case Script::kThai:
      return "Thai";
    case Script::kHangul:
      return "Hang";
    case Script::kKana:
      return "Hrkt";
    case Script::kHan:
      return "Hani";
    case Script::kOther:
      break;
  }
  return "Zzzz";
}

}  // namespace paxid::transliteration
