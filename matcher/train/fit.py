#!/usr/bin/env python3
"""Fit ../data/weights.tsv and ../data/calibration.tsv on labelled pairs of names.

usage: fit.py EVIDENCE_PROGRAM PAIRS.jsonl WEIGHTS_IN.tsv WEIGHTS_OUT.tsv CALIBRATION_OUT.tsv

PAIRS.jsonl: {"a", "b", "same", "kind", "trust", …}; kinds "alias" and "partial" (other names
of one person) and trust "low" are left out. EVIDENCE_PROGRAM is paxid_matcher_evidence.

Weights: logistic regression of `same` on the summed features of each reason code, without an
intercept, held towards WEIGHTS_IN by a quadratic penalty; so a code that the pairs do not
show keeps the weight that was argued for it. Codes in FIXED are never moved: the pairs hold
no booking fields. Calibration: isotonic regression (pool adjacent violators) of `same` on the
log-odds of persons that the weights were not fitted on (three folds by person), smoothed to a
few points, one curve a family. Prints figures on the held-out folds.
A person is the cluster of all pairs that share a name. Standard library only; deterministic.
"""
import collections
import hashlib
import json
import math
import subprocess
import sys

FEATURES = 8
FIXED = {"FIELDS_SWAPPED", "ORDER", "SUFFIX", "SUFFIX_CONFLICT", "PARTICLE", "NOTHING_SHARED"}
FIXED_FEATURES = {("TITLE", 3), ("PLACEHOLDER", 3)}
# Features of one weight: an equal part is worth the same however it was written.
TIED = {(code, k): ("EQUAL", k) for code in ("DOC9303_SPELLING", "SPACING", "TITLE") for k in (0, 1)}
TIED["DOC9303_SPELLING", 2] = ("EQUAL", 2)
# What a spelling of a native word is worth does not jump where it is called a contradiction.
TIED.update({("CONTRADICTION", 2): ("TRANSLITERATION", 0), ("CONTRADICTION", 3): ("TRANSLITERATION", 1),
             ("CONTRADICTION", 6): ("TRANSLITERATION", 2), ("CONTRADICTION", 7): ("TRANSLITERATION", 3)})
POSITIVE = {("TRANSLITERATION", 1), ("TRANSLITERATION", 2), ("EQUAL", 0), ("EQUAL", 1), ("EQUAL", 2)}
# What pairs of a list may suggest but no gate may believe: that a lack speaks for a person.
NEGATIVE = {("SLIP", 1), ("SLIP", 2),
            ("SPELLING_VARIANT", 2), ("SPELLING_VARIANT", 3), ("SPELLING_VARIANT", 4), ("SPACING", 2),
            ("PREFIX", 2), ("TRANSLITERATION", 3), ("OTHER_NAME", 1), ("OTHER_NAME", 2),
            ("MISSING", 2), ("MISSING", 5), ("CONTRADICTION", 0), ("SLIP", 4)}
AT_MOST = {("MISSING", 0): -0.2, ("MISSING", 1): -0.8}
# No agreement is worth more than an equal part of the same rarity: code -> its rarity feature.
BOUNDED = {"SPELLING_VARIANT": 1, "GENDERED_ENDING": 1, "NICKNAME": 1, "TRUNCATED": 1, "PREFIX": 1,
           "PLACEHOLDER": 1, "SLIP": 5, "OTHER_NAME": 5, "INITIAL": None}
PENALTY = 2.0
ROUNDS = 400
FOLDS = 3
MIN_POINT = 150  # pairs behind one point of a calibration curve
# Features of 0 to 1 that make a slip likelier; together with the intercept they stay below EQUAL.
BONUS = {"SLIP": (3,), "OTHER_NAME": (3, 4)}
MOST_BONUS = 0.8


