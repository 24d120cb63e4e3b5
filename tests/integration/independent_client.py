"""A client that shares no code with this project but the published protos.

Judges what any program with a gRPC library would see: answers, an inclusion proof computed
anew from RFC 6962, error codes, health, and what the operators' listener shows.

usage: independent_client.py GENERATED SERVER_PROGRAM MAKE_CERTIFICATES [TEST]...
"""

import base64
import hashlib
import signal

from server_under_test import (NOT_SERVING, PATIENCE, SERVICES, SERVING, ServerTest, error_of, grpc,
                               main, request, varint_field)
from paxid.v1 import audit_service_pb2, verification_service_pb2, verification_service_pb2_grpc


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


class IndependentClient(ServerTest):
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
        info, _ = error_of(caught.exception)
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

    def test_health_follows_the_life_of_the_server(self):
        watches = [self.health_watch(self.channel, service) for service in SERVICES]
        for watch in watches:
            self.assertEqual(varint_field(next(watch), 1), SERVING)
        self.server.send_signal(signal.SIGTERM)
        for watch in watches:
            self.assertEqual(varint_field(next(watch), 1), NOT_SERVING)
            watch.cancel()
        self.assertEqual(self.server.wait(PATIENCE), 0)
        self.assertEqual(self.events(), ["serving", "draining", "stopped"])

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
    main()
