#!/usr/bin/env python3
"""Measures what valid clients keep of their throughput while others attack paxid-server.

usage: attack.py [--json] [--rounds N] [--seconds S] PROGRAMS

PROGRAMS holds paxid-server and paxid. Rounds with and without the attack take turns; the table has
the median of their ratios, and the server's memory. The attackers run on the same machine, at a
bounded pace: what they take of its processors themselves is in the figures too. All but the first
two have a valid certificate, as nobody else gets past the handshake.
"""
import argparse
import json
import pathlib
import resource
import select
import socket
import ssl
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

from service import CONFIGURATION, ROOT, Server

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, CONTINUATION = 0, 1, 3, 4, 6, 9
END_STREAM, END_HEADERS = 1, 4
CLIENT_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(600)
HALF_OPEN = 2000
IP_BIND_ADDRESS_NO_PORT = 24


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def headers():
    fields = ((":method", "POST"), (":scheme", "https"), (":authority", "localhost"),
              (":path", "/paxid.v1.VerificationService/Verify"), ("te", "trailers"),
              ("content-type", "application/grpc"))
    return b"".join(bytes([0, len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
                    for name, value in fields)


class Attacker:
    """Runs one attack, again and again, until it is told to end."""

    def __init__(self, certificates, port, attack):
        self.port = port
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.load_verify_locations(certificates / "ca.pem")
        self.context.load_cert_chain(certificates / "k1.pem", certificates / "k1.key")
        self.context.set_alpn_protocols(["h2"])
        self.over = threading.Event()
        self.done = 0
        self.thread = threading.Thread(target=getattr(self, attack))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def plain(self, source="127.0.0.2"):
        connection = socket.socket()
        connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        connection.bind((source, 0))
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", self.port))
        return connection

    def secured(self):
        return socket.create_connection(("127.0.0.1", self.port), 10, ("127.0.0.2", 0))

    def half_open(self):
        """Connections that say nothing, from two addresses; opened again when ended."""
        poll = select.poll()
        held = {}
        while not self.over.is_set():
            for _ in range(min(200, HALF_OPEN - len(held))):
                connection = self.plain("127.0.0.2" if len(held) % 2 else "127.0.0.3")
                held[connection.fileno()] = connection
                poll.register(connection, select.POLLIN | select.POLLRDHUP)
                self.done += 1
            for descriptor, _ in poll.poll(50):
                poll.unregister(descriptor)
                held.pop(descriptor).close()
        for connection in held.values():
            connection.close()

    def slow_handshakes(self):
        """Two hundred handshakes that come byte by byte."""
        held = []
        while not self.over.is_set():
            held = [c for c in held if c[1] < len(CLIENT_HELLO)]
            while len(held) < 200:
                held.append([self.plain(), 0])
                self.done += 1
            for connection in held:
                try:
                    connection[0].send(CLIENT_HELLO[connection[1]:connection[1] + 1])
                    connection[1] += 1
                except BlockingIOError:
                    pass
                except OSError:
                    connection[1] = len(CLIENT_HELLO)
            self.over.wait(0.2)
        for connection, _ in held:
            connection.close()

    def send(self, pieces, pause):
        """Connections that send the pieces until they are closed, one after the other."""
        while not self.over.is_set():
            try:
                with self.context.wrap_socket(self.secured(),
                                              server_hostname="localhost") as connection:
                    connection.sendall(PREFACE + frame(SETTINGS))
                    for piece in pieces:
                        connection.sendall(piece)
                        self.done += 1
                        if self.over.is_set():
                            break
            except OSError:
                pass
            self.over.wait(pause)

    def ping_floods(self):
        self.send([frame(PING, payload=bytes(8)) * 50] * 20, 0.05)

    def metadata_bombs(self):
        field = b"\0\x06x-more\x64" + b"b" * 100
        self.send([frame(HEADERS, 0, 1, headers())] +
                  [frame(CONTINUATION, 0, 1, field * 100)] * 50, 0.05)

    def rapid_resets(self):
        self.send([frame(HEADERS, END_HEADERS, 2 * i + 1, headers()) +
                   frame(RST_STREAM, 0, 2 * i + 1, struct.pack(">I", 8)) for i in range(200)], 0.05)

    def malformed_requests(self):
        body = b"\x0a\xff\xff\xff\x0f" + b"\x99" * 200
        message = b"\0" + struct.pack(">I", len(body)) + body
        self.send([frame(HEADERS, END_HEADERS, 2 * i + 1, headers()) +
                   frame(DATA, END_STREAM, 2 * i + 1, message) for i in range(100)], 0.05)


ATTACKS = {"half-open connections (2,000)": "half_open",
           "slow handshakes (200)": "slow_handshakes", "ping floods": "ping_floods",
           "metadata bombs": "metadata_bombs", "rapid resets": "rapid_resets",
           "malformed requests": "malformed_requests"}


def throughput(programs, certificates, server, seconds):
    run = subprocess.run(
        [programs / "paxid", "bench", "--json", "--server", f"localhost:{server.port}", "--ca",
         certificates / "ca.pem", "--cert", certificates / "k1.pem", "--key",
         certificates / "k1.key", "--deadline-ms", "10000", "--seconds", str(seconds), "--warm-up",
         "0.3", "--in-flight", "32"], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"paxid bench failed: {run.stderr.strip() or run.stdout.strip()}")
    report = json.loads(run.stdout)
    if report["refused"]:
        sys.exit(f"calls were refused: {report['refused']}")
    return report["per_second"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    arguments = parser.parse_args()
    programs = arguments.programs.resolve()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    figures = {}
    with tempfile.TemporaryDirectory(prefix="paxid-attack-") as folder:
        site = pathlib.Path(folder)
        certificates = site / "tls"
        subprocess.run([ROOT / "ops/make-certificates", certificates], check=True)
        (site / "paxid.toml").write_text(CONFIGURATION.format(certificates=certificates))
        with open(site / "log", "w") as log:
            server = Server([programs / "paxid-server", "--config", site / "paxid.toml",
                             "--port-file", site / "port"], site / "port", log)
            throughput(programs, certificates, server, 1)  # memory that every load takes
            at_first = server.resident_mib()
            for name, attack in ATTACKS.items():
                ratios, done = [], 0
                for _ in range(arguments.rounds):
                    calm = throughput(programs, certificates, server, arguments.seconds)
                    with Attacker(certificates, server.port, attack) as attacker:
                        time.sleep(0.5)
                        ratios.append(throughput(programs, certificates, server,
                                                 arguments.seconds) / calm)
                    done += attacker.done
                figures[name] = {"kept": statistics.median(ratios), "least": min(ratios),
                                 "done": done, "resident_mib": server.resident_mib()}
                if server.process.poll() is not None:
                    sys.exit(f"the server ended during {name}")
            figures["server"] = {"resident_mib_at_first": at_first}
            server.stop()
            if server.process.returncode != 0:
                sys.exit("the server did not end well")
    if arguments.json:
        print(json.dumps(figures, indent=1))
        return
    print(f"{'attack':<32}{'kept':>8}{'least':>8}{'pieces sent':>14}{'memory, MiB':>14}")
    for name in ATTACKS:
        row = figures[name]
        print(f"{name:<32}{row['kept']:>8.2f}{row['least']:>8.2f}{row['done']:>14}"
              f"{row['resident_mib']:>14.0f}")
    print(f"memory before the attacks: {at_first:.0f} MiB")


if __name__ == "__main__":
    main()
