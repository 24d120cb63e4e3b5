#!/usr/bin/env python3
"""Measures paxid-server beside an empty service, in rounds that take turns.

usage: service.py [--json] [--rounds N] [--seconds S] [--svg FILE] PROGRAMS

PROGRAMS holds paxid-server, paxid and service_echo. A second paxid-server keeps its records in a
PostgreSQL cluster that runs for this alone, and a second empty service writes 4 KiB for each call
and answers when they are on disk: what any service pays for that. All servers run over mutual TLS on
loopback and are asked by `paxid bench` over four connections; every answer of paxid-server is
on disk before it leaves. The table has medians of the rounds; beside it stands how long
fdatasync takes on this disk, without which the ratios say little.
"""
import argparse
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOADS = {
    "1 in flight": ["--in-flight", "1"],
    "8 in flight": ["--in-flight", "8"],
    "64 in flight": ["--in-flight", "64"],
    "256 in flight": ["--in-flight", "256"],
    "streams of 100": ["--in-flight", "8", "--per-stream", "100"],
}
# The one that the server on PostgreSQL is measured at, too.
SHARED_LOAD = "64 in flight"
CONFIGURATION = """
[listen]
address = "127.0.0.1:0"
[tls]
certificate = "{certificates}/server.pem"
private_key = "{certificates}/server.key"
client_ca = "{certificates}/ca.pem"
[access]
registry = "{certificates}/principals.toml"
[store]
directory = "{store}"
postgresql = "{postgresql}"
signing_key = "signing.key"
kek = "kek.bin"
[log]
level = "warn"
"""


class Server:
    """A server process and the port it listens on."""

    def __init__(self, command, port_file, log):
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while not port_file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{command[0]} did not start:\n{pathlib.Path(log.name).read_text()}")
            time.sleep(0.05)
        self.port = int(port_file.read_text())

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Cluster:
    """A PostgreSQL cluster of its own, gone at the end."""

    def __init__(self):
        self.process = subprocess.Popen([ROOT / "tests/postgres/cluster"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.directory = self.process.stdout.readline().strip()
        if not self.directory:
            sys.exit("PostgreSQL did not start")

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def fdatasync_p50_us(folder, times=200):
    """Appends 4 KiB and waits for the disk, as a commit does."""
    path = pathlib.Path(folder) / "fdatasync"
    took = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(times):
            file.write(b"\0" * 4096)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - start) * 1e6)
    path.unlink()
    return statistics.median(took)


def measure(programs, certificates, server, load, seconds):
    """One round: what `paxid bench` says, and the server's CPU for each answer."""
    before = server.cpu_seconds()
    start = time.monotonic()
    warm_up = 0.5
    run = subprocess.run(
        [programs / "paxid", "bench", "--json", "--server", f"localhost:{server.port}", "--ca",
         certificates / "ca.pem", "--cert", certificates / "k1.pem", "--key",
         certificates / "k1.key", "--deadline-ms", "10000", "--seconds", str(seconds), "--warm-up",
         str(warm_up), *LOADS[load]],
        capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"paxid bench failed: {run.stderr.strip() or run.stdout.strip()}")
    report = json.loads(run.stdout)
    if report["refused"]:
        sys.exit(f"calls were refused: {report['refused']}")
    # Warm-up and what came after the end cost CPU too; both run at the same rate.
    answered = report["per_second"] * (time.monotonic() - start)
    return {"per_second": report["per_second"], "p50": report["microseconds"]["p50"],
            "p99": report["microseconds"]["p99"],
            "cpu_us": (server.cpu_seconds() - before) / answered * 1e6}


def medians(rounds):
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}


def rows_of(figures, sync):
    """What is aimed at, beside what was measured: (what, value, text, target, met)."""
    def ratio(load, key):
        return figures[load]["paxid"][key] / figures[load]["echo"][key]

    for load, target in (("64 in flight", 0.55), ("256 in flight", 0.70), ("8 in flight", 0.35)):
        value = ratio(load, "per_second")
        yield f"answers / echo, {load}", value, f">= {target:.2f}", value >= target
    single = figures["1 in flight"]
    limit = single["echo"]["p50"] + 2 * sync + 100
    yield ("one call p50, us", single["paxid"]["p50"], f"<= {limit:.0f}",
           single["paxid"]["p50"] <= limit)
    for key, what, target in (("p99", "p99 / echo, 64 in flight", 1.5),
                              ("cpu_us", "server CPU a call / echo, 64 in flight", 1.8)):
        value = ratio("64 in flight", key)
        yield what, value, f"<= {target:.2f}", value <= target
    value = figures["streams of 100"]["paxid"]["per_second"] / max(
        figures[load]["echo"]["per_second"] for load in figures if load != "streams of 100")
    yield "passengers in streams / unary echo", value, ">= 1.30", value >= 1.3
    for load in ("64 in flight", "8 in flight"):
        value = figures[load]["paxid"]["per_second"] / figures[load]["on disk"]["per_second"]
        yield f"answers / empty service on disk, {load}", value, "", None
    shared = figures[SHARED_LOAD]
    value = shared["postgres"]["per_second"] / shared["paxid"]["per_second"]
    yield f"PostgreSQL / SQLite, {SHARED_LOAD}", value, ">= 0.60", value >= 0.6


