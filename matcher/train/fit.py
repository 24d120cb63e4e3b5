#!/usr/bin/env python3
"""Fit ../data/weights.tsv and ../data/calibration.tsv on labelled pairs of names.

usage: fit.py EVIDENCE_PROGRAM PAIRS.jsonl WEIGHTS_IN.tsv WEIGHTS_OUT.tsv CALIBRATION_OUT.tsv

PAIRS.jsonl: {"a", "b", "same", "kind", "trust", …}; kinds "alias" and "partial" (other names
of one person) and trust "low" are left out. EVIDENCE_PROGRAM is paxid_matcher_evidence.

Weights: logistic regression of `same` on the summed features of each reason code, without an
intercept, held towards WEIGHTS_IN by a quadratic penalty; so a code that the pairs do not
show keeps the weight that was argued for it. Bounds keep signs as they must be at a gate.
Codes in FIXED are never moved: the pairs hold no booking fields. Sources that damage names
harder than life count less (SOURCE_WEIGHT, CURVE_WEIGHT).

Calibration: isotonic regression (pool adjacent violators) of `same` on the log-odds of
persons that the weights were not fitted on (five folds by person), smoothed to a few points,
one curve for each kind of evidence. Prints figures of the held-out folds: weights and curve are then both
fitted on the other four.
A person is the cluster of all names that pairs call the same; a pair of two persons counts in no
fit that one of them is held out of. Standard library only; deterministic.
"""
import collections
import hashlib
import json
import math
import subprocess
import sys

FEATURES = 16
LEAST_LOSS = 0.1  # as in weigh()
LEAST_LOSS_OF_NAMES = 0.5  # likewise
MOST_OF_NOBODYS = 1.0  # likewise
FIXED = {"LOSS", "FIELDS_SWAPPED", "ORDER", "SUFFIX", "SUFFIX_CONFLICT", "PARTICLE", "NOTHING_SHARED"}
FIXED_FEATURES = {("TITLE", 3), ("PLACEHOLDER", 3)} | {("TRANSLITERATION", k) for k in range(4)}
# Features of one weight: an equal part is worth the same however it was written.
TIED = {(code, k): ("EQUAL", k) for code in ("DOC9303_SPELLING", "SPACING", "TITLE") for k in (0, 1)}
TIED["DOC9303_SPELLING", 2] = ("EQUAL", 2)
# What a spelling of a native word is worth does not jump where it is called a contradiction.
TIED.update({("CONTRADICTION", 2): ("TRANSLITERATION", 0), ("CONTRADICTION", 3): ("TRANSLITERATION", 1),
             ("CONTRADICTION", 6): ("TRANSLITERATION", 2), ("CONTRADICTION", 7): ("TRANSLITERATION", 3)})
FIXED_FEATURES |= {key for key, of in TIED.items() if of[0] == "TRANSLITERATION"}
FREE = (-99.0, 99.0)
POSITIVE = (0.0, 99.0)
NEGATIVE = (-99.0, 0.0)
# What pairs of a list may suggest but no gate may believe: that a lack or a letter that
# differs speaks for a person.
BOUNDS = {("TRANSLITERATION", 1): POSITIVE, ("TRANSLITERATION", 2): POSITIVE, ("EQUAL", 0): POSITIVE,
          ("EQUAL", 1): POSITIVE, ("EQUAL", 2): POSITIVE, ("MISSING", 0): (-99.0, -0.2), ("MISSING", 1): (-99.0, -0.8)}
for key in (("SLIP", 1), ("SLIP", 2), ("SLIP", 6), ("SLIP", 13), ("OTHER_NAME", 13), ("SPELLING_VARIANT", 7), ("SPELLING_VARIANT", 2), ("SPELLING_VARIANT", 3),
            ("SPELLING_VARIANT", 4), ("SPELLING_VARIANT", 6), ("SPACING", 2), ("PREFIX", 2), ("TRANSLITERATION", 3), ("OTHER_NAME", 1),
            ("OTHER_NAME", 2), ("OTHER_NAME", 6), ("OTHER_NAME", 9), ("OTHER_NAME", 10), ("MISSING", 2), ("MISSING", 5), ("CONTRADICTION", 0),
            ("CONTRADICTION", 12), ("CONTRADICTION", 13), ("CONTRADICTION", 14), ("CONTRADICTION", 15), ("OTHER_NAME", 12), ("OTHER_NAME", 14),
            ("INITIAL", 1)):
    BOUNDS[key] = NEGATIVE
