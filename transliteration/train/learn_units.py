#!/usr/bin/env python3
"""Learn how native letters are written in Latin personal names.

usage: learn_units.py OUTPUT.tsv [--hold-out PERCENT] PAIRS.jsonl [PAIRS.jsonl ...]

Two kinds of lines are read: {"lang", "native", "latin"} (one native name and one attested
spelling) and {"a", "b", "same", "xscript"} (two names of one person when `same`). The model: a
word is cut into units of 1-2 native letters with 0-4 Latin letters each,
units are independent, their probabilities are found by expectation-maximisation. What is
written is a statistic of spellings and holds no name: language, native letters, Latin
letters, bits = -log2 P(Latin letters | native letters). Units seen less than MIN_COUNT
times are dropped, and pairs of letters that their single letters explain as well. --hold-out leaves out a share of native words (by a hash of the word), for
measuring on words that were not learned. Python standard library only; deterministic.
"""
import collections
import hashlib
import json
import math
import re
import sys
import unicodedata

MIN_COUNT = 2.5       # expected count below which a unit is noise
MIN_SHARE = 0.004     # of the occurrences of its native letters
ROUNDS = 6
MAX_LATIN = 4
PAIR_SHARE = 0.3       # how willingly two native letters are taken as one unit
EXCLUDED_SOURCES = {"nozomiyamada/thai_romanization"}  # no licence stated

RANGES = [("ru", 0x400, 0x52F), ("el", 0x370, 0x3FF), ("el", 0x1F00, 0x1FFF), ("ar", 0x600, 0x6FF),
          ("he", 0x590, 0x5FF), ("hy", 0x530, 0x58F), ("ka", 0x10A0, 0x10FF), ("hi", 0x900, 0x97F),
          ("ko", 0xAC00, 0xD7A3), ("ja", 0x3040, 0x30FF)]
