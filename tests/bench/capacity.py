#!/usr/bin/env python3
"""What a server with full flights and a long log costs, and what four times its load does to it.

usage: capacity.py [--json] [--rounds N] [--seconds S] [--records N] PROGRAMS

PROGRAMS holds paxid-server and paxid. One server loads 200 flights of 300 passengers and is given
a log of N records [1,000,000]; another one stays empty: memory of both, and CPU of a call beside each
other. Then the server has one core and `paxid bench` the other, so that the load does not take from
the server what it needs: its peak, and what it answers within two seconds when four times as many
calls come, over four connections and over 64.
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from service import CONFIGURATION, ROOT, Server, fdatasync_p50_us, measure, medians

FLIGHTS = 200
PASSENGERS = 300
DEADLINE_MS = 2000
SURNAMES = ("ALMBERG BRANDOVIC CASTELMAR DUNWELL ESTERHOLT FAIRBOURNE GRUNEAU HALVORDEN ISTRATOV "
            "JAROMIRA KOLLANDER LINDQVARN MORAVETZ NORDHAGEN OSTROVAN PELLERINE").split()
GIVEN_NAMES = ("ANNA BORIS CLARA DAVID ELENA FELIX GRETA HUGO IRENE JONAS KAREN LUKAS MARTA NILS "
               "OLIVIA PAUL").split()


def departure_day():
    """Tomorrow, in UTC: a flight that is still to depart whatever the hour."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now.date() + datetime.timedelta(days=1)).isoformat()


def locator_of(flight, passenger):
    return f"B{flight * PASSENGERS + passenger:05d}"


