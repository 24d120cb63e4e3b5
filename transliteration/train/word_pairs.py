#!/usr/bin/env python3
"""Take pairs of native and Latin names apart into pairs of words, for learn.cpp.

usage: word_pairs.py OUTPUT.tsv [--ipadic Noun.name.csv] PAIRS.jsonl [PAIRS.jsonl ...]

Two kinds of lines are read: {"lang", "native", "latin"} (one native name and its attested
spellings; "kana" is the reading of a Japanese one) and {"a", "b", "same", "xscript"} (two names of
one person when `same`). --ipadic names the personal names of mecab-ipadic (EUC-JP), which give
the readings of Japanese characters. Written are, a line: language, native word, Latin word A-Z,
the whole native name, weight. Python standard library only; deterministic.
"""
import json
import re
import sys
import unicodedata

EXCLUDED_SOURCES = {"nozomiyamada/thai_romanization"}  # no licence stated
# Written by rules of this folder, not learned.
EXCLUDED_LANGUAGES = {"zh", "zh-hk", "zh-tw", "yue", "th", "ta", "si", "km", "ka", "ky", "ps", "und"}

RANGES = [("ru", 0x400, 0x52F), ("el", 0x370, 0x3FF), ("el", 0x1F00, 0x1FFF), ("ar", 0x600, 0x6FF),
          ("he", 0x590, 0x5FF), ("hy", 0x530, 0x58F), ("ka", 0x10A0, 0x10FF), ("hi", 0x900, 0x97F),
          ("ko", 0xAC00, 0xD7A3), ("ja", 0x3040, 0x30FF)]
LATIN = {"Æ": "AE", "Ø": "O", "Œ": "OE", "Đ": "D", "Ð": "D", "Þ": "TH", "Ł": "L", "ß": "SS", "ı": "I", "ə": "A"}

# Hepburn as the passport office writes it, by rows of the syllabary.
SYLLABLES = dict(zip(
    "アイウエオカキクケコガギグゲゴサシスセソザジズゼゾタチツテトダヂヅデドナニヌネノハヒフヘホバビブベボパピプペポマミムメモヤユヨラリルレロワヰヱヲンヴ",
    "A I U E O KA KI KU KE KO GA GI GU GE GO SA SHI SU SE SO ZA JI ZU ZE ZO TA CHI TSU TE TO DA JI ZU DE DO NA NI NU NE NO "
    "HA HI FU HE HO BA BI BU BE BO PA PI PU PE PO MA MI MU ME MO YA YU YO RA RI RU RE RO WA I E O N V".split()))
GLIDES = {"ャ": "YA", "ュ": "YU", "ョ": "YO"}


def language_of(text):
    for ch in text:
        for lang, low, high in RANGES:
            if low <= ord(ch) <= high:
                return "fa" if lang == "ar" and any(c in "پچژگکی" for c in text) else lang
    return ""


def latin_letters(word):
    word = unicodedata.normalize("NFD", word.upper())
    return re.sub("[^A-Z]", "", "".join(LATIN.get(c, c) for c in word))


def words(text):
    text = re.sub(r"['’ʻʼ‘`\"״.]", "", text)
    return [w for w in re.split(r"[\s,\-־・=_/()]+", text) if w]


def native_size(word, lang):
    return 3 * len(word) if lang == "ko" else len(word)


def word_pairs(native, latin, lang):
    n, l = words(native), words(latin)
    if lang == "ko" and len(n) == 1 and 2 <= len(n[0]) <= 4 and len(l) >= 2:
        n, l = [n[0][0], n[0][1:]], [l[0], "".join(l[1:])]
    if len(n) != len(l):
        return
    for x, y in zip(n, l):
        y = latin_letters(y)
        size = native_size(x, lang)
        if y and 0.4 * size <= len(y) + 1 and len(y) <= 4 * size + 1:
            yield x, y


def katakana(kana):
    return "".join(chr(ord(c) + 0x60) if 0x3041 <= ord(c) <= 0x3096 else c for c in kana)


def romaji(kana):
    """The syllables of a reading in A-Z, long vowels as written (OU, OO, UU)."""
    out = ""
    for c in katakana(kana):
        if c in GLIDES:
            glide = GLIDES[c]
            out = out[:-1] + (glide[1:] if out.endswith(("SHI", "CHI", "JI")) else glide)
        elif c == "ッ":
            out += "%"
        elif c == "ー":
            out += out[-1:]
        elif c in SYLLABLES:
            out += SYLLABLES[c]
        else:
            return ""
    out = out.replace("%CH", "TCH")
    out = re.sub(r"%(.)", r"\1\1", out)
    return re.sub(r"N(?=[BMP])", "M", out)


def romaji_spellings(kana):
    """(spelling, weight): the passport form, then long vowels kept, and OH."""
    full = romaji(kana)
    if not full:
        return
    passport = re.sub(r"UU", "U", re.sub(r"O[OU](?!$)|OU$", "O", full))
    seen = set()
    for spelling, weight in ((passport, 1.0), (full, 0.3), (re.sub(r"OU|OO", "OH", full), 0.15),
                             (re.sub(r"M(?=[BMP])", "N", passport), 0.3)):
        if spelling not in seen:
            seen.add(spelling)
            yield spelling, weight


def rows_of_jsonl(path):
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        if row.get("source") in EXCLUDED_SOURCES or row.get("lang") in EXCLUDED_LANGUAGES:
            continue
        if row.get("kana"):
            for native in (row["native"], row["kana"]):
                for latin, weight in romaji_spellings(row["kana"]):
                    yield "ja", native, latin, native, weight
            continue
        if "native" in row:
            latins = row["latin"] if isinstance(row["latin"], list) else [row["latin"]]
            candidates = [(row["native"], latin) for latin in latins]
        elif row.get("same") and row.get("xscript") and row.get("kind") == "translit":
            candidates = [(row["b"], row["a"]), (row["a"], row["b"])]
        else:
            continue
        for native, latin in candidates:
            lang = row.get("lang") or language_of(native)
            if lang and not language_of(latin) and re.search("[A-Za-z]", latin):
                for x, y in word_pairs(native, latin, lang):
                    yield lang, x, y, native, 1.0


def rows_of_ipadic(path):
    for line in open(path, encoding="euc-jp"):
        columns = line.rstrip("\n").split(",")
        native, kind, kana = columns[0], columns[7], columns[11]
        if kind in ("姓", "名") and any("一" <= c <= "鿿" for c in native):
            for latin, weight in romaji_spellings(kana):
                yield "ja", native, latin, native, weight


def main(arguments):
    ipadic = None
    if "--ipadic" in arguments:
        at = arguments.index("--ipadic")
        ipadic = arguments[at + 1]
        del arguments[at:at + 2]
    if len(arguments) < 2:
        sys.exit(__doc__)
    with open(arguments[0], "w", encoding="utf-8") as out:
        for path in arguments[1:]:
            for row in rows_of_jsonl(path):
                out.write("\t".join(map(str, row)) + "\n")
        if ipadic:
            for row in rows_of_ipadic(ipadic):
                out.write("\t".join(map(str, row)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
