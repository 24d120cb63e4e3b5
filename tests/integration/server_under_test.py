"""One run of the real server for a Python test, with certificates of its own.

usage of a test program: PROGRAM GENERATED SERVER_PROGRAM MAKE_CERTIFICATES [TEST]...
GENERATED holds Python's code of the published protos, which protoc makes in the build tree.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

GENERATED, SERVER, MAKE_CERTIFICATES = (
    str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:4])
sys.path.insert(0, GENERATED)

import grpc  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from paxid.v1 import audit_service_pb2_grpc  # noqa: E402
from paxid.v1 import claim_pb2, verification_service_pb2, verification_service_pb2_grpc  # noqa: E402

PATIENCE = 60  # seconds; only catches what hangs
# AddressSanitizer keeps 256 MiB of what was freed, which would count as the server's memory.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1:thread_local_quarantine_size_kb=64"}
SERVICES = ["", "paxid.v1.VerificationService", "paxid.v1.DecisionService",
            "paxid.v1.ManifestService", "paxid.v1.PrivacyService", "paxid.v1.AuditService"]
SERVING, NOT_SERVING = 1, 2

CONFIGURATION = {
    "listen": {"address": "127.0.0.1:0", "admin_address": "127.0.0.1:0"},
    "tls": {"certificate": "tls/server.pem", "private_key": "tls/server.key",
            "client_ca": "tls/ca.pem"},
    "access": {"registry": "tls/principals.toml"},
    "store": {"directory": "store", "origin_prefix": "test.example/log",
              "signing_key": "keys/signing.key", "kek": "keys/kek.bin"},
}


def toml(sections):
    lines = []
    for section, keys in sections.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def request():
    """An invented passenger whose booking and document agree."""
    asked = verification_service_pb2.VerifyRequest(
        request_id=str(uuid.uuid4()),
        channel=verification_service_pb2.CHANNEL_KIOSK,
        purpose=verification_service_pb2.PURPOSE_BOARDING_CHECK)
    asked.claims.add(source=claim_pb2.SOURCE_BOOKING,
                     capture_method=claim_pb2.CAPTURE_METHOD_RECEIVED,
                     booking_name=b"ERIKSSON/ANNA MARIA MRS")
    document = asked.claims.add(source=claim_pb2.SOURCE_VISUAL,
                                capture_method=claim_pb2.CAPTURE_METHOD_SCANNED)
    document.person_name.surname = "ERIKSSON"
    document.person_name.given_names = "ANNA MARIA"
    return asked


def varint_field(message, number):
    """The varint under a field number of a message with single-byte tags; enough for health."""
    position = 0
    while position < len(message):
        if message[position] == number << 3:
            return message[position + 1]
        position += 2
    return 0


def error_of(error):
    """google.rpc.ErrorInfo and RetryInfo of a failed call, None where it has none."""
    found = {"info": None, "retry": None}
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                for name, kind in (("info", error_details_pb2.ErrorInfo),
                                   ("retry", error_details_pb2.RetryInfo)):
                    message = kind()
                    if detail.Unpack(message):
                        found[name] = message
    return found["info"], found["retry"]


class ServerTest(unittest.TestCase):
    PRINCIPALS = ["demo", "kiosk", "k1", "demo", "auditor", "a1"]
    CONFIGURATION = {}  # on top of the one above

    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="paxid-server-test-")
        self.site = pathlib.Path(self.holder.name)
        self.make_certificates(*self.PRINCIPALS)
        sections = {name: dict(keys) for name, keys in CONFIGURATION.items()}
        for name, keys in self.CONFIGURATION.items():
            sections.setdefault(name, {}).update(keys)
        self.prepare(sections)
        (self.site / "paxid-server.toml").write_text(toml(sections))
        self.log = open(self.site / "server.log", "ab")
        self.start()

    def prepare(self, sections):
        """What a test wants done before the first start."""

    def make_certificates(self, *principals):
        subprocess.run([MAKE_CERTIFICATES, self.site / "tls", *principals], check=True)

    def start(self):
        (self.site / "port").unlink(missing_ok=True)
        self.server = subprocess.Popen(
            [SERVER, "--config", self.site / "paxid-server.toml", "--port-file", self.site / "port"],
            stderr=self.log, env=ENVIRONMENT)
        self.wait_until(lambda: (self.site / "port").exists() or self.server.poll() is not None)
        self.assertIsNone(self.server.poll(), "the server did not start")
        self.port = int((self.site / "port").read_text())
        self.channel = self.channel_of("k1")
        self.verification = verification_service_pb2_grpc.VerificationServiceStub(self.channel)
        self.audit = audit_service_pb2_grpc.AuditServiceStub(self.channel)

    def tearDown(self):
        self.channel.close()
        if self.server.poll() is None:
            self.server.kill()
            self.server.wait()
        self.log.close()
        self.holder.cleanup()

    def wait_until(self, condition):
        give_up = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), give_up, "waited in vain")
            time.sleep(0.01)

    def pem(self, name):
        return (self.site / "tls" / name).read_bytes()

    def channel_of(self, principal, **options):
        return grpc.secure_channel(
            f"127.0.0.1:{self.port}",
            grpc.ssl_channel_credentials(self.pem("ca.pem"), self.pem(principal + ".key"),
                                         self.pem(principal + ".pem")),
            options=[("grpc." + key, value) for key, value in options.items()])

    def log_text(self):
        return (self.site / "server.log").read_text()

    def log_lines(self):
        return [json.loads(line) for line in self.log_text().splitlines()]

    def events(self):
        return [line["event"] for line in self.log_lines()]

    def health_watch(self, channel, service):
        watch = channel.unary_stream("/grpc.health.v1.Health/Watch")
        name = service.encode()
        return watch(b"\x0a" + bytes([len(name)]) + name if name else b"", timeout=PATIENCE)

    def health(self, service):
        name = service.encode()
        check = self.channel.unary_unary("/grpc.health.v1.Health/Check")
        return varint_field(check(b"\x0a" + bytes([len(name)]) + name if name else b"",
                                  timeout=PATIENCE), 1)


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
