#!/usr/bin/env python3
"""Write ../data/ja_names.tsv: the readings of Japanese surnames and given names in characters.

usage: ja_names.py OUTPUT.tsv --ipadic Noun.name.csv [PAIRS.jsonl ...]

--ipadic names the personal names of mecab-ipadic (EUC-JP); of PAIRS.jsonl the rows count that come
from the Japanese personal name dataset (MIT): {"source", "native", "kind", "kana"}. Written are, a
line: the name, s(urname), g(iven) or b(oth), spellings as in the other tables. The spellings are
those of word_pairs.py: passports, long vowels kept, OH. Standard library only; deterministic.
"""
import collections
import json
import math
import sys

from word_pairs import romaji_spellings

LONGEST_NAME, LONGEST_SPELLING = 4, 12
FURTHER_READING = 1.0  # bits each


def names_of_ipadic(path):
    for line in open(path, encoding="euc-jp"):
        columns = line.rstrip("\n").split(",")
        if columns[7] in ("姓", "名"):
            yield columns[0], "s" if columns[7] == "姓" else "g", columns[11], int(columns[3])


def names_of_jsonl(path):
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        if row.get("source", "").startswith("shuheilocale") and row.get("kana"):
            yield row["native"], "s" if row["kind"].startswith("surname") else "g", row["kana"], 1 << 20


def main(arguments):
    if len(arguments) < 3 or arguments[1] != "--ipadic":
        sys.exit(__doc__)
    readings = collections.defaultdict(dict)  # name -> kana -> how rare
    kinds = collections.defaultdict(set)
    for names in (names_of_ipadic(arguments[2]), *map(names_of_jsonl, arguments[3:])):
        for name, kind, kana, rarity in names:
            if len(name) > LONGEST_NAME or not "㐀" <= name[0] <= "鿿":
                continue
            kinds[name].add(kind)
            kana = "".join(chr(ord(c) + 0x60) if 0x3041 <= ord(c) <= 0x3096 else c for c in kana)
            readings[name][kana] = min(rarity, readings[name].get(kana, rarity))
    with open(arguments[0], "w", encoding="utf-8") as out:
        out.write("name\tkind\tspellings\n")
        for name in sorted(readings):
            best = {}
            for at, kana in enumerate(sorted(readings[name], key=lambda k: (readings[name][k], k))):
                for letters, weight in romaji_spellings(kana):
                    bits = at * FURTHER_READING - math.log2(weight)
                    if len(letters) <= LONGEST_SPELLING:
                        best[letters] = min(bits, best.get(letters, 99))
            if best:
                text = " ".join(f"{s}:{b:.1f}" for s, b in sorted(best.items(), key=lambda x: (x[1], x[0])))
                out.write(f"{name}\t{'b' if len(kinds[name]) == 2 else min(kinds[name])}\t{text}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
