#!/usr/bin/env python3
"""How fast paxid-audit-verify checks exports of 10^5 and 10^6 invented records, and its memory.

usage: export.py [--json] [--rounds N] PROGRAMS

PROGRAMS is the folder of export_maker and paxid-audit-verify. CPU time of the verifier (user and
system), so that a busy machine does not count; linear: the time of a record of the large export
beside that of the small one.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

SMALL, LARGE = 100_000, 1_000_000
RATE, MEGABYTES, LINEAR = 150_000, 64, 1.15


def verify(program, directory):
    """CPU seconds and peak megabytes of one run."""
    pid = os.posix_spawn(program, [program, str(directory), "--vkey", f"{directory}.vkey"], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{directory}: not proven, status {status >> 8}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(programs, work, profile, rounds):
    seconds = {SMALL: [], LARGE: []}
    memory = []
    for records in (SMALL, LARGE):
        directory = work / f"{profile}-{records}"
        subprocess.run([programs / "export_maker", directory, str(records), profile], check=True)
        for _ in range(rounds):
            used, peak = verify(str(programs / "paxid-audit-verify"), directory)
            seconds[records].append(used)
            memory.append(peak)
        for file in directory.iterdir():
            file.unlink()
    small, large = (statistics.median(seconds[n]) / n for n in (SMALL, LARGE))
    return {"what": f"verify {profile} export of {LARGE} records", "leaves_per_second": round(1 / large),
            "megabytes": round(max(memory), 1), "time_of_a_record_to_small": round(large / small, 3)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("programs", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        rows = [measure(arguments.programs.resolve(), pathlib.Path(work), profile, arguments.rounds)
                for profile in ("internal", "border")]
    for row in rows:
        # The target speaks of leaves; bodies in the clear are opened and compared beside that.
        if row["what"].startswith("verify internal"):
            row |= {"target": RATE, "met": row["leaves_per_second"] >= RATE}
        row["memory_met"] = row["megabytes"] <= MEGABYTES
        row["linear"] = row["time_of_a_record_to_small"] <= LINEAR
    if arguments.json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print("  ".join(f"{key}={value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
