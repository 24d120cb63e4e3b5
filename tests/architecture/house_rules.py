#!/usr/bin/env python3
"""Checks rules that no compiler checks, over the files git tracks.

 - no unfinished places, no switched-off tests, no path of one machine, no registry's address;
 - test data come with their origin and licence;
 - personal data types stay unprintable: nothing streams .reveal() into a log, and the server makes
   no text of a whole message;
 - every header guards itself with #pragma once;
 - the scripts of ops/ are executable and start with a shebang.
"""
import pathlib
import re
import subprocess
import sys

# Words of other people: names and letters may look like anything.
UNCHECKED = ("matcher/data/", "transliteration/data/")
BINARY = {".binpb", ".png"}
FORBIDDEN = [
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X:|HA" r"CK)\b"), "an unfinished place"),
    (re.compile(r"\bDIS" r"ABLED_|GTEST_" r"SKIP\b"), "a switched-off test"),
    (re.compile(r"(?<![\w.])/(ho" r"me|ro" r"ot|wo" r"rk)/"), "a path of one machine"),
    (re.compile(r"registry\.npm" r"js|deb\.debian\." r"org|py" r"pi\.org|\"resolved\": *\"ht" r"tp"), "a registry's address"),
    (re.compile(r"(EXPECT|ASSERT)_TRUE\(tr" r"ue\)"), "a test that cannot fail"),
]
LOGGING = re.compile(r"(spdlog::|log(ger)?(_|->|\.)?(info|warn|error|debug)\b).*\.reveal\(\)")


# Whole messages as text: whatever they hold would be in it.
MESSAGE_AS_TEXT = re.compile(r"\b(Short|Utf8)?DebugString\(|\bMessageToJson|\bTextFormat\b")


def tracked(root):
    listing = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             check=True, stdout=subprocess.PIPE).stdout
    return sorted(pathlib.Path(name) for name in listing.decode().split("\0") if name)


def check_text(path, text):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in FORBIDDEN:
            if pattern.search(line):
                found.append(f"{path}:{number}: {what}")
        if LOGGING.search(line):
            found.append(f"{path}:{number}: personal data in a log")
        if path.parts[0] == "server" and MESSAGE_AS_TEXT.search(line):
            found.append(f"{path}:{number}: a message as text")
    if path.suffix == ".h" and "#pragma once" not in text:
        found.append(f"{path}: no #pragma once")
    return found


def main():
    root = pathlib.Path(sys.argv[1])
    found, files = [], 0
    data_folders = set()
    for path in tracked(root):
        if not (root / path).is_file():
            continue
        files += 1
        if path.parts[:2] == ("tests", "data"):
            if len(path.parts) > 3:
                data_folders.add(path.parts[2])
            continue
        if path.suffix not in BINARY and not path.as_posix().startswith(UNCHECKED):
            found += check_text(path, (root / path).read_text(encoding="utf-8", errors="replace"))
        if path.parts[0] == "ops" and path.suffix == "" and len(path.parts) == 2:
            full = root / path
            if not full.stat().st_mode & 0o111 or not full.read_text().startswith("#!"):
                found.append(f"{path}: not an executable script")
    for folder in sorted(data_folders):
        if not (root / "tests/data" / folder / "SOURCES.md").is_file():
            found.append(f"tests/data/{folder}: no SOURCES.md")
    print("\n".join(found) if found else f"{files} files, no violation")
    return 1 if found or files < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
