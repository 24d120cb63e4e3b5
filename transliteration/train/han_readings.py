#!/usr/bin/env python3
"""Write ../data/han.tsv: how Chinese characters are written in Latin names, by their readings.

usage: han_readings.py Unihan_Readings.txt Unihan_OtherMappings.txt han_names.tsv OUTPUT.tsv

Readings are those of the Unicode Han database (Unihan): kMandarin, kTGHZ2013 and kHanyuPinlu,
kCantonese, kHangul. From them come the spellings of the languages zh (Hanyu Pinyin as in passports
of China), zh-tw (Wade-Giles, Hanyu and Tongyong Pinyin and MPS II, which Taiwan lets a holder choose from), yue
(the usage of Hong Kong, no standard) and ko (characters of Korean names). han_names.tsv holds
readings that only names have. Characters are those of the sets that name registers draw on (GB 2312 by
kTGH, Big5 by kBigFive, KS X 1001 by kKoreanName). Standard library only; deterministic.
"""
import collections
import re
import sys
import unicodedata

MAIN, SECOND = 0.3, 3.0  # bits of a reading and of a further one


def plain(pinyin):
    """zhāng -> ZHANG, lǚ -> LV (V stands for u with diaeresis)."""
    text = unicodedata.normalize("NFD", pinyin.lower()).replace("u\u0308", "v")
    return "".join(c for c in text if c.isalpha() and c.isascii()).upper()


def passport_pinyin(s):
    """GB/T 28039-2011 writes YU for u with diaeresis, but LUE and NUE; older passports and tickets U or V."""
    if s.endswith("VE"):
        return [(s[0] + "UE", 0), (s[0] + "YUE", 3), (s, 3)]
    if s.endswith("V"):
        return [(s[0] + "YU", 0), (s[0] + "U", 1), (s, 1)]
    return [(s, 0)]


INITIALS = re.compile(r"^(ZH|CH|SH|[BPMFDTNLGKHJQXRZCSYW]?)(.*)$")


def wade_giles(s):
    """Without the apostrophes, which no document prints."""
    whole = {"ZHI": "CHIH", "CHI": "CHIH", "SHI": "SHIH", "RI": "JIH", "ZI": "TZU", "CI": "TZU", "SI": "SZU",
             "YI": "I", "YOU": "YU", "YAN": "YEN", "YE": "YEH", "YUE": "YUEH", "YONG": "YUNG", "YU": "YU",
             "ER": "ERH", "GE": "KO", "KE": "KO", "HE": "HO", "E": "O", "LV": "LU", "NV": "NU", "LVE": "LUEH",
             "NVE": "NUEH", "GUI": "KUEI", "KUI": "KUEI", "DUO": "TO", "TUO": "TO", "LUO": "LO", "NUO": "NO",
             "ZUO": "TSO", "CUO": "TSO", "SUO": "SO", "RUO": "JO", "ZHUO": "CHO", "CHUO": "CHO", "YO": "YO"}
    if s in whole:
        return whole[s]
    initial, final = INITIALS.match(s).groups()
    initial = {"B": "P", "D": "T", "G": "K", "J": "CH", "Q": "CH", "X": "HS", "ZH": "CH", "Z": "TS", "C": "TS",
               "R": "J"}.get(initial, initial)
    final = {"IAN": "IEN", "IE": "IEH", "UE": "UEH", "IONG": "IUNG", "ONG": "UNG"}.get(final, final)
    return initial + final


def tongyong(s):
    initial, final = INITIALS.match(s).groups()
    if initial in ("ZH", "CH", "SH", "R", "Z", "C", "S") and final == "I":
        final = "IH"
    if initial in ("J", "Q", "X") and final.startswith("U"):
        final = "Y" + final
    initial = {"ZH": "JH", "Q": "C", "X": "S"}.get(initial, initial)
    final = {"IU": "IOU", "UI": "UEI", "V": "YU", "VE": "YUE"}.get(final, final)
    return {"FENG": "FONG", "WENG": "WONG", "WEN": "WUN"}.get(initial + final, initial + final)


