#!/usr/bin/env python3
"""Whether paxid-server needs more memory, files or threads the longer it runs.

usage: soak.py [--json] [--minutes N] [--per-second N] [--records N] PROGRAMS

PROGRAMS holds paxid-server and paxid. One server over mutual TLS loads 200 flights of 300
passengers and is given a log of N records [1,100,000], so that whatever it keeps up to a limit is
full before the time that is measured:

  newest entries of the     two generations of a 16th of the log, 65,536 leaves at most, which they
  index of subjects         have from 1,048,576 records on
  pages of log.db           16 MiB for writing, 2 MiB for reading
  pages of keys.db          2 MiB: the keys of some 15,000 persons
  keys made in advance      256 of a tenant
  flights                   200 with the history of corrected names
  tree                      the last tile of each level, 8 KiB; a level for 256 times the records

Nothing else is kept in memory for a record: every other index is a table. Then, for N minutes
[60], calls come at a steady rate, in slices of a minute that each have connections of their own,
and every half a minute whatever else comes in a day: a flight is dropped under a watcher's eyes
and another one loaded, a third one corrected, sixty people unknown before are verified on a
flight and some suggestions decided on, checkpoints and proofs are fetched, a person is told what
is known, corrected, restricted and erased, streams come, and calls are refused: malformed, reset,
with endless header fields, of who may not make them. Every five minutes the log is searched for a
name and the deny list read again, once a quarter the log is exported, and with every sample, each
ten seconds, metrics are read.

What counts is the straight line through the resident memory of the last three quarters (least
squares, so that a sample at the crest of a wave decides nothing: a generation of the index fills
while the one before it is emptied, a wave of 65,536 records). Memory does not grow when that line
rises by less than 8 bytes for each record: what is kept for a call by mistake has one word at
least, and the allocator has no smaller block.
"""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid

from attack import Attacker
from capacity import (FLIGHTS, PASSENGERS, client, departure_day, fill_log, load_flight,
                      load_flights, locator_of, passenger_list)
from service import CONFIGURATION, ROOT, Server

SAMPLE_SECONDS = 10
ROUND_SECONDS = 30
SLICE_SECONDS = 60
MOST_BYTES_A_RECORD = 8
# A descriptor that stays open with each slice or round would be hundreds in an hour.
MOST_MORE_FILES = 16
# Used in turn: locators have room for 333.
FLIGHT_NUMBERS = 320
KNOWN_PERSONS = 20_000
DEADLINE = ("--deadline-ms", "10000")
PRINCIPALS = ("demo kiosk k1 demo loader d1 demo agent g1 demo supervisor s1 demo auditor a1 "
              "demo privacy_officer p1").split()


