#!/usr/bin/env python3
"""Runs every ```sh block of README.md as written, from the root of the source tree.

`ops/test` is what runs this test; it is only checked to be there. The verdict cards shown in
the README must be what the quickstart prints, but for ids, times, hashes and versions.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VARYING = re.compile(r"^\s+(record|request|engine|policy|time|leaf|root|log|decision)\s.*$|\+?-?\d+\.\d+", re.MULTILINE)


def blocks(text):
    return [(kind, body) for kind, body in BLOCK.findall(text)]


def run(script, root, directory):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ASAN_", "UBSAN_", "PAXID_"))}
    # A server that somebody keeps in run/quickstart is not this test's to stop.
    environment["PAXID_QUICKSTART_DIR"] = directory
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=root, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def fixed_part(text):
    """Lines that a rerun repeats letter for letter."""
    return [line for line in VARYING.sub("", text).splitlines() if line.strip()]


def main():
    root = pathlib.Path(sys.argv[1])
    found = blocks((root / "README.md").read_text(encoding="utf-8"))
    output, ran, failures = "", 0, []
    scratch = tempfile.TemporaryDirectory(prefix="paxid-readme-")
    directory = scratch.name
    for kind, body in found:
        if kind != "sh":
            continue
        for command in body.strip().splitlines():
            if command == "ops/test":
                if not os.access(root / command, os.X_OK):
                    failures.append("ops/test is not executable")
                continue
            status, text = run(command, root, directory)
            ran += 1
            output += text
            print(f"$ {command}\n{text}")
            if status != 0:
                failures.append(f"exit status {status}: {command}")
    printed = set(fixed_part(output))
    for kind, body in found:
        if kind == "text":
            missing = [line for line in fixed_part(body) if line not in printed]
            failures += [f"shown in the README but not printed: {line!r}" for line in missing]
    if ran < 5:
        failures.append(f"only {ran} commands found")
    print("\n".join(failures) or f"{ran} commands ran as written")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