def load(path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    return [r for r in rows if r["kind"] not in ("alias", "partial") and r["trust"] != "low"]


def evidence(program, rows):
    text = "".join(f"{r['a']}\t{r['b']}\n".replace("\n", " ").rstrip() + "\n" for r in rows)
    out = subprocess.run([program], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    lines = out.decode().splitlines()
    assert len(lines) == len(rows)
    parsed = []
    for line in lines:
        if line == "-":
            parsed.append(None)
            continue
        family, *pieces = line.split("\t")
        sums = collections.Counter()
        for piece in pieces:
            code, *values = piece.split(" ")
            for k, value in enumerate(values):
                if float(value) != 0:
                    sums[code, k] += float(value)
        parsed.append((family, sums))
    return parsed


def fold_by_person(rows):
    parent = {}

    def find(x):
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for r in rows:
        if r["same"]:
            parent[find(r["a"].casefold())] = find(r["b"].casefold())
    return [int(hashlib.sha256(find(r["a"].casefold()).encode()).hexdigest(), 16) % FOLDS for r in rows]


def read_weights(path):
    weights = {}
    for line in open(path, encoding="utf-8").read().splitlines()[1:]:
        code, *values = line.split("\t")
        for k, value in enumerate(values):
            weights[code, k] = float(value)
    return weights


def is_fixed(key):
    return key[0] in FIXED or key in FIXED_FEATURES


def fit(data, start):
    """Gradient descent with a step per feature (Adam); bits, so the sigmoid has base 2."""
    tied = lambda key: TIED.get(key, key)
    keys = sorted({tied(key) for _, sums, _, _ in data for key in sums if not is_fixed(key)} | POSITIVE)
    index = {key: i for i, key in enumerate(keys)}
    for key, of in TIED.items():
        index[key] = index[of]
    rows = []
    for _, sums, same, weight in data:
        fixed = sum(start.get(key, 0) * v for key, v in sums.items() if is_fixed(key))
        rows.append(([(index[k], v) for k, v in sums.items() if not is_fixed(k)], fixed, same, weight))
    w0 = [start.get(key, 0.0) for key in keys]
    w = list(w0)
    m = [0.0] * len(w)
    v = [0.0] * len(w)
    total = sum(r[3] for r in rows)
    for step in range(1, ROUNDS + 1):
        g = [PENALTY * (a - b) / total for a, b in zip(w, w0)]
        for features, fixed, same, weight in rows:
            z = fixed + sum(w[i] * x for i, x in features)
            p = 1 / (1 + 2.0 ** -max(-60.0, min(60.0, z)))
            d = weight * (p - same) / total
            for i, x in features:
                g[i] += d * x
        rate = 0.15 if step < ROUNDS * 0.6 else 0.03
        for i, gi in enumerate(g):
            m[i] = 0.9 * m[i] + 0.1 * gi
            v[i] = 0.99 * v[i] + 0.01 * gi * gi
            w[i] -= rate * (m[i] / (1 - 0.9 ** step)) / (math.sqrt(v[i] / (1 - 0.99 ** step)) + 1e-9)
            if keys[i] in POSITIVE:
                w[i] = max(0.0, w[i])
            elif keys[i] in NEGATIVE:
                w[i] = min(0.0, w[i])
            elif keys[i] in AT_MOST:
                w[i] = min(AT_MOST[keys[i]], w[i])
        bound(w, index)
    fitted = dict(start)
    fitted.update(zip(keys, w))
    fitted.update({key: w[index[key]] for key in TIED})
    return fitted


def bound(w, index):
    base, slope = w[index["EQUAL", 0]], w[index["EQUAL", 1]]
    for code, rarity in BOUNDED.items():
        if (code, 0) not in index:
            continue
        if rarity is not None and (code, rarity) in index:
            at = index[code, rarity]
            w[at] = min(w[at], slope)
        most = 0.0
        for k in BONUS.get(code, ()):
            if (code, k) in index:
                at = index[code, k]
                w[at] = max(0.0, min(w[at], MOST_BONUS))
                most += MOST_BONUS
        at = index[code, 0]
        w[at] = min(w[at], base - most)


def score(sums, weights):
    return sum(weights.get(key, 0) * v for key, v in sums.items())


def isotonic(pairs):
    blocks = []  # [sum of scores, sum of labels, count]
    for z, same in sorted(pairs):
        blocks.append([z, same, 1])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last)]
    return blocks