def passenger_list(flight, day):
    """A passenger list of invented people as `paxid flight load` reads it."""
    rows = ["surname,given,title,type,locator,class,destination,seat,sequence,flight,date,board"]
    for i in range(PASSENGERS):
        surname = SURNAMES[i % 16] + chr(ord("A") + i // 16 % 26)
        seat = f"{1 + i // 6}{'ABCDEF'[i % 6]}"
        rows.append(f"{surname},{GIVEN_NAMES[(i + flight) % 16]},MR,ADT,{locator_of(flight, i)},"
                    f"Y,JFK,{seat},{i + 1},XX{1000 + flight},{day},FRA")
    return "\n".join(rows) + "\n"


def client(programs, certificates, server, who, *words, text=None, core=None):
    """Runs paxid against the server and returns what it prints."""
    pinned = [] if core is None else ["taskset", "-c", str(core)]
    run = subprocess.run(
        [*pinned, programs / "paxid", *words, "--server", f"localhost:{server.port}", "--ca",
         certificates / "ca.pem", "--cert", certificates / f"{who}.pem", "--key",
         certificates / f"{who}.key"], input=text, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"paxid {words[0]} failed: {run.stderr.strip() or run.stdout.strip()}")
    return run.stdout


def load_flight(programs, certificates, server, flight):
    client(programs, certificates, server, "d1", "flight", "load", "-", "--deadline-ms", "60000",
           text=passenger_list(flight, departure_day()))


def load_flights(programs, certificates, server):
    for flight in range(FLIGHTS):
        if flight % 50 == 0:
            print(f"flight {flight} of {FLIGHTS}", file=sys.stderr)
        load_flight(programs, certificates, server, flight)


def fill_log(programs, certificates, server, records):
    done = 0
    while done < records:
        print(f"record {done:,} of {records:,}", file=sys.stderr)
        report = json.loads(client(programs, certificates, server, "k1", "bench", "--json",
                                   "--in-flight", "512", "--seconds", "10", "--warm-up", "0",
                                   "--deadline-ms", "10000"))
        done += report["answered"]


def overload(programs, certificates, server, core, channels, seconds):
    """Peak and four times as much, the load from `core`; the server has another one."""
    def bench(*words):
        return json.loads(client(programs, certificates, server, "k1", "bench", "--json",
                                 "--channels", str(channels), "--seconds", str(seconds), *words,
                                 core=core))
    peak = bench("--in-flight", "64", "--deadline-ms", "10000")["per_second"]
    cpu, start = server.cpu_seconds(), time.monotonic()
    over = bench("--per-second", str(int(4 * peak)), "--deadline-ms", str(DEADLINE_MS))
    busy = (server.cpu_seconds() - cpu) / (time.monotonic() - start)
    return {"peak": peak, "answered": over["per_second"], "of_peak": over["per_second"] / peak,
            "server_busy": busy,
            "p99_us": over["microseconds"]["p99"], "refused": over["refused"],
            "refusal_p99_us": over["refusal_microseconds"]["p99"], "not_begun": over["not_begun"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    programs = options.programs.resolve()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("Two cores are needed: one for the server, one for the load.")
    figures = {}
    with tempfile.TemporaryDirectory(dir=programs) as work:
        work = pathlib.Path(work)
        certificates = work / "certificates"
        subprocess.run([ROOT / "ops/make-certificates", certificates, "demo", "kiosk", "k1", "demo",
                        "loader", "d1"], check=True, stdout=subprocess.DEVNULL)
        log = open(work / "log", "w")
        servers = {}
        for name in ("empty", "full"):
            (work / name).mkdir()
            (work / name / "server.toml").write_text(CONFIGURATION.format(
                certificates=certificates, store="store", postgresql=""))
            servers[name] = Server([programs / "paxid-server", "--config",
                                    work / name / "server.toml", "--port-file",
                                    work / name / "port"], work / name / "port", log)
        try:
            full = servers["full"]
            figures["fdatasync_p50_us"] = fdatasync_p50_us(work)
            figures["mib_at_rest"] = full.resident_mib()
            load_flights(programs, certificates, full)
            figures["mib_with_flights"] = full.resident_mib()
            fill_log(programs, certificates, full, options.records)
            rounds = {name: [] for name in servers}
            for number in range(options.rounds):
                print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
                for name in sorted(servers, reverse=number % 2 == 1):
                    rounds[name].append(measure(programs, certificates, servers[name],
                                                "64 in flight", options.seconds))
            cpu = {name: medians(one)["cpu_us"] for name, one in rounds.items()}
            figures["cpu_us"] = cpu
            figures["cpu_full_to_empty"] = cpu["full"] / cpu["empty"]
            figures["mib_after"] = full.resident_mib()
            subprocess.run(["taskset", "-apc", str(cores[0]), str(servers["empty"].process.pid)], check=True,
                           stdout=subprocess.DEVNULL)
            for channels in (4, 64):
                found = []
                for number in range(options.rounds):
                    print(f"overload {number + 1} of {options.rounds}", file=sys.stderr)
                    found.append(overload(programs, certificates, servers["empty"], cores[1], channels,
                                          options.seconds))
                figures[f"overload_{channels}"] = sorted(found, key=lambda one: one["of_peak"])[
                    len(found) // 2]
        finally:
            for server in servers.values():
                server.stop()
    if options.json:
        json.dump(figures, sys.stdout, indent=1)
        print()
        return
    print(f"fdatasync p50 {figures['fdatasync_p50_us']:.0f} us")
    print(f"memory: {figures['mib_at_rest']:.0f} MiB at rest (<= 40), "
          f"{figures['mib_with_flights']:.0f} MiB with {FLIGHTS} flights of {PASSENGERS} (<= 150), "
          f"{figures['mib_after']:.0f} MiB after all")
    print(f"CPU a call with them and {options.records:,} records / empty: "
          f"{figures['cpu_full_to_empty']:.2f} (<= 1.10)")
    for channels in (4, 64):
        one = figures[f"overload_{channels}"]
        print(f"four times {one['peak']:,.0f} calls a second over {channels} connections: "
              f"{one['of_peak']:.2f} of it answered (>= 0.95), p99 {one['p99_us'] / 1000:.0f} ms, "
              f"server busy {one['server_busy']:.0%}; not begun {one['not_begun']:,}; "
              f"refused {one['refused']}, refusals p99 {one['refusal_p99_us'] / 1000:.1f} ms (<= 10)")


if __name__ == "__main__":
    main()