def mps2(s):
    """Mandarin Phonetic Symbols II, the system of 1986 to 2002."""
    initial, final = INITIALS.match(s).groups()
    if initial in ("ZH", "CH", "SH", "R", "Z", "C", "S") and final == "I":
        return {"ZH": "JR", "CH": "CHR", "SH": "SHR", "R": "R", "Z": "TZ", "C": "TSZ", "S": "SZ"}[initial]
    if s == "YUN":
        return s
    if initial in ("J", "Q", "X") and final.startswith("U"):
        final = "V" + final[1:]
    final = {"IAO": "IAU", "AO": "AU", "IU": "IOU", "UI": "UEI", "UN": "UEN", "IONG": "IUNG", "ONG": "UNG",
             "V": "IU", "VE": "IUE", "VAN": "IUAN", "VN": "IUN"}.get(final, final)
    initial = {"ZH": "J", "Q": "CH", "X": "SH", "Z": "TZ", "C": "TS"}.get(initial, initial)
    return initial + final


def taiwan(s):
    return [(wade_giles(s), 0)] + [(p, b + 1.2) for p, b in passport_pinyin(s)] + [(tongyong(s), 2), (mps2(s), 2.5)]


HK_INITIALS = {"b": "P", "p": "P", "m": "M", "f": "F", "d": "T", "t": "T", "n": "N L:3", "l": "L", "g": "K",
               "k": "K H:5", "ng": "NG -:1.5", "h": "H", "gw": "KW", "kw": "KW", "w": "W V:5",
               "z": "CH TS:1 J:4 C:5", "c": "CH TS:1 C:5", "s": "S SH:1.2 SZ:3", "j": "Y -:4 I:4", "": "- NG:3"}
HK_FINALS = {
    "aa": "A AH:2", "aai": "AI", "aau": "AU AAU:4", "aam": "AM", "aan": "AN", "aang": "ANG", "aap": "AP", "aat": "AT",
    "aak": "AK", "ai": "AI", "au": "AU OW:3", "am": "AM UM:1", "an": "AN UN:1 EN:4", "ang": "ANG UNG:2 ENG:3",
    "ap": "AP UP:1.5", "at": "AT UT:2", "ak": "AK", "e": "E EH:2 EA:4", "ei": "EI EE:1.5 I:1 AY:3 EY:4",
    "eng": "ENG EUNG:3 IANG:5", "ek": "EK IK:3", "i": "I EE:1.5 Z:1 E:1.5 ZE:1.5", "iu": "IU", "im": "IM", "in": "IN",
    "ing": "ING", "ip": "IP", "it": "IT", "ik": "IK", "o": "O OH:3 AW:3", "oi": "OI OY:3", "ou": "O OU:1.5 OO:4 OW:4",
    "on": "ON", "ong": "ONG", "ot": "OT", "ok": "OK", "u": "U OO:1.5", "ui": "UI", "un": "UN OON:1.5", "ung": "UNG",
    "ut": "UT OOT:2", "uk": "UK", "oe": "EU", "oek": "EUK", "oeng": "EUNG EONG:2 ONG:4", "eoi": "UI OI:3", "eon": "UN ON:2",
    "eot": "UT", "yu": "YU U:0.5 UE:1.5 I:4", "yun": "UEN UN:1 YUN:1 YUEN:1", "yut": "UT UET:1.5 YUT:1 YUET:1", "m": "M NG:1",
    "ng": "NG"}


def choices(text):
    for word in text.split():
        letters, _, bits = word.partition(":")
        yield "" if letters == "-" else letters, float(bits or 0)


def hong_kong(syllable):
    m = re.match(r"^(gw|kw|ng(?=.)|[bpmfdtnlgkhwzcsj]?)([a-z]+)$", syllable)
    if not m or m.group(2) not in HK_FINALS:
        return []
    initial, final = m.groups()
    out = [(i + f, b + c) for i, b in choices(HK_INITIALS[initial]) for f, c in choices(HK_FINALS[final])]
    if initial == "j":  # the vowel of YUEN and YU already begins with its glide
        out = [(re.sub("^YYU", "YU", s), b) for s, b in out] + ([("YUEN", 0), ("UEN", 4)] if final == "yun" else [])
    return out


def jamo_index(hangul):
    return divmod(ord(hangul) - 0xAC00, 28)


KO_FIRST = "G:0.7 K:0.3|KK|N L:4|D:0.7 T:0.5|TT|R:0.7 L:1|M|B:0.5 P:1|PP|S|SS|-|J CH:1.2|JJ|CH|K|T|P|H".split("|")
KO_VOWEL = ("A AH:3|AE AI:2|YA|YAE|EO:0.7 U:0.7 O:2 OU:4|E|YEO:0.7 YU:1.5 YOU:1.5 YO:2|YE|O OH:3|WA|WAE|OE OI:1 WE:3|YO|"
            "U:0.5 OO:0.7 OU:4|WO WEO:3|WE|WI WE:3|YU YOO:1 YOU:3|EU U:1.5 EE:4|UI EUI:2 EE:3|I EE:1.5").split("|")