# The pairs hold few other persons with alike surnames.
BOUNDS.update({("SLIP", 1): (-99.0, -1.0), ("SLIP", 9): (-99.0, -0.4), ("SLIP", 10): (-99.0, -1.0),
               ("SLIP", 13): (-99.0, -1.0), ("SPELLING_VARIANT", 7): (-99.0, -0.5),
               # What lacks behind a cut, or in another script, still does not speak for a person.
               ("SLIP", 15): NEGATIVE, ("MISSING", 3): (-99.0, 0.2), ("MISSING", 4): NEGATIVE})
SOURCE_WEIGHT = {"febrl_dataset1": 0.5, "febrl_dataset3": 0.5, "febrl_dataset4": 0.5}
# The same for the curves. In more than every fourth pair of one person these have another name
# altogether: a curve that follows them would take brothers for one person one time in six.
CURVE_WEIGHT = {"febrl_dataset1": 0.13, "febrl_dataset3": 0.13, "febrl_dataset4": 0.13}
FAMILIES = ("latin", "cross_script", "same_native_script")
# Evidence of the family that has a curve of its own, at the odds of the whole family.
PART_OF = {"latin_one_of_two": "latin"}
PENALTY = 0.5
PASSES = 40
ROUNDS = 12
FOLDS = 5
MIN_POINT = 75.0  # weight of pairs behind one point of a calibration curve
LN2 = math.log(2)


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
        found = []
        for piece in pieces:
            code, rarity, *values = piece.split(" ")
            found.append((float(rarity), [((code, k), float(v)) for k, v in enumerate(values) if float(v) != 0]))
        parsed.append((family, found))
    return parsed


def folds_of_persons(rows):
    """For each pair the folds of its two persons. What is known of a person is learned from no
    pair that names him, so a pair is left out of every fit that one of its persons is held out of."""
    parent = {}

    def find(x):
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for r in rows:
        if r["same"]:
            parent[find(r["a"].casefold())] = find(r["b"].casefold())
    fold = lambda name: int(hashlib.sha256(find(name.casefold()).encode()).hexdigest(), 16) % FOLDS
    return [(fold(r["a"]), fold(r["b"])) for r in rows]


def read_weights(path):
    weights = {}
    for line in open(path, encoding="utf-8").read().splitlines()[1:]:
        code, *values = line.split("\t")
        for k, value in enumerate(values):
            weights[code, k] = float(value)
    return weights


def is_fixed(key):
    return key[0] in FIXED or key in FIXED_FEATURES


def bounded(pieces, weights):
    """The features that count, as weigh() of evidence.cpp: no likeness is worth more than the
    same letters would be, no contradiction within one script and no other name speaks for a
    person, and a slip between two names of nobody says little."""
    for rarity, features in pieces:
        bits = sum(weights.get(key, 0.0) * v for key, v in features)
        first = features[0][0] if features else None
        least = {("CONTRADICTION", 0): LEAST_LOSS, ("OTHER_NAME", 0): LEAST_LOSS_OF_NAMES}.get(first)
        if least and bits > -least:
            yield ("LOSS", 0), least
            continue
        if first == ("SLIP", 0) and features[-1][0] == ("SLIP", 15):
            several = any(key == ("SLIP", 9) for key, _ in features)
            most = 0.0 if several else MOST_OF_NOBODYS
            if bits > most:
                bits = most
                features = [(("LOSS", 0), -most)]
        if 0 <= rarity and bits > weights["EQUAL", 0] + weights["EQUAL", 1] * rarity - LEAST_LOSS:
            yield ("LOSS", 0), LEAST_LOSS
            yield ("EQUAL", 0), 1.0
            yield ("EQUAL", 1), rarity
        else:
            yield from features


def fit(data, start):
    """Fits as if likenesses were not bounded, then lets the bound be felt step by step."""
    now = fit_linear(data, start, start, PASSES, lambda pieces: (f for _, features in pieces for f in features))
    for _ in range(ROUNDS):
        now = fit_linear(data, start, now, 1, lambda pieces: bounded(pieces, now))
    return now


