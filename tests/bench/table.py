#!/usr/bin/env python3
"""Medians of several rounds of a bench and its peer, as a table or as JSON.

usage: table.py [--json] FOLDER NAME...

FOLDER holds NAME.paxid.ROUND.json (Google Benchmark) and, where there is a peer,
NAME.peer.ROUND.jsonl ({"name", "per_second", "version"} a line).
"""
import json
import pathlib
import statistics
import sys


def ours(folder, name):
    rates = {}
    for path in sorted(folder.glob(f"{name}.paxid.*.json")):
        for row in json.loads(path.read_text())["benchmarks"]:
            if "error_message" in row:
                sys.exit(f"{row['name']}: {row['error_message']}")
            rates.setdefault(row["name"], []).append(row["items_per_second"])
    return rates


def peers(folder, name):
    """By case, then by peer with its version: the rates."""
    rates = {}
    for path in sorted(folder.glob(f"{name}.peer.*.jsonl")):
        for row in map(json.loads, path.read_text().splitlines()):
            rates.setdefault(row["name"], {}).setdefault(row["version"], []).append(row["per_second"])
    return rates


def rows_of(folder, name):
    others = peers(folder, name)
    for what, rates in ours(folder, name).items():
        row = {"bench": name, "what": what, "paxid_per_second": round(statistics.median(rates))}
        if what not in others:
            yield row
        for version, peer_rates in others.get(what, {}).items():
            peer = statistics.median(peer_rates)
            yield row | {"peer": version, "peer_per_second": round(peer),
                         "ratio": round(row["paxid_per_second"] / peer, 1)}


def show(rows):
    print(f"{'bench':8} {'what':28} {'paxid/s':>12} {'peer/s':>12} {'ratio':>7}  peer")
    for row in rows:
        peer = f"{row['peer_per_second']:12,}" if "peer" in row else f"{'-':>12}"
        ratio = f"{row['ratio']:7.1f}" if "peer" in row else f"{'-':>7}"
        print(f"{row['bench']:8} {row['what']:28} {row['paxid_per_second']:12,} {peer} {ratio}  {row.get('peer', '')}")


def main():
    arguments = [a for a in sys.argv[1:] if a != "--json"]
    folder = pathlib.Path(arguments[0])
    rows = [row for name in arguments[1:] for row in rows_of(folder, name)]
    if not rows:
        sys.exit("no figures")
    if "--json" in sys.argv[1:]:
        print(json.dumps(rows, indent=1))
    else:
        show(rows)


if __name__ == "__main__":
    main()
