#!/usr/bin/env python3
"""Write ../data/origins.tsv: single names in their own script, as the words that two Latin
spellings may have in common. `usual` is 1 for those of OWN.tsv.

usage: build_origins.py SOURCES_DIR OWN.tsv OUTPUT.tsv

SOURCES_DIR holds faker-js/ and faker-python/ as for export_names.py; OWN.tsv is origins_own.tsv,
the usual names that these lack (language, names). Standard library only; deterministic.
"""
import re
import sys
import unicodedata

import export_names

# Regions of the packages whose names are written in a script of the spelling tables.
LANGUAGES = {
    "ar": "ar", "ar_AA": "ar", "ar_PS": "ar", "ar_SA": "ar", "bg_BG": "bg", "el": "el", "el_GR": "el", "fa": "fa",
    "fa_IR": "fa", "he": "he", "he_IL": "he", "hi_IN": "hi", "hy": "hy", "ja": "ja", "ja_JP": "ja", "ka_GE": "ka",
    "ko": "ko", "ko_KR": "ko", "mk": "mk", "ne": "ne", "ne_NP": "ne", "ru": "ru", "ru_RU": "ru", "uk": "uk",
    "uk_UA": "uk", "ur": "ur", "zh_CN": "zh", "zh_TW": "zh"}
MARKS = re.compile("[\u0591-\u05C7\u064B-\u065F\u0640\u200B-\u200F]")  # points that most writing leaves out
LONGEST = 14
SYLLABIC = ("zh", "ko")  # a character is a syllable
SHORTEST = {"zh": 1, "ko": 1, "ja": 1, "he": 2}  # else 3: two Arabic letters are a particle


def words(name):
    name = MARKS.sub("", unicodedata.normalize("NFC", name))
    for word in re.split(r"[\s\-()]+", name):
        letters = [c for c in word if unicodedata.category(c)[0] in "LM"]
        if len(letters) == len(word) <= LONGEST and word and all(ord(c) > 0x2FF for c in word):
            yield word


def main(arguments):
    if len(arguments) != 3:
        sys.exit(__doc__)
    folder, own, output = arguments
    found, usual = set(), set()
    for read, package in ((export_names.faker_js, "faker-js"), (export_names.faker_python, "faker-python")):
        for region, _, _, name in read(f"{folder}/{package}"):
            language = LANGUAGES.get(region)
            if language:
                found |= {(language, word) for word in words(name) if len(word) >= SHORTEST.get(language, 3)}
    for line in open(own, encoding="utf-8").read().splitlines()[1:]:
        language, names = line.split("\t")
        usual |= {(language, word) for word in names.split()}
    # A given name of two characters may meet one of two others of the same readings.
    found |= {(language, character) for language, word in found if language in SYLLABIC for character in word}
    with open(output, "w", encoding="utf-8") as out:
        out.write("language\tname\tusual\n")
        out.writelines(f"{name[0]}\t{name[1]}\t{int(name in usual)}\n" for name in sorted(found | usual))


if __name__ == "__main__":
    main(sys.argv[1:])