FOLD = {"ی": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ۃ": "ة", "ې": "ي", "ۍ": "ي"}


def language_of(text):
    for ch in text:
        for lang, low, high in RANGES:
            if low <= ord(ch) <= high:
                if lang == "ar" and any(c in "پچژگکی" for c in text):
                    return "fa"
                return lang
    return ""


def native_letters(word, lang):
    """The same letters as native_letters() in ../native.cpp."""
    word = unicodedata.normalize("NFC", word).upper()
    if lang == "el":
        word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    elif lang == "ko":
        word = unicodedata.normalize("NFD", word)
    elif lang == "ja":
        word = "".join(chr(ord(c) + 0x60) if 0x3041 <= ord(c) <= 0x3096 else c for c in word)
    elif lang in ("ar", "fa", "ur", "ps"):
        word = "".join(FOLD.get(c, c) for c in word
                       if not (0x64B <= ord(c) <= 0x65F or ord(c) in (0x670, 0x640)))
    elif lang == "he":
        word = "".join(c for c in word if 0x5D0 <= ord(c) <= 0x5EA)
    return "".join(c for c in word if unicodedata.category(c)[0] in "LM")


LATIN = {"Æ": "AE", "Ø": "O", "Œ": "OE", "Đ": "D", "Ð": "D", "Þ": "TH", "Ł": "L", "ß": "SS", "ı": "I", "ə": "A"}


def latin_letters(word):
    word = unicodedata.normalize("NFD", word.upper())
    return re.sub("[^A-Z]", "", "".join(LATIN.get(c, c) for c in word))


def words(text):
    text = re.sub(r"['’ʻʼ‘`\"״׳.]", "", text)
    return [w for w in re.split(r"[\s,\-־・=_/()]+", text) if w]


def word_pairs(native, latin, lang):
    n, l = words(native), words(latin)
    if lang == "ko" and len(n) == 1 and 2 <= len(n[0]) <= 4 and len(l) >= 2:
        n, l = [n[0][0], n[0][1:]], [l[0], "".join(l[1:])]
    if len(n) != len(l):
        return
    for x, y in zip(n, l):
        x, y = native_letters(x, lang), latin_letters(y)
        if x and y and 0.4 * len(x) <= len(y) + 1 and len(y) <= 4 * len(x) + 1:
            yield x, y


def read(paths, hold_out):
    found = collections.defaultdict(set)
    for path in paths:
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            if row.get("source") in EXCLUDED_SOURCES:
                continue
            if "native" in row:
                native = row.get("kana") or row["native"]
                lang = row["lang"] if not row.get("kana") else "ja"
                candidates = [(native, l) for l in (row["latin"] if isinstance(row["latin"], list) else [row["latin"]])]
            elif row.get("same") and row.get("xscript") and row.get("kind") == "translit":
                candidates = [(row["b"], row["a"]), (row["a"], row["b"])]
                lang = ""
            else:
                continue
            for native, latin in candidates:
                language = lang or language_of(native)
                if not language or language_of(latin) or not re.search("[A-Za-z]", latin):
                    continue
                for x, y in word_pairs(native, latin, language):
                    if int(hashlib.sha256(x.encode()).hexdigest(), 16) % 100 >= hold_out:
                        found[language].add((x, y))
    return found


def forward_backward(x, y, p):
    n, m = len(x), len(y)
    units = []
    fwd = [[0.0] * (m + 1) for _ in range(n + 1)]
    fwd[0][0] = 1.0
    for i in range(n):
        for j in range(m + 1):
            f = fwd[i][j]
            if f == 0.0:
                continue
            for di in (1, 2):
                if i + di > n:
                    break
                for dj in range(0, min(MAX_LATIN, m - j) + 1):
                    q = p(x[i:i + di], y[j:j + dj])
                    if q > 0.0:
                        fwd[i + di][j + dj] += f * q
                        units.append((i, j, di, dj, q))
    total = fwd[n][m]
    if total <= 0.0:
        return 0.0, []
    bwd = [[0.0] * (m + 1) for _ in range(n + 1)]
    bwd[n][m] = 1.0
    counts = []
    for i, j, di, dj, q in reversed(units):
        b = bwd[i + di][j + dj]
        if b > 0.0:
            bwd[i][j] += q * b
            counts.append((x[i:i + di], y[j:j + dj], fwd[i][j] * q * b / total))
    return total, counts


def learn(pairs):
    pairs = sorted(pairs)
    prob = None

    def start(nat, lat):
        # A flat start that prefers one native letter for one Latin letter.
        return 10.0 ** -(2 + 2 * (len(nat) - 1) + abs(len(lat) - len(nat)))

    for round_number in range(ROUNDS):
        p = start if prob is None else (lambda nat, lat: prob.get((nat, lat), 0.0))
        count = collections.defaultdict(float)
        kept = []
        for x, y in pairs:
            total, units = forward_backward(x, y, p)
            if total <= 0.0:
                continue
            # Words that cannot be spellings of each other teach nothing.
            if round_number >= 2 and -math.log2(total) > 9.0 * max(len(x), len(y)) + 8:
                continue
            kept.append((x, y))
            for nat, lat, c in units:
                count[nat, lat] += c
        pairs = kept
        used = collections.defaultdict(float)
        for (nat, _), c in count.items():
            used[nat] += c
        prob = {(nat, lat): (1.0 if len(nat) == 1 else PAIR_SHARE) * c / used[nat]
                for (nat, lat), c in count.items() if c >= 0.05}
    return units_worth_keeping(pairs, count), len(pairs)


def units_worth_keeping(pairs, count):
    seen = collections.Counter()  # occurrences of one and of two native letters
    used = collections.defaultdict(float)
    for x, _ in pairs:
        for i in range(len(x)):
            seen[x[i:i + 1]] += 1
            if i + 1 < len(x):
                seen[x[i:i + 2]] += 1
    for (nat, _), c in count.items():
        used[nat] += c
    single = collections.defaultdict(dict)
    for (nat, lat), c in sorted(count.items()):
        if len(nat) == 1 and c >= MIN_COUNT and c / used[nat] >= MIN_SHARE:
            single[nat][lat] = max(0.0, -math.log2(c / used[nat]))
    for letter in sorted(l for l in seen if len(l) == 1 and l not in single):
        best = max(((c, lat) for (nat, lat), c in count.items() if nat == letter), default=None)
        if best and best[0] >= 0.5:  # every letter seen keeps its best spelling
            single[letter][best[1]] = 1.0
    rows = [(nat, lat, bits) for nat, spellings in single.items() for lat, bits in spellings.items()]
    for (nat, lat), c in sorted(count.items()):
        if len(nat) == 1 or c < 2 * MIN_COUNT or c / seen[nat] < MIN_SHARE:
            continue
        bits = max(0.0, -math.log2(c / seen[nat]))
        composed = min((single[nat[0]].get(lat[:k], 99) + single[nat[1]].get(lat[k:], 99)
                        for k in range(len(lat) + 1)), default=99)
        if bits <= composed - 0.7:
            rows.append((nat, lat, bits))
    return rows


def main(arguments):
    hold_out = 0
    if "--hold-out" in arguments:
        at = arguments.index("--hold-out")
        hold_out = int(arguments[at + 1])
        del arguments[at:at + 2]
    if len(arguments) < 2:
        sys.exit(__doc__)
    with open(arguments[0], "w", encoding="utf-8") as out:
        out.write("language\tnative\tlatin\tbits\n")
        for lang, pairs in sorted(read(arguments[1:], hold_out).items()):
            if len(pairs) < 60:
                continue
            rows, used = learn(pairs)
            print(f"{lang}: {used} of {len(pairs)} word pairs, {len(rows)} units", file=sys.stderr)
            for nat, lat, bits in sorted(rows, key=lambda r: (r[0], r[2], r[1])):
                out.write(f"{lang}\t{nat}\t{lat}\t{bits:.2f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