def fit_linear(data, start, at, passes, features_of):
    """Newton steps, one weight at a time, each within its bounds; bits, so the sigmoid has base 2."""
    tied = lambda key: TIED.get(key, key)
    columns = collections.defaultdict(list)
    z, same, weight = [], [], []
    for i, (_, pieces, y, w) in enumerate(data):
        found = collections.Counter()
        z.append(0.0)
        for key, v in features_of(pieces):
            if is_fixed(key):
                z[i] += start.get(key, 0.0) * v
            else:
                found[tied(key)] += v
        for key, v in found.items():
            columns[key].append((i, v))
            z[i] += at.get(key, 0.0) * v
        same.append(float(y))
        weight.append(w)
    keys = sorted(columns)
    now = {key: at.get(key, 0.0) for key in keys}
    prob = lambda x: 1 / (1 + 2.0 ** -max(-60.0, min(60.0, x)))
    p = [prob(x) for x in z]
    for _ in range(passes):
        moved = 0.0
        for key in keys:
            gradient = PENALTY * (now[key] - start.get(key, 0.0))
            curvature = PENALTY
            for i, v in columns[key]:
                w = weight[i] * v * LN2
                gradient += w * (p[i] - same[i])
                curvature += w * v * LN2 * max(p[i] * (1 - p[i]), 0.005)
            low, high = BOUNDS.get(key, FREE)
            to = min(high, max(low, now[key] - max(-0.3, min(0.3, gradient / curvature))))
            step = to - now[key]
            if abs(step) < 1e-6:
                continue
            now[key] = to
            moved = max(moved, abs(step))
            for i, v in columns[key]:
                z[i] += step * v
                p[i] = prob(z[i])
        if moved < 1e-3:
            break
    fitted = dict(at)
    fitted.update(now)
    fitted.update({key: fitted[of] for key, of in TIED.items() if key not in FIXED_FEATURES})
    return fitted


def score(pieces, weights):
    return sum(weights.get(key, 0.0) * v for key, v in bounded(pieces, weights))


def isotonic(points):
    blocks = []  # [sum of scores, sum of labels, sum of weights]
    for z, same, w in sorted(points):
        blocks.append([z * w, same * w, w])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last)]
    return blocks


def odds(points):
    """log2 of the odds of same and different."""
    positives = sum(w for _, s, w in points if s)
    return math.log2(positives / (sum(w for _, _, w in points) - positives))


def curve(points, shift):
    """Points (log-odds, calibrated bits) as they are where same and different have even odds;
    `shift` are the odds they have here."""
    found = []
    pending = [0.0, 0.0, 0.0]
    for block in isotonic(points):
        pending = [a + b for a, b in zip(pending, block)]
        if pending[2] >= MIN_POINT:
            z, same, n = pending
            p = (same + 0.5) / (n + 1)
            found.append((z / n, math.log2(p / (1 - p)) - shift))
            pending = [0.0, 0.0, 0.0]
    rising = []
    for z, bits in found:
        if not rising or (z - rising[-1][0] > 0.25 and bits - rising[-1][1] > 0.05):
            rising.append((z, bits))
    return with_ends(rising)


def with_ends(points):
    """Beyond the outermost points the evidence goes on to count, carefully."""
    (z0, b0), (z1, b1) = points[0], points[-1]
    return [(z0 - 20, b0 - 5)] + points + [(z1 + 20, b1 + 5)]


def read_curve(points, z):
    i = 1
    while i + 1 < len(points) and z > points[i][0]:
        i += 1
    (z0, b0), (z1, b1) = points[i - 1], points[i]
    return 1 / (1 + 2.0 ** -(b0 + (z - z0) / (z1 - z0) * (b1 - b0)))


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


def recall_at(pairs, share):
    negatives = sorted((p for p, s in pairs if not s), reverse=True)
    positives = [p for p, s in pairs if s]
    if not negatives or not positives:
        return float("nan")
    limit = negatives[int(share * len(negatives))]
    return sum(p > limit for p in positives) / len(positives)


def calibration_error(pairs, bins=15):
    found = [[0.0, 0] for _ in range(bins)]
    for p, s in pairs:
        at = min(bins - 1, int(p * bins))
        found[at][0] += p
        found[at][1] += s
    return sum(abs(a - b) for a, b in found) / len(pairs)


