"""A client that shares no code with this project but the published protos.

Judges what any program with a gRPC library would see: answers, an inclusion proof computed
anew from RFC 6962, error codes, health, and what the operators' listener shows. Python's
code is generated into the build tree by protoc.

usage: independent_client.py GENERATED SERVER_PROGRAM MAKE_CERTIFICATES [TEST]...
"""

import base64
import hashlib
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

GENERATED, SERVER, MAKE_CERTIFICATES = sys.argv[1:4]
sys.path.insert(0, GENERATED)

import grpc  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from paxid.v1 import audit_service_pb2, audit_service_pb2_grpc  # noqa: E402
from paxid.v1 import claim_pb2, verification_service_pb2, verification_service_pb2_grpc  # noqa: E402

PATIENCE = 60  # seconds; only catches what hangs
SERVICES = ["", "paxid.v1.VerificationService", "paxid.v1.DecisionService",
            "paxid.v1.ManifestService", "paxid.v1.PrivacyService", "paxid.v1.AuditService"]
SERVING, NOT_SERVING = 1, 2

CONFIGURATION = """
[listen]
address = "127.0.0.1:0"
admin_address = "127.0.0.1:0"
[tls]
certificate = "tls/server.pem"
private_key = "tls/server.key"
client_ca = "tls/ca.pem"
[access]
registry = "tls/principals.toml"
[store]
directory = "store"
origin_prefix = "test.example/log"
signing_key = "keys/signing.key"
kek = "keys/kek.bin"
"""


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_from_path(index, size, leaf, path):
    """RFC 9162 section 2.1.3.2, written from the text."""
    if index >= size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


def varint_field(message, number):
    """The varint under a field number of a message with single-byte tags; enough for health."""
    position = 0
    while position < len(message):
        if message[position] == number << 3:
            return message[position + 1]
        position += 2
    return 0


def request():
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


class IndependentClient(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="paxid-independent-")
        self.site = pathlib.Path(self.holder.name)
        subprocess.run([MAKE_CERTIFICATES, self.site / "tls"], check=True)
        (self.site / "paxid-server.toml").write_text(CONFIGURATION)
        self.log = open(self.site / "server.log", "wb")
        self.server = subprocess.Popen(
            [SERVER, "--config", self.site / "paxid-server.toml", "--port-file", self.site / "port"],
            stderr=self.log)
        give_up = time.monotonic() + PATIENCE
        while not (self.site / "port").exists():
            self.assertIsNone(self.server.poll(), "the server did not start")
            self.assertLess(time.monotonic(), give_up)
            time.sleep(0.01)
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

    def channel_of(self, principal):
        def pem(name):
            return (self.site / "tls" / name).read_bytes()

        return grpc.secure_channel(f"127.0.0.1:{self.port}", grpc.ssl_channel_credentials(
            pem("ca.pem"), pem(principal + ".key"), pem(principal + ".pem")))

    def log_lines(self):
        return [json.loads(line) for line in (self.site / "server.log").read_text().splitlines()]

    def test_verdict_and_recomputed_inclusion_proof(self):
        answers = [self.verification.Verify(request(), timeout=PATIENCE) for _ in range(11)]
        for answer in answers:
            self.assertEqual(answer.verdict, verification_service_pb2.VERDICT_MATCH)
            self.assertGreater(answer.confidence, 0.9)
        for answer in answers:
            placed = answer.record.placed
            proof = self.audit.GetInclusionProof(
                audit_service_pb2.GetInclusionProofRequest(leaf_index=placed.leaf_index),
                timeout=PATIENCE)
            leaf = leaf_hash(proof.leaf_data)
            self.assertEqual(leaf, placed.leaf_hash)
            root = root_from_path(placed.leaf_index, proof.tree_size, leaf, proof.hashes)
            origin, size, root_text = proof.checkpoint.splitlines()[:3]
            self.assertEqual(origin, placed.log_origin)
            self.assertEqual(int(size), proof.tree_size)
            self.assertEqual(base64.b64decode(root_text), root)
            wrong = root_from_path(placed.leaf_index, proof.tree_size, bytes(32), proof.hashes)
            self.assertNotEqual(base64.b64decode(root_text), wrong)

    def test_error_codes(self):
        bad = request()
        bad.channel = 99
        with self.assertRaises(grpc.RpcError) as caught:
            self.verification.Verify(bad, timeout=PATIENCE)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        trailers = dict(caught.exception.trailing_metadata())
        details = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
        info = error_details_pb2.ErrorInfo()
        self.assertTrue(details.details[0].Unpack(info))
        self.assertEqual((info.reason, info.domain), ("ENUM_VALUE_UNKNOWN", "paxid"))
        with self.channel_of("a1") as channel:
            auditor = verification_service_pb2_grpc.VerificationServiceStub(channel)
            with self.assertRaises(grpc.RpcError) as caught:
                auditor.Verify(request(), timeout=PATIENCE)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.PERMISSION_DENIED)

    def test_replay_and_conflict(self):
        asked = request()
        first = self.verification.Verify(asked, timeout=PATIENCE)
        again = self.verification.Verify(asked, timeout=PATIENCE)
        self.assertTrue(again.replayed)
        again.replayed = False
        self.assertEqual(first, again)
        asked.station = "OSL"
        with self.assertRaises(grpc.RpcError) as caught:
            self.verification.Verify(asked, timeout=PATIENCE)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.ALREADY_EXISTS)

    def health_watch(self, channel, service):
        watch = channel.unary_stream("/grpc.health.v1.Health/Watch")
        name = service.encode()
        return watch(b"\x0a" + bytes([len(name)]) + name if name else b"", timeout=PATIENCE)

    def test_health_follows_the_life_of_the_server(self):
        watches = [self.health_watch(self.channel, service) for service in SERVICES]
        for watch in watches:
            self.assertEqual(varint_field(next(watch), 1), SERVING)
        self.server.send_signal(signal.SIGTERM)
        for watch in watches:
            self.assertEqual(varint_field(next(watch), 1), NOT_SERVING)
            watch.cancel()
        self.assertEqual(self.server.wait(PATIENCE), 0)
        self.assertEqual([line["event"] for line in self.log_lines()],
                         ["serving", "draining", "stopped"])

    def list_services(self, channel):
        reflection = channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        return next(reflection(iter([b"\x3a\x01*"]), timeout=PATIENCE))

    def test_reflection_is_for_operators_only(self):
        for principal in ("k1", "a1"):
            with self.channel_of(principal) as channel, self.assertRaises(grpc.RpcError) as caught:
                self.list_services(channel)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.PERMISSION_DENIED)
        admin_port = self.log_lines()[0]["admin_port"]
        with grpc.insecure_channel(f"127.0.0.1:{admin_port}") as channel:
            listed = self.list_services(channel)
            for service in SERVICES[1:]:
                self.assertIn(service.encode(), listed)
                self.assertEqual(varint_field(next(self.health_watch(channel, service)), 1), SERVING)
            # It describes the services and is none of them.
            stub = verification_service_pb2_grpc.VerificationServiceStub(channel)
            with self.assertRaises(grpc.RpcError) as caught:
                stub.Verify(request(), timeout=PATIENCE)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