def curve(pairs):
    """Points (log-odds, calibrated bits) at even odds of same and different."""
    positives = sum(s for _, s in pairs)
    shift = math.log2(positives / (len(pairs) - positives))
    points = []
    pending = [0.0, 0.0, 0]
    for block in isotonic(pairs):
        pending = [a + b for a, b in zip(pending, block)]
        if pending[2] >= MIN_POINT:
            z, same, n = pending
            p = (same + 0.5) / (n + 1)
            points.append((z / n, math.log2(p / (1 - p)) - shift))
            pending = [0.0, 0.0, 0]
    rising = []
    for z, bits in points:
        if not rising or (z - rising[-1][0] > 0.25 and bits - rising[-1][1] > 0.05):
            rising.append((z, bits))
    return rising


def with_ends(points):
    """Beyond the outermost points the evidence goes on to count, carefully."""
    (z0, b0), (z1, b1) = points[0], points[-1]
    return [(z0 - 20, b0 - 5)] + points + [(z1 + 20, b1 + 5)]


def auc(pairs):
    pairs = sorted(pairs)
    n1 = sum(s for _, s in pairs)
    n0 = len(pairs) - n1
    rank, i = 0.0, 0
    while i < len(pairs):
        j = i
        while j < len(pairs) and pairs[j][0] == pairs[i][0]:
            j += 1
        rank += (i + j + 1) / 2 * sum(s for _, s in pairs[i:j])
        i = j
    return (rank - n1 * (n1 + 1) / 2) / max(1, n1 * n0)


def main(arguments):
    if len(arguments) != 5:
        sys.exit(__doc__)
    program, pairs_path, weights_in, weights_out, calibration_out = arguments
    rows = load(pairs_path)
    folds = fold_by_person(rows)
    parsed = evidence(program, rows)
    start = read_weights(weights_in)
    kept = [i for i, p in enumerate(parsed) if p]
    data = [(folds[i], parsed[i][1], int(rows[i]["same"]), 1.0) for i in kept]
    held_out = collections.defaultdict(list)
    by_source = collections.defaultdict(list)
    for fold in range(FOLDS):
        weights = fit([d for d in data if d[0] != fold], start)
        for i, d in zip(kept, data):
            if d[0] == fold:
                z = score(d[1], weights)
                held_out[parsed[i][0]].append((z, d[2]))
                by_source[rows[i]["source"]].append((z, d[2]))
                if parsed[i][0] == "latin":
                    by_source["LATIN"].append((z, d[2]))
    for name, pairs in sorted(by_source.items()):
        print(f"{name}: n {len(pairs)} auc {auc(pairs):.4f}", file=sys.stderr)
    weights = fit(data, start)
    codes = [line.split("\t")[0] for line in open(weights_in, encoding="utf-8").read().splitlines()[1:]]
    with open(weights_out, "w", encoding="utf-8") as out:
        out.write("code\t" + "\t".join(f"w{k}" for k in range(FEATURES)) + "\n")
        for code in codes:
            out.write(code + "".join(f"\t{weights.get((code, k), 0.0):.3f}" for k in range(FEATURES)) + "\n")
    with open(calibration_out, "w", encoding="utf-8") as out:
        out.write("family\tlog_odds\tcalibrated\n")
        for family in ("latin", "cross_script", "same_native_script"):
            pairs = held_out[family] if len(held_out[family]) >= 10 * MIN_POINT else held_out["latin"]
            for z, bits in with_ends(curve(pairs)):
                out.write(f"{family}\t{z:.3f}\t{bits:.3f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