KO_LAST = "-|K G:2|K|K|N|N|N|T|L R:4|L|L|L|L|L|L|L|M|P B:3|P|T|T|NG|T|T|K|T|P|T".split("|")
KO_NAMES = {"이": "LEE:0 YI:2 RHEE:4", "김": "KIM:0", "박": "PARK:0", "최": "CHOI:0", "정": "JUNG:0 CHUNG:1.5", "유": "YOO:0.5 RYU:2",
            "류": "RYU:0", "임": "LIM:0 IM:1 YIM:2", "노": "ROH:0.5 NOH:1", "오": "OH:0", "우": "WOO:0", "주": "JOO:0.5", "구": "KOO:0.5",
            "문": "MOON:0", "윤": "YOON:0", "심": "SHIM:0.3", "신": "SHIN:0", "강": "KANG:0", "조": "CHO:0", "장": "JANG:0 CHANG:1.5"}


def korean(hangul):
    block, last = jamo_index(hangul)
    first, vowel = divmod(block, 21)
    out = [(a + b + c, x + y + z) for a, x in choices(KO_FIRST[first]) for b, y in choices(KO_VOWEL[vowel])
           for c, z in choices(KO_LAST[last])]
    out = [(re.sub("^SI", "SHI", s), b) for s, b in out] + out if first == 9 else out
    return out + list(choices(KO_NAMES.get(hangul, "")))


def read_unihan(path, keys):
    table = collections.defaultdict(dict)
    for line in open(path, encoding="utf-8"):
        columns = line.rstrip("\n").split("\t")
        if len(columns) == 3 and columns[1] in keys:
            table[chr(int(columns[0][2:], 16))][columns[1]] = columns[2]
    return table


def mandarin(fields):
    ordered = [plain(r) for r in fields.get("kMandarin", "").split()[:1]]
    for key in ("kHanyuPinlu", "kTGHZ2013"):
        ordered += [plain(re.sub(r"\(.*|^.*:", "", r)) for part in fields.get(key, "").split() for r in part.split(",")]
    return list(dict.fromkeys(s for s in ordered if s))


def spellings(readings, spell):
    best = {}
    for at, reading in enumerate(readings[:3]):
        for letters, bits in spell(reading):
            bits += MAIN if at == 0 else SECOND
            if letters and len(letters) <= 12 and bits < 9:
                best[letters] = min(best.get(letters, 99), bits)
    return best


def main(arguments):
    if len(arguments) != 4:
        sys.exit(__doc__)
    readings = read_unihan(arguments[0], {"kMandarin", "kHanyuPinlu", "kTGHZ2013", "kCantonese", "kHangul"})
    sets = read_unihan(arguments[1], {"kTGH", "kBigFive", "kKoreanName"})
    rows = {}

    def put(language, left, character, best):
        if best:
            rows.setdefault((language, left, character), {}).update(
                {s: min(b, rows.get((language, left, character), {}).get(s, 99)) for s, b in best.items()})

    for character in sorted(sets):
        fields = readings.get(character, {})
        put("zh", "", character, spellings(mandarin(fields), passport_pinyin))
        put("zh-tw", "", character, spellings(mandarin(fields), taiwan))
        cantonese = [re.sub(r"\d", "", r) for r in fields.get("kCantonese", "").split()]
        put("yue", "", character, spellings(cantonese, hong_kong))
        hangul = [r.split(":")[0] for r in fields.get("kHangul", "").split()]
        put("ko", "", character, spellings(hangul, korean))
    for line in open(arguments[2], encoding="utf-8").read().splitlines()[1:]:
        language, place, characters, text = line.split("\t")
        for character in characters:
            best = dict(choices(text))
            if language == "zh":
                put("zh-tw", place, character, spellings(list(best), taiwan))
                best = spellings(list(best), passport_pinyin)
            put(language, place, character, best)
    with open(arguments[3], "w", encoding="utf-8") as out:
        out.write("language\tleft\tletter\tright\tspellings\n")
        for (language, left, character), best in sorted(rows.items()):
            text = " ".join(f"{s}:{b:.1f}" for s, b in sorted(best.items(), key=lambda x: (x[1], x[0]))[:14])
            out.write(f"{language}\t{left}\t{character}\t\t{text}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