class Soak:
    """The server, who asks it, and what was seen."""

    def __init__(self, programs, certificates, server, metrics, work, options):
        self.programs, self.certificates, self.server = programs, certificates, server
        self.metrics, self.work, self.options = metrics, work, options
        self.over = threading.Event()
        self.samples, self.slices, self.failures = [], [], {}
        self.done = {}
        self.note = work / "note"
        self.note.write_text("The name is spelt otherwise.")
        self.persons = 0

    def paxid(self, who, *words, text=None):
        return client(self.programs, self.certificates, self.server, who, *words, *DEADLINE,
                      text=text)

    # What is asked.

    def load(self):
        """Calls at a steady rate."""
        while not self.over.is_set():
            began = time.monotonic()
            left = self.began + 60 * self.options.minutes - began
            report = self.attempt("calls", lambda: json.loads(self.paxid(
                "k1", "bench", "--json", "--warm-up", "0", "--per-second",
                str(self.options.per_second), "--seconds",
                f"{min(SLICE_SECONDS, max(left, 1)):.1f}")))
            if report:
                self.slices.append({"at": began - self.began, **report})

    def attempt(self, what, ask):
        """What `ask` gives; None when it failed, which is counted."""
        try:
            answer = ask()
            self.done[what] = self.done.get(what, 0) + 1
            return answer
        except (SystemExit, OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
            print(f"{what}: {error}", file=sys.stderr)
            self.failures[what] = self.failures.get(what, 0) + 1
            return None

    def verify(self, flight, count):
        """New passengers of the flight; their answers."""
        lines = []
        for i in range(count):
            self.persons += 1
            seat = self.persons % PASSENGERS
            row = passenger_list(flight, departure_day()).splitlines()[1 + seat].split(",")
            lines.append(json.dumps({
                "id": i, "booking": f"{row[0]}/{row[1]} MR", "doc_surname": row[0],
                "doc_given": row[1], "carrier": "XX", "flight_number": str(1000 + flight),
                "departure_date": departure_day(), "from": "FRA", "to": "JFK", "station": "FRA",
                "locator": locator_of(flight, seat),
                "context": {"doc_number": f"S{self.persons:07d}", "doc_issuer": "NLD",
                            "doc_birth_date": "1980-01-01", "doc_nationality": "NLD"}}))
        answers = [json.loads(line) for line in self.paxid(
            "k1", "verify", "--jsonl", text="\n".join(lines) + "\n").splitlines()]
        if any("verdict" not in answer for answer in answers):
            raise ValueError(f"not verified: {next(a for a in answers if 'verdict' not in a)}")
        return answers

    def exchange_flight(self, number):
        """Drops the oldest flight, under a watcher's eyes, and loads another one."""
        oldest = f"XX{1000 + number % FLIGHT_NUMBERS}/{departure_day()}/FRA"
        with subprocess.Popen(
                [self.programs / "paxid", "flight", "watch", oldest, "--json", "--server",
                 f"localhost:{self.server.port}", "--ca", self.certificates / "ca.pem", "--cert",
                 self.certificates / "g1.pem", "--key", self.certificates / "g1.key", *DEADLINE],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as watcher:
            time.sleep(1)
            self.paxid("d1", "flight", "drop", oldest)
            try:
                watcher.wait(20)
            except subprocess.TimeoutExpired:
                watcher.kill()
                raise
        load_flight(self.programs, self.certificates, self.server,
                    (number + FLIGHTS) % FLIGHT_NUMBERS)

    def correct_flight(self, flight):
        text = passenger_list(flight, departure_day()).replace("ALMBERG", "ALMBERGH")
        self.paxid("d1", "flight", "load", "-", "--complete", text=text)

    def decide(self, answers):
        """Confirms one suggestion, hands one over, refuses one and takes that back."""
        one = next(answer["request_id"] for answer in answers if answer["verdict"] == "MATCH")
        two, three = (answer["request_id"] for answer in answers[-2:])
        self.paxid("g1", "decide", "confirm", one, "--operator", "4711", "--face-checked")
        self.paxid("g1", "decide", "hand-over", two, "--operator", "4711")
        decision = json.loads(self.paxid("g1", "decide", "refuse", three, "--operator", "4711",
                                         "--json"))
        self.paxid("g1", "decide", "undo", decision["request_id"], "--operator", "4711")

    def prove(self):
        self.paxid("a1", "audit", "checkpoint")
        for _ in range(4):
            index = random.randrange(max(1, self.options.records))
            self.paxid("a1", "audit", "prove", str(index))

    def rights_of(self, record):
        """A person asks what is known, has it corrected and its use stopped, and is forgotten."""
        case = ("--record", record, "--reference", "SOAK-1")
        asked = str(uuid.uuid4())
        self.paxid("p1", "privacy", "received", "access", "--on", today(), "--reference", "SOAK-1",
                   "--request-id", asked)
        self.paxid("p1", "privacy", "access", *case, "--answers", asked)
        self.paxid("p1", "privacy", "rectify", *case, "--note-file", self.note)
        self.paxid("p1", "privacy", "restrict", *case)
        self.paxid("p1", "privacy", "deadlines")
        self.paxid("p1", "privacy", "erase", *case, "--ground", "subject_request")

    def search(self):
        self.paxid("p1", "privacy", "find", "--name", "DUNWELL", "--reference", "SOAK-2")

    def export(self):
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            self.paxid("a1", "audit", "export", f"{folder}/export", "--verdict", "MISMATCH",
                       "--reference", "SOAK-3")

    def stream(self):
        self.paxid("k1", "bench", "--json", "--per-stream", "100", "--in-flight", "2", "--seconds",
                   "0.2", "--warm-up", "0")

    def refused(self):
        for attack in ("malformed_requests", "rapid_resets", "metadata_bombs"):
            with Attacker(self.certificates, self.server.port, attack):
                time.sleep(0.5)
        with contextlib.suppress(SystemExit):
            self.paxid("k1", "privacy", "deadlines")
            raise ValueError("a kiosk was told of deadlines")

    def days(self):
        """Whatever else comes in a day, round by round."""
        number = 0
        while not self.over.is_set():
            began = time.monotonic()
            flight = (number + FLIGHTS // 2) % FLIGHT_NUMBERS
            self.attempt("flights exchanged", lambda: self.exchange_flight(number))
            self.attempt("flights corrected", lambda: self.correct_flight(flight))
            answers = self.attempt("lots of new passengers", lambda: self.verify(flight, 60))
            if answers:
                self.attempt("decisions", lambda: self.decide(answers[1:]))
                self.attempt("reports and erasures",
                             lambda: self.rights_of(answers[0]["request_id"]))
            self.attempt("proofs", self.prove)
            self.attempt("streams", self.stream)
            self.attempt("refused", self.refused)
            if number % 10 == 0:
                self.attempt("searches", self.search)
                self.server.process.send_signal(signal.SIGHUP)
            number += 1
            self.over.wait(max(0.0, began + ROUND_SECONDS - time.monotonic()))

    def exports(self):
        """The whole log, once a quarter."""
        for quarter in range(4):
            if self.over.wait(max(0.0, self.began + 15 * self.options.minutes * quarter -
                                  time.monotonic())):
                return
            self.attempt("exports", self.export)

    # What is seen.

    def sample(self):
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=30) as answer:
            page = answer.read().decode()
        records = sum(float(line.split()[-1]) for line in page.splitlines()
                      if line.startswith("paxid_records_total"))
        return {**process_figures(self.server.process.pid), "records": int(records)}

    def watch(self):
        self.began = time.monotonic()
        threads = [threading.Thread(target=one) for one in (self.load, self.days, self.exports)]
        for thread in threads:
            thread.start()
        try:
            number = 0
            while number * SAMPLE_SECONDS <= 60 * self.options.minutes:
                time.sleep(max(0.0, self.began + number * SAMPLE_SECONDS - time.monotonic()))
                if self.server.process.poll() is not None:
                    sys.exit("the server ended")
                sample = {"at": time.monotonic() - self.began, **self.sample()}
                self.samples.append(sample)
                if number % 6 == 0:
                    print(f"minute {number // 6}: {sample['rss_kib'] / 1024:.1f} MiB, "
                          f"{sample['files']} files, {sample['threads']} threads, "
                          f"{sample['records']:,} records", file=sys.stderr)
                number += 1
        finally:
            self.over.set()
            for thread in threads:
                thread.join()


def today():
    return time.strftime("%Y-%m-%d", time.gmtime())


def process_figures(process):
    folder = pathlib.Path(f"/proc/{process}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return {"rss_kib": int(status["VmRSS"].split()[0]),
            "anonymous_kib": int(status["RssAnon"].split()[0]),
            "files": len(os.listdir(folder / "fd")), "threads": int(status["Threads"])}


def slope(points):
    """Of the straight line through (x, y) with the least squares."""
    x, y = zip(*points)
    return statistics.linear_regression(x, y).slope


def quarters_of(samples, seconds):
    return [[s for s in samples if i * seconds / 4 <= s["at"] <= (i + 1) * seconds / 4]
            for i in range(4)]


def figures_of(soak, stages, seconds):
    quarters = quarters_of(soak.samples, seconds)
    counted = [sample for quarter in quarters[1:] for sample in quarter]
    records = counted[-1]["records"] - counted[0]["records"]
    failed = collections.Counter(soak.failures)
    for one in soak.slices:
        failed.update(one["refused"])
    figures = {"minutes": seconds / 60, "stages": stages, "quarters": [], "done": soak.done,
               "failed": failed, "end": soak.samples[-1], "records_counted": records}
    for i, quarter in enumerate(quarters):
        figures["quarters"].append({
            **{f"{key}_{name}": of([sample[key] for sample in quarter])
               for key in ("rss_kib", "anonymous_kib", "files", "threads")
               for name, of in (("least", min), ("mean", statistics.mean), ("most", max))},
            "p50_us": statistics.median(
                [one["microseconds"]["p50"] for one in soak.slices
                 if i * seconds / 4 <= one["at"] < (i + 1) * seconds / 4] or [0]),
            "records": quarter[-1]["records"]})
    for key in ("rss_kib", "anonymous_kib"):
        a_second = slope([(sample["at"], sample[key]) for sample in counted])
        growth = a_second * (counted[-1]["at"] - counted[0]["at"])
        figures[f"{key}_an_hour"] = a_second * 3600
        figures[f"{key}_growth"] = growth
        figures[f"{key}_bytes_a_record"] = growth * 1024 / records
    figures["more_files"] = (figures["quarters"][3]["files_most"] -
                             figures["quarters"][1]["files_most"])
    figures["grows"] = (figures["rss_kib_bytes_a_record"] >= MOST_BYTES_A_RECORD or
                        figures["more_files"] > MOST_MORE_FILES)
    return figures


def show(figures):
    print(f"{'':22}{'MiB':>8}{'anonymous':>11}{'least':>8}{'most':>8}{'files':>7}{'threads':>9}"
          f"{'p50 us':>8}{'records':>12}")
    for name, one in (*figures["stages"].items(), ("at the end", figures["end"])):
        print(f"{name:22}{one['rss_kib'] / 1024:8.1f}{one['anonymous_kib'] / 1024:11.1f}"
              f"{'':16}{one['files']:7}{one['threads']:9}{'':8}{one['records']:12,}")
        if name == "soak begins":
            for i, one in enumerate(figures["quarters"]):
                print(f"{f'  quarter {i + 1}, mean':22}{one['rss_kib_mean'] / 1024:8.1f}"
                      f"{one['anonymous_kib_mean'] / 1024:11.1f}{one['rss_kib_least'] / 1024:8.1f}"
                      f"{one['rss_kib_most'] / 1024:8.1f}{one['files_most']:7}"
                      f"{one['threads_most']:9}{one['p50_us']:8.0f}{one['records']:12,}")
    print("done: " + ", ".join(f"{count:,} {what}" for what, count in figures["done"].items()))
    print("failed: " + (", ".join(f"{count:,} {what}" for what, count in figures["failed"].items())
                        or "nothing"))
    for name, key in (("resident", "rss_kib"), ("anonymous", "anonymous_kib")):
        print(f"{name} memory over the last three quarters: {figures[key + '_growth']:+,.0f} KiB, "
              f"{figures[key + '_an_hour']:+,.0f} KiB an hour, "
              f"{figures[key + '_bytes_a_record']:+.2f} bytes a record of "
              f"{figures['records_counted']:,}")
    print(f"{'it grows' if figures['grows'] else 'no growth'} (below {MOST_BYTES_A_RECORD} bytes a "
          f"record, and not more than {MOST_MORE_FILES} files more)")


def prepare(soak):
    """Fills what is kept up to a limit; what was seen on the way."""
    stages = {"at rest": soak.sample()}
    load_flights(soak.programs, soak.certificates, soak.server)
    stages["with flights"] = soak.sample()
    for flight in range(FLIGHTS):
        soak.correct_flight(flight)
    fill_log(soak.programs, soak.certificates, soak.server, soak.options.records)
    lots = min(KNOWN_PERSONS, soak.options.records) // 500
    for number in range(lots):
        print(f"person {500 * number:,} of {500 * lots:,}", file=sys.stderr)
        soak.verify(number % FLIGHTS, 500)
    time.sleep(min(30, soak.options.minutes * 6))  # what is freed goes back to the system meanwhile
    stages["soak begins"] = soak.sample()
    return stages


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--per-second", type=float, default=200)
    parser.add_argument("--records", type=int, default=1_100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.minutes < 2:
        parser.error("a quarter has no sample in less than two minutes")
    programs = options.programs.resolve()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(dir=programs) as work:
        work = pathlib.Path(work)
        certificates = work / "certificates"
        subprocess.run([ROOT / "ops/make-certificates", certificates, *PRINCIPALS], check=True,
                       stdout=subprocess.DEVNULL)
        metrics = f"127.0.0.1:{free_port()}"
        (work / "denied").touch(mode=0o600)
        configuration = CONFIGURATION.format(certificates=certificates, store="store",
                                             postgresql="")
        (work / "server.toml").write_text(
            configuration.replace("[listen]", f'[listen]\nmetrics_address = "{metrics}"')
            .replace("[access]", '[access]\ndeny_list = "denied"'))
        log = open(work / "log", "w")
        server = Server([programs / "paxid-server", "--config", work / "server.toml", "--port-file",
                         work / "port"], work / "port", log)
        try:
            soak = Soak(programs, certificates, server, metrics, work, options)
            stages = prepare(soak)
            soak.watch()
        finally:
            server.stop()
        if server.process.returncode != 0:
            sys.exit("the server did not end well")
    figures = figures_of(soak, stages, 60 * options.minutes)
    if options.json:
        json.dump({**figures, "samples": soak.samples}, sys.stdout, indent=1)
        print()
    else:
        show(figures)
    sys.exit(1 if figures["grows"] else 0)


if __name__ == "__main__":
    main()
