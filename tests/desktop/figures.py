#!/usr/bin/env python3
"""Prints how long the programs with a window take to start, and what memory they hold, as JSON.

usage: figures.py GENERATED SERVER_PROGRAM MAKE_CERTIFICATES; see desktop.py. From the start of the
process until a screen reader finds the first screen's words: an upper bound. Memory is the
resident set, shared libraries included, after a passenger.
"""

import json
import sys
import time
import unittest

from desktop import Desktop, boarding_pass, passport

STARTS = 5


class Figures(Desktop):
    def measure(self, variable, device, first, work, *options):
        starts = []
        for _ in range(STARTS):
            begin = time.monotonic()
            self.open(variable, device, *options)
            self.expect(first)
            starts.append(time.monotonic() - begin)
            if len(starts) < STARTS:
                self.program.terminate()
                self.program.wait()
        work()
        with open(f"/proc/{self.program.pid}/status", encoding="ascii") as status:
            resident = next(line for line in status if line.startswith("VmRSS"))
        kilobytes = int(resident.split()[1])
        self.program.terminate()
        self.program.wait()
        return {"start_s_median": round(sorted(starts)[STARTS // 2], 3),
                "start_s_slowest": round(max(starts), 3),
                "memory_mb": round(kilobytes / 1024, 1)}

    def work_at_gate(self):
        self.type("4711")
        self.enter()
        self.expect("XX 123")
        time.sleep(0.5)
        self.enter()
        self.expect("0 of 2 on board")
        self.present("Now scan the document.", "MATCH")

    def present(self, half, expected):
        self.scan_until(half, boarding_pass("MUELLER/HANSMR", "ABC123", "1A"))
        self.scan_until(expected, *passport("MUELLER", "HANS", "C01X00T47", "740812", "M"))

    def test_figures(self):
        figures = {
            "gate": self.measure("PAXID_GATE", "g1", "Who works here?", self.work_at_gate),
            "kiosk": self.measure("PAXID_KIOSK", "k1", "Welcome",
                                  lambda: self.present("Scan the passport", "You may go on."),
                                  "--station", "FRA", "--dpi", "96")}
        print(json.dumps(figures, indent=2), flush=True)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
