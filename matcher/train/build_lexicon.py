#!/usr/bin/env python3
"""Build ../data/lexicon.tsv: single given names and surnames with how common they are.

usage: build_lexicon.py NAMES.tsv OUTPUT.tsv

NAMES.tsv is what export_names.py writes. Columns of the output: name (A-Z), given (bits of
rarity as a given name, 0 = not known as one), surname (likewise), gender (m, f, b = both,
- = unknown), level (3 well known, 2 attested, 1 only in a list without kinds or hardly ever).
Rarity: counted births where a census has them; ranks of a census; else the number of regions
whose list has the name. Origin and licence of each source: ../data/SOURCES.md.
Python standard library only; deterministic.
"""
import collections
import math
import re
import sys
import unicodedata

# What a share of one country's births is less in the world, in bits.
ONE_COUNTRY_BITS = 1.5
# What a census' rank says of the sex of a name, beside its place in a list or its births.
RANK_WEIGHT = 2
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
    """The A-Z forms of a name that one finds in bookings and zones, each once."""
    return dict.fromkeys(all_forms(name))


def all_forms(name):
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


def region_of(region):
    return region.replace("-", "_").removeprefix("name_").split("_")[0].lower()


class Lexicon:
    def __init__(self):
        self.bits = {"given": {}, "surname": {}}
        self.shares = collections.defaultdict(lambda: {"m": 0.0, "f": 0.0})
        self.level = collections.defaultdict(int)

    def note(self, which, name, bits, level, gender=None):
        self.bits[which][name] = min(self.bits[which].get(name, 99), bits)
        self.level[name] = max(self.level[name], level)
        if gender:
            self.shares[name][gender] += RANK_WEIGHT * 2.0 ** -bits


def add_listed(lexicon, rows):
    """Lists without numbers: a name that more regions know is more common."""
    regions = collections.defaultdict(set)
    sexes = collections.defaultdict(set)
    for source, region, kind, name in rows:
        for form in forms(name):
            which = "surname" if kind == "surname" else "given"
            regions[which, form].add(region_of(region))
            if kind in ("female", "male"):
                sexes[form].add((kind[0], source, region_of(region)))
    for (which, name), where in sorted(regions.items()):
        lexicon.note(which, name, max(5.0, 13.5 - 1.2 * math.log2(len(where))), 3)
    for name, found in sexes.items():
        for gender, _, _ in found:
            lexicon.shares[name][gender] += 2.0 ** -13


def add_counted(lexicon, rows):
    births = collections.defaultdict(lambda: {"m": 0, "f": 0})
    for kind, count, name in rows:
        for form in forms(name):
            births[form][kind[0]] += count
    total = sum(sum(found.values()) for found in births.values())
    for name, found in sorted(births.items()):
        count = sum(found.values())
        bits = -math.log2(count / total) + ONE_COUNTRY_BITS
        lexicon.note("given", name, bits, 3 if count >= 500 else 2 if count >= 30 else 1)
        for gender in "mf":
            lexicon.shares[name][gender] += found[gender] / total


def add_ranked(lexicon, rows):
    for kind, rank, name in rows:
        for form in forms(name):
            if kind == "surname":
                lexicon.note("surname", form, min(16, 6.6 + 0.75 * math.log2(rank)), 3 if rank <= 20000 else 2)
            else:
                lexicon.note("given", form, min(14, 5 + 0.8 * math.log2(rank)), 3, kind[0])


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    listed, counted, ranked, plain = [], [], [], []
    for line in open(arguments[0], encoding="utf-8"):
        source, region, kind, count, name = line.rstrip("\n").split("\t")
        if kind == "name":
            plain.append((source, name))
        elif count == "-":
            listed.append((source, region, kind, name))
        elif count[0] == "#":
            ranked.append((kind, int(count[1:]), name))
        else:
            counted.append((kind, int(count), name))
    lexicon = Lexicon()
    add_listed(lexicon, listed)
    add_counted(lexicon, counted)
    add_ranked(lexicon, ranked)
    for which, world in (("surname", WORLD_SURNAMES), ("given", WORLD_GIVEN)):
        for bits, names in world.items():
            for name in names.split():
                lexicon.note(which, name, bits, 3)
    for source, name in plain:
        for form in forms(name):
            level = 2 if source == "cspell-names" else 1
            lexicon.level[form] = max(lexicon.level[form], level)
    given, surname = lexicon.bits["given"], lexicon.bits["surname"]
    with open(arguments[1], "w", encoding="utf-8") as out:
        out.write("name\tgiven\tsurname\tgender\tlevel\n")
        for name in sorted(lexicon.level):
            out.write(f"{name}\t{given.get(name, 0):.0f}\t{surname.get(name, 0):.0f}\t"
                      f"{gender_of(lexicon.shares[name])}\t{lexicon.level[name]}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
