#!/usr/bin/env python3
"""How often two given names of one sex under one surname come out above one half.

usage: siblings.py EVIDENCE_PROGRAM LEXICON.tsv WEIGHTS.tsv CALIBRATION.tsv [PAIRS]

The labelled pairs hold no relatives. This draws PAIRS (20,000) of well-known given names for each
sex, as often as the lexicon says they are met, and sets them beside one surname. Prints for each sex
the share above one half and by which reason. Two spellings of one name are among them by chance.
Standard library only; deterministic.
"""
import collections
import random
import sys

import fit

WELL_KNOWN = "3"
RAREST_BITS = 13
SHORTEST = 3
SURNAME = "SMITH"


def given_names(path):
    found = {"m": [], "f": []}
    for line in open(path, encoding="utf-8").read().splitlines()[1:]:
        name, given, _, sex, level = line.split("\t")
        if level == WELL_KNOWN and sex in found and 0 < int(given) <= RAREST_BITS and len(name) >= SHORTEST:
            found[sex].append((name, 2.0 ** -int(given)))
    return found


def read_curves(path):
    curves = collections.defaultdict(list)
    for line in open(path, encoding="utf-8").read().splitlines()[1:]:
        name, z, bits = line.split("\t")
        curves[name].append((float(z), float(bits)))
    return curves


def main(arguments):
    if len(arguments) not in (4, 5):
        sys.exit(__doc__)
    program, lexicon, weights_path, calibration_path = arguments[:4]
    count = int(arguments[4]) if len(arguments) == 5 else 20_000
    weights = fit.read_weights(weights_path) | {("LOSS", 0): -1.0}
    curves = read_curves(calibration_path)
    generator = random.Random(5)
    for sex, names in given_names(lexicon).items():
        texts, shares = zip(*names)
        pairs = [(x, y) for x, y in zip(generator.choices(texts, shares, k=count),
                                        generator.choices(texts, shares, k=count)) if x != y]
        rows = [{"a": f"{SURNAME}/{x}", "b": f"{SURNAME}/{y}"} for x, y in pairs]
        above = collections.Counter()
        for curve, pieces in fit.evidence(program, rows):
            if fit.read_curve(curves[curve], fit.score(pieces, weights)) > 0.5:
                codes = {features[0][0][0] for _, features in pieces if features} - {"EQUAL"}
                above[" ".join(sorted(codes))] += 1
        print(f"{sex}: {sum(above.values()) / len(pairs):.2%} of {len(pairs)}")
        for codes, n in above.most_common():
            print(f"  {n:5} {codes}")


if __name__ == "__main__":
    main(sys.argv[1:])