def show(figures, rows, sync, resident):
    print(f"fdatasync p50 {sync:.0f} us; resident memory of paxid-server after the run "
          f"{resident:.0f} MiB\n")
    print(f"{'load':16} {'':8} {'answers/s':>10} {'p50 us':>9} {'p99 us':>9} {'CPU us/call':>12}")
    for load, both in figures.items():
        for name, one in both.items():
            print(f"{load:16} {name:8} {one['per_second']:10,.0f} {one['p50']:9,.0f} "
                  f"{one['p99']:9,.0f} {one['cpu_us']:12.1f}")
    print()
    for what, value, target, met in rows:
        print(f"{what:42} {value:9.2f}  {target:10} "
              f"{'' if met is None else 'met' if met else 'short'}".rstrip())


def svg(figures):
    """Answers a second, both servers, load by load."""
    most = max(one["per_second"] for both in figures.values() for one in both.values())
    width, left, row = 640, 130, 46
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} '
             f'{row * len(figures) + 30}" font-family="sans-serif" font-size="12">',
             '<text x="8" y="18" font-weight="bold">Answers a second: paxid-server (dark) '
             'beside an empty service</text>']
    for i, (load, both) in enumerate(figures.items()):
        y = 30 + i * row
        lines.append(f'<text x="8" y="{y + 20}">{load}</text>')
        for k, (name, colour) in enumerate((("paxid", "#1b4965"), ("echo", "#9fb8c8"))):
            rate = both[name]["per_second"]
            length = (width - left - 70) * rate / most
            lines.append(f'<rect x="{left}" y="{y + k * 17}" width="{length:.1f}" height="14" '
                         f'fill="{colour}"/><text x="{left + length + 6:.1f}" '
                         f'y="{y + k * 17 + 11}">{rate:,.0f}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--svg", type=pathlib.Path)
    options = parser.parse_args()
    programs = options.programs.resolve()
    rounds = {load: {"paxid": [], "echo": [], "on disk": []} for load in LOADS}
    # It has no stream of its own.
    del rounds["streams of 100"]["on disk"]
    rounds[SHARED_LOAD]["postgres"] = []
    with tempfile.TemporaryDirectory(dir=programs) as work:
        work = pathlib.Path(work)
        certificates = work / "certificates"
        subprocess.run([ROOT / "ops/make-certificates", certificates], check=True,
                       stdout=subprocess.DEVNULL)
        log = open(work / "log", "w")
        cluster = Cluster()
        connection = f"host={cluster.directory} user=paxid dbname=postgres"
        for name, store, postgresql in (("paxid", "store", ""), ("postgres", "own", connection)):
            folder = work / name
            folder.mkdir()
            (folder / "server.toml").write_text(CONFIGURATION.format(
                certificates=certificates, store=store, postgresql=postgresql))
        echo = Server([programs / "service_echo", certificates, work / "echo.port"],
                      work / "echo.port", log)
        on_disk = Server([programs / "service_echo", certificates, work / "on_disk.port",
                          work / "on_disk.records"], work / "on_disk.port", log)
        paxid, postgres = (
            Server([programs / "paxid-server", "--config", work / name / "server.toml",
                    "--port-file", work / name / "port"], work / name / "port", log)
            for name in ("paxid", "postgres"))
        sync = []
        try:
            for number in range(options.rounds):
                print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
                sync.append(fdatasync_p50_us(work))
                for load in LOADS:
                    for name, server in (("echo", echo), ("on disk", on_disk),
                                         ("paxid", paxid), ("postgres", postgres)):
                        if name not in rounds[load]:
                            continue
                        rounds[load][name].append(
                            measure(programs, certificates, server, load, options.seconds))
            resident = paxid.resident_mib()
        finally:
            echo.stop()
            on_disk.stop()
            paxid.stop()
            postgres.stop()
            cluster.stop()
    figures = {load: {name: medians(one) for name, one in both.items()}
               for load, both in rounds.items()}
    sync = statistics.median(sync)
    rows = list(rows_of(figures, sync))
    if options.svg:
        options.svg.write_text(svg(figures))
    if options.json:
        json.dump({"fdatasync_p50_us": sync, "resident_mib": resident, "loads": figures,
                   "targets": [dict(zip(("what", "value", "target", "met"), row)) for row in rows]},
                  sys.stdout, indent=1)
        print()
    else:
        show(figures, rows, sync, resident)


if __name__ == "__main__":
    main()