def slices(rows, families):
    """Name of a slice -> its pairs, as the project's figures name them."""
    found = collections.defaultdict(list)
    for i, row in enumerate(rows):
        if families[i] is None:
            continue
        source = row["source"].split("_")[0]
        found[source].append(i)
        found["ALL"].append(i)
        found["CROSS-SCRIPT" if row["xscript"] else "LATIN"].append(i)
        if source in ("un", "ofac") and not row["xscript"]:
            found["LISTS"].append(i)
    return found


def report(rows, families, confidence, title):
    print(title, file=sys.stderr)
    for name, where in sorted(slices(rows, families).items()):
        pairs = [(confidence[i], int(rows[i]["same"])) for i in where]
        brier = sum((p - s) ** 2 for p, s in pairs) / len(pairs)
        print(f"  {name}: n {len(pairs)} auc {auc(pairs):.4f} tpr@1% {recall_at(pairs, .01):.3f} "
              f"ece {calibration_error(pairs):.4f} brier {brier:.4f}", file=sys.stderr)
    typos = sorted(confidence[i] for i, r in enumerate(rows) if r["source"] == "airline_built" and r["kind"] == "typo")
    others = [confidence[i] for i, r in enumerate(rows) if r["kind"] == "different_gender_pair"]
    if typos and others:
        limit = typos[int(0.05 * len(typos))]
        print(f"  another name a letter away, accepted where 95 % of slips are: "
              f"{sum(p >= limit for p in others) / len(others):.3f}", file=sys.stderr)


def main(arguments):
    if len(arguments) != 5:
        sys.exit(__doc__)
    program, pairs_path, weights_in, weights_out, calibration_out = arguments
    rows = load(pairs_path)
    folds = folds_of_persons(rows)
    parsed = evidence(program, rows)
    kinds = [p and p[0] for p in parsed]
    families = [kind and PART_OF.get(kind, kind) for kind in kinds]
    curve_weight = [CURVE_WEIGHT.get(row["source"], 1.0) for row in rows]
    start = read_weights(weights_in) | {("LOSS", 0): -1.0}
    data = [(folds[i], p[1], int(rows[i]["same"]), SOURCE_WEIGHT.get(rows[i]["source"], 1.0)) if p else None
            for i, p in enumerate(parsed)]
    held_out = [None] * len(rows)
    for fold in range(FOLDS):
        weights = fit([d for d in data if d and fold not in d[0]], start)
        for i, d in enumerate(data):
            if d and d[0][0] == fold:
                held_out[i] = score(d[1], weights)

    def curves(leave_out):
        def points(of, kind):
            return [(held_out[i], d[2], curve_weight[i]) for i, d in enumerate(data)
                    if d and leave_out not in d[0] and kind[i] == of]

        found = {}
        for family in FAMILIES:
            own = points(family, families)
            few = len(own) < 10 * MIN_POINT
            shift = odds(points("latin", families) if few else own)
            found[family] = curve(points("latin", families) if few else points(family, kinds), shift)
        for part, family in PART_OF.items():
            found[part] = curve(points(part, kinds), odds(points(family, families)))
        return found

    confidence = [0.5] * len(rows)
    for fold in range(FOLDS):
        without = curves(fold)
        for i, d in enumerate(data):
            if d and d[0][0] == fold:
                confidence[i] = read_curve(without[kinds[i]], held_out[i])
    report(rows, families, confidence, "held-out folds")
    weights = fit([d for d in data if d], start)
    shipped = curves(None)
    report(rows, families, [read_curve(shipped[kinds[i]], score(d[1], weights)) if d else 0.5
                            for i, d in enumerate(data)], "fitted on all")
    codes = [line.split("\t")[0] for line in open(weights_in, encoding="utf-8").read().splitlines()[1:]]
    with open(weights_out, "w", encoding="utf-8") as out:
        out.write("code\t" + "\t".join(f"w{k}" for k in range(FEATURES)) + "\n")
        for code in codes:
            out.write(code + "".join(f"\t{weights.get((code, k), 0.0):.3f}" for k in range(FEATURES)) + "\n")
    with open(calibration_out, "w", encoding="utf-8") as out:
        out.write("curve\tlog_odds\tcalibrated\n")
        for name, points in shipped.items():
            for z, bits in points:
                out.write(f"{name}\t{z:.3f}\t{bits:.3f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
