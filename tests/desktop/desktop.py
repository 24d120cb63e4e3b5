"""The programs with a window, worked as a screen reader and a keyboard do.

PAXID_GATE and PAXID_KIOSK name the programs; on_display.sh gives them a screen. The arguments are
those of tests/integration/server_under_test.py.
"""

import contextlib
import datetime
import os
import pathlib
import subprocess
import sys
import time
import uuid
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from server_under_test import PATIENCE, ServerTest  # noqa: E402
from paxid.v1 import claim_pb2, manifest_service_pb2, manifest_service_pb2_grpc  # noqa: E402

import pyatspi  # noqa: E402
from gi.repository import GLib  # noqa: E402

TODAY = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Berlin")).date()  # in Frankfurt
ATTEMPTS = 4
F1, F7, F9, ENTER, DOWN = 67, 73, 75, 36, 116  # key codes of X


def check_digit(text):
    """ICAO Doc 9303-3 section 4.9."""
    value = {**{str(i): i for i in range(10)}, "<": 0,
             **{chr(ord("A") + i): 10 + i for i in range(26)}}
    return str(sum(value[c] * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def passport(surname, given, number, birth, sex):
    """The two lines of an invented passport, ICAO Doc 9303-4."""
    first = f"P<D<<{surname}<<{given}".ljust(44, "<")
    number, expiry = number.ljust(9, "<"), "340415"
    optional = "<" * 14
    fields = (number + check_digit(number), birth + check_digit(birth),
              expiry + check_digit(expiry), optional + "<")
    whole = check_digit("".join(fields))
    return first, fields[0] + "D<<" + fields[1] + sex + fields[2] + fields[3] + whole


def boarding_pass(name, locator, seat):
    day = TODAY.timetuple().tm_yday
    return f"M1{name:<20}E{locator:<7}FRAJFKXX 0123 {day:03}Y{seat:0>4}0001 100"


class Desktop(ServerTest):
    """A server with a flight of two, and one of the programs beside it."""

    PRINCIPALS = ["demo", "kiosk", "k1", "demo", "auditor", "a1", "demo", "agent", "g1",
                  "demo", "loader", "l1"]

    def setUp(self):
        super().setUp()
        self.program = None
        manifest = manifest_service_pb2
        start = manifest.LoadFlightStart(
            request_id=str(uuid.uuid4()), format=manifest.LIST_FORMAT_PASSENGERS,
            flight=manifest.FlightKey(carrier="XX", flight_number="123",
                                      departure_date=TODAY.isoformat(), **{"from": "FRA"}))
        start.departure_time.FromDatetime(
            datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2))
        passengers = [
            manifest.ManifestPassenger(booking_name=b"MUELLER/HANSMR", locator="ABC123", seat="1A",
                                       birth_date="1974-08-12", sex=claim_pb2.SEX_MALE),
            manifest.ManifestPassenger(booking_name=b"HOFMANM/CARLAMS", locator="JKL012", seat="2B",
                                       birth_date="1966-06-30", sex=claim_pb2.SEX_FEMALE)]
        parts = [manifest.LoadFlightRequest(start=start)]
        parts += [manifest.LoadFlightRequest(passenger=one) for one in passengers]
        with self.channel_of("l1") as channel:
            manifest_service_pb2_grpc.ManifestServiceStub(channel).LoadFlight(iter(parts),
                                                                             timeout=PATIENCE)

    def tearDown(self):
        if self.program is not None:
            self.program.terminate()
            self.program.wait()
        super().tearDown()

    def open(self, variable, device, *options):
        tls = self.site / "tls"
        command = [os.environ[variable], "--server", f"localhost:{self.port}",
                   "--ca", tls / "ca.pem", "--cert", tls / f"{device}.pem",
                   "--key", tls / f"{device}.key", "--language", "en",
                   # Keys come through several programs here: slower than from a scanner.
                   "--key-gap", "200", "--windowed", *options]
        name = pathlib.Path(os.environ[variable]).name
        # A program that starts before the registry of the bus answers is never found.
        pyatspi.Registry.getDesktop(0)
        for _ in range(ATTEMPTS):
            self.program = subprocess.Popen(command)
            give_up = time.monotonic() + PATIENCE / ATTEMPTS
            while time.monotonic() < give_up and self.application(name) is None:
                time.sleep(0.01)
            self.window = self.application(name)
            if self.window is not None:
                break
            self.program.terminate()
            self.program.wait()
        self.assertIsNotNone(self.window, "assistive technology does not find the program")
        # There is no window manager that would give it the keys.
        self.wait_until(self.is_active)

    def is_active(self):
        try:
            return any(frame is not None and frame.getState().contains(pyatspi.STATE_ACTIVE)
                       for frame in self.window)
        except Exception:
            return False

    @staticmethod
    def application(name):
        try:
            for one in pyatspi.Registry.getDesktop(0):
                if one is not None and one.name == name:
                    return one
        except Exception:  # the registry is not there yet, or a program has just gone
            return None
        return None

    def tree(self, node=None):
        """Every accessible that is shown."""
        node = node or self.window
        try:
            children = [child for child in node if child is not None]
        except Exception:  # gone meanwhile
            return
        for child in children:
            try:
                if child.getState().contains(pyatspi.STATE_SHOWING):
                    yield child
                    yield from self.tree(child)
            except Exception:
                continue

    def words(self):
        return [node.name for node in self.tree() if node.name]

    def says(self, text):
        return any(text in words for words in self.words())

    def expect(self, text):
        give_up = time.monotonic() + PATIENCE
        while not self.says(text):
            self.assertLess(time.monotonic(), give_up, f"{text!r} is not in {self.words()}")
            self.assertIsNone(self.program.poll(), "the program has ended")
            time.sleep(0.05)

    def type(self, text):
        pyatspi.Registry.generateKeyboardEvent(0, text, pyatspi.KEY_STRING)

    def enter(self):
        self.press(ENTER)

    def press(self, code):
        pyatspi.Registry.generateKeyboardEvent(code, None, pyatspi.KEY_PRESSRELEASE)

    def scan(self, *lines):
        time.sleep(0.5)
        for line in lines:
            self.type(line)
            self.enter()

    def scan_until(self, expected, *lines):
        """As people do: once more when nothing happens. On a busy machine keys may come in two."""
        for _ in range(5):
            self.scan(*lines)
            give_up = time.monotonic() + 4
            while time.monotonic() < give_up:
                if self.says(expected):
                    return
                time.sleep(0.05)
        self.expect(expected)

    @contextlib.contextmanager
    def focus_events(self):
        """Yields what gives the names of all that has got the focus since."""
        names = []

        def heard(event):
            if event.detail1:
                names.append(event.source.name)

        def so_far():
            while GLib.MainContext.default().iteration(False):
                pass
            return names

        pyatspi.Registry.registerEventListener(heard, "object:state-changed:focused")
        yield so_far
        pyatspi.Registry.deregisterEventListener(heard, "object:state-changed:focused")

    def button(self, name):
        for node in self.tree():
            if node.name == name and node.getRole() == pyatspi.ROLE_PUSH_BUTTON:
                return node
        return None

    def touch(self, name):
        self.wait_until(lambda: self.button(name) is not None)
        time.sleep(0.5)  # nothing is pressed right after the screen changed
        action = self.button(name).queryAction()
        names = [action.getName(i) for i in range(action.nActions)]
        action.doAction(names.index("Press"))
