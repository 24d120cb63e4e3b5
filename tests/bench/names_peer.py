#!/usr/bin/env python3
"""Jaro-Winkler of Debian's jellyfish (a C extension) over the pairs of names_bench.cpp: letters only, no
reasons, no probability. Prints {"name", "per_second", "version"} a line."""
import importlib.metadata
import json
import pathlib
import time
import warnings

import jellyfish

DATA = pathlib.Path(__file__).resolve().parent.parent / "data/matcher/name_pairs.jsonl"
SECONDS = 0.5
warnings.simplefilter("ignore", DeprecationWarning)  # of the extension's own build


def rate(compare, pairs):
    done, begin = 0, time.process_time()
    while True:
        for a, b in pairs:
            compare(a, b)
        done += len(pairs)
        taken = time.process_time() - begin
        if taken >= SECONDS:
            return done / taken


def main():
    rows = map(json.loads, DATA.read_text(encoding="utf-8").splitlines())
    pairs = [(row["a"], row["b"]) for row in rows]
    print(json.dumps({"name": "Jaro-Winkler, letters only",
                      "per_second": rate(jellyfish.jaro_winkler_similarity, pairs),
                      "version": "jellyfish " + importlib.metadata.version("jellyfish")}))


if __name__ == "__main__":
    main()
