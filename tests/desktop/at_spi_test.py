#!/usr/bin/env python3
"""Drives both windows as a screen reader and a keyboard do, from the first screen to the record.

usage: at_spi_test.py GENERATED SERVER_PROGRAM MAKE_CERTIFICATES [TEST]...
"""

import sys
import time
import unittest

from desktop import DOWN, F1, F7, F9, Desktop, boarding_pass, passport


class Windows(Desktop):
    def test_the_gate(self):
        self.open("PAXID_GATE", "g1")
        self.expect("Who works here?")
        self.type("4711")
        self.enter()
        self.expect("Choose the flight")
        self.expect("XX 123")
        time.sleep(0.5)
        self.enter()
        self.expect("Scan the boarding pass and the document.")
        self.expect("0 of 2 on board")
        self.scan_until("Now scan the document.", boarding_pass("MUELLER/HANSMR", "ABC123", "1A"))
        self.scan_until("MATCH", *passport("MUELLER", "HANS", "C01X00T47", "740812", "M"))
        self.expect("Birth date: agrees")
        self.expect("F9: Board")
        self.press(F7)
        self.press(F9)
        self.expect("On board: MUELLER/HANSMR")
        self.expect("1 of 2 on board")
        self.scan_until("Now scan the document.", boarding_pass("HOFMANM/CARLAMS", "JKL012", "2B"))
        self.scan_until("REVIEW", *passport("HOFMANN", "CARLA", "C01X00T50", "660630", "F"))
        # The names side by side, as one text.
        self.expect("HOFMANN")
        self.press(F7)
        self.press(F1 + 1)
        self.expect("2 of 2 on board")

    def test_the_kiosk(self):
        self.open("PAXID_KIOSK", "k1", "--station", "FRA", "--dpi", "96")
        self.expect("Welcome")
        # An arrow key moves the focus, and a screen reader is told.
        with self.focus_events() as focused:
            self.press(DOWN)
            self.wait_until(lambda: "Deutsch" in focused())
        self.touch("Deutsch")
        self.expect("Bordkarte scannen")
        self.scan_until("Reisepass oder Ausweis scannen",
                        boarding_pass("MUELLER/HANSMR", "ABC123", "1A"))
        self.scan_until("Vielen Dank. Sie können weitergehen.",
                        *passport("MUELLER", "HANS", "C01X00T47", "740812", "M"))
        self.touch("Fertig")
        self.expect("Welcome")
        # Arrow and Enter choose as well; what is not a match goes to a person, with a code.
        self.touch("Français")
        self.expect("Scannez la carte")
        self.scan_until("Scannez le passeport", boarding_pass("HOFMANM/CARLAMS", "JKL012", "2B"))
        self.scan_until("Veuillez vous adresser à notre personnel",
                        *passport("HOFMANN", "CARLA", "C01X00T50", "660630", "F"))
        codes = [words for words in self.words() if len(words) == 11 and words.count("-") == 2]
        self.assertEqual(len(codes), 1)
        self.assertFalse(self.says("HOFMAN"))
        time.sleep(0.5)
        self.enter()
        self.expect("Welcome")
        self.assertFalse(self.says(codes[0]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=2)
