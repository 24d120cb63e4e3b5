#!/usr/bin/env python3
"""Medians of several rounds of a bench and its peer, as a table or as JSON.

usage: table.py [--json] FOLDER NAME...

FOLDER holds NAME.paxid.ROUND.json (Google Benchmark) and, where there is a peer,
NAME.peer.ROUND.jsonl ({"name", "per_second", "version"} a line). What is aimed at stands in
targets.json, beside the figure.
"""
import json
import pathlib
import statistics
import sys

RATE = "items_per_second"
# Counters of a bench that are figures of their own; less is better where the sign is -1.
COUNTERS = {"allocations_per_pair": -1, "allocations_per_call": -1, "milliseconds": -1,
            "megabytes_of_tables": -1, "speedup": 1, "of_raw_file": 1, "cpu_full_to_empty": -1, "start_seconds": -1}


def ours(folder, name):
    """By case, then by figure: the values of the rounds."""
    figures = {}
    for path in sorted(folder.glob(f"{name}.paxid.*.json")):
        for row in json.loads(path.read_text())["benchmarks"]:
            if "error_message" in row:
                sys.exit(f"{row['name']}: {row['error_message']}")
            # Google Benchmark writes how a case was run behind its name.
            case = figures.setdefault(row["name"].split("/iterations:")[0].split("/real_time")[0], {})
            for figure in (RATE, *COUNTERS):
                if figure in row:
                    case.setdefault(figure, []).append(row[figure])
    return figures


def peers(folder, name):
    """By case, then by peer with its version: the rates."""
    rates = {}
    for path in sorted(folder.glob(f"{name}.peer.*.jsonl")):
        for row in map(json.loads, path.read_text().splitlines()):
            rates.setdefault(row["name"], {}).setdefault(row["version"], []).append(row["per_second"])
    return rates


def rows_of(folder, name, targets):
    others = peers(folder, name)
    for what, figures in ours(folder, name).items():
        target = targets.get(what, {})
        row = {"bench": name, "what": what, "paxid_per_second": round(statistics.median(figures[RATE]))}
        if RATE in target:
            row |= {"target": target[RATE], "met": row["paxid_per_second"] >= target[RATE]}
        if what not in others:
            yield row
        for version, peer_rates in others.get(what, {}).items():
            peer = statistics.median(peer_rates)
            row_beside = row | {"peer": version, "peer_per_second": round(peer),
                                "ratio": round(row["paxid_per_second"] / peer, 1)}
            # A peer's target is a ratio: both were measured in this run.
            wanted = target.get("times", {}).get(version.rsplit(" ", 1)[0])
            if wanted is not None:
                row_beside |= {"target": f"{wanted} x", "met": row_beside["ratio"] >= wanted}
            yield row_beside
        for figure, sign in COUNTERS.items():
            if figure in figures:
                row = {"bench": name, "what": what, "figure": figure,
                       "value": round(statistics.median(figures[figure]), 3)}
                if figure in target:
                    row |= {"target": target[figure],
                            "met": row["value"] * sign >= target[figure] * sign}
                yield row


def shown(target):
    return f"{target:>10}" if isinstance(target, str) else f"{target:10,}"


def show(rows):
    print(f"{'bench':15} {'what':36} {'paxid/s':>12} {'target':>10}  {'':5} {'peer/s':>12} {'ratio':>7}  peer")
    for row in rows:
        what = row["what"] if "figure" not in row else "  " + row["figure"].replace("_", " ")
        value = f"{row['value']:12.3f}" if "value" in row else f"{row['paxid_per_second']:12,}"
        target = f"{shown(row['target'])}  {'met' if row['met'] else 'short':5}" if "target" in row else " " * 17
        peer = (f" {row['peer_per_second']:12,} {row['ratio']:7.1f}  {row['peer']}" if "peer" in row else "")
        print(f"{row['bench']:15} {what:36} {value} {target}{peer}".rstrip())


def main():
    arguments = [a for a in sys.argv[1:] if a != "--json"]
    folder = pathlib.Path(arguments[0])
    targets = json.loads((pathlib.Path(__file__).parent / "targets.json").read_text())
    rows = [row for name in arguments[1:] for row in rows_of(folder, name, targets.get(name, {}))]
    if not rows:
        sys.exit("no figures")
    if "--json" in sys.argv[1:]:
        print(json.dumps(rows, indent=1))
    else:
        show(rows)


if __name__ == "__main__":
    main()
