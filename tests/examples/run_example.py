#!/usr/bin/env python3
"""Runs an example beside the real server and compares what it prints.

  run_example.py SERVER_PROGRAM MAKE_CERTIFICATES EXPECTED_LINES COMMAND...

COMMAND gets address, authority, certificate and key of a desk agent added. EXPECTED_LINES is how
often "MATCH: " must begin a line.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

CONFIGURATION = """[listen]
address = "127.0.0.1:0"
[tls]
certificate = "tls/server.pem"
private_key = "tls/server.key"
client_ca = "tls/ca.pem"
[access]
registry = "tls/principals.toml"
[store]
directory = "store"
origin_prefix = "test.example/log"
signing_key = "signing.key"
kek = "kek.bin"
"""
PATIENCE_SECONDS = 60


def address_of(server, port_file):
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not (port_file.exists() and port_file.read_text()):
        if server.poll() is not None or time.monotonic() > give_up:
            sys.exit("the server did not start")
        time.sleep(0.02)
    return "localhost:" + port_file.read_text().strip()


def main():
    program, make_certificates, expected = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as directory:
        site = pathlib.Path(directory)
        subprocess.run([make_certificates, site / "tls", "demo", "agent", "d1"], check=True)
        (site / "server.toml").write_text(CONFIGURATION)
        log = (site / "log").open("wb")
        server = subprocess.Popen([program, "--config", site / "server.toml", "--port-file",
                                   site / "port"], stdout=log, stderr=log)
        try:
            address = address_of(server, site / "port")
            tls = [str(site / "tls" / name) for name in ("ca.pem", "d1.pem", "d1.key")]
            result = subprocess.run([*sys.argv[4:], address, *tls], stdout=subprocess.PIPE,
                                    text=True, timeout=PATIENCE_SECONDS, check=False)
        finally:
            server.terminate()
            server.wait()
    print(result.stdout)
    matches = sum(line.startswith("MATCH: ") for line in result.stdout.splitlines())
    return 0 if result.returncode == 0 and matches == int(expected) else 1


if __name__ == "__main__":
    sys.exit(main())
