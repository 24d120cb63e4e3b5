"""How the server behaves in operation: who may call, how long, how often, and how it ends.

usage: operation_test.py GENERATED SERVER_PROGRAM MAKE_CERTIFICATES [TEST]...
"""

import datetime
import json
import os
import pathlib
import queue
import signal
import socket
import ssl
import subprocess
import threading
import time
import uuid

from server_under_test import (MAKE_CERTIFICATES, NOT_SERVING, PATIENCE, SERVER, SERVING, ServerTest,
                               error_of, grpc, main, request)
from google.protobuf import descriptor_pool
from paxid.v1 import (audit_service_pb2, audit_service_pb2_grpc,
                      decision_service_pb2, manifest_service_pb2, manifest_service_pb2_grpc,
                      verification_service_pb2, verification_service_pb2_grpc)

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def code_of(call, *arguments, **options):
    try:
        call(*arguments, timeout=PATIENCE, **options)
        return grpc.StatusCode.OK
    except grpc.RpcError as error:
        return error.code()


class Access(ServerTest):
    ROLES = ["kiosk", "agent", "supervisor", "auditor", "privacy_officer", "loader", "operator"]
    PRINCIPALS = [word for role in ROLES for word in ("demo", role, role)] + ["demo", "kiosk", "k1"]

    GATE = {"agent", "supervisor"}
    PROVEN = set(ROLES) - {"operator"}
    EXPORT = {"auditor", "privacy_officer"}
    MAY = {
        "VerificationService/Verify": GATE | {"kiosk"},
        "VerificationService/VerifyStream": GATE | {"kiosk"},
        "DecisionService/RecordDecision": GATE,
        "DecisionService/GetSuggestion": GATE,
        "ManifestService/LoadFlight": {"loader"},
        "ManifestService/DropFlight": {"loader"},
        "ManifestService/GetFlight": GATE,
        "ManifestService/WatchFlight": GATE,
        "ManifestService/ListFlights": GATE | {"loader", "operator"},
        "AuditService/GetCheckpoint": PROVEN,
        "AuditService/GetInclusionProof": PROVEN,
        "AuditService/GetConsistencyProof": {"auditor", "privacy_officer"},
        "AuditService/ExportRecords": EXPORT,
        "AuditService/SealExport": EXPORT,
        "PrivacyService/GetAccess": {"privacy_officer"},
        "PrivacyService/EraseSubject": {"privacy_officer"},
        "PrivacyService/ChangeHold": {"privacy_officer"},
        "NoService/NoMethod": set(),
    }

    def test_every_role_on_the_wire(self):
        for role in self.ROLES:
            with self.channel_of(role) as channel:
                for method, roles in self.MAY.items():
                    # Streams end when the client's side does: an empty message and its end.
                    call = channel.stream_stream("/paxid.v1." + method)(iter([b""]),
                                                                        timeout=PATIENCE)
                    code = None
                    try:
                        next(call)
                        call.cancel()
                    except StopIteration:
                        pass
                    except grpc.RpcError as error:
                        code = error.code()
                    denied = code == grpc.StatusCode.PERMISSION_DENIED
                    self.assertEqual(denied, role not in roles, f"{role} {method} {code}")

    def test_reflection_stays_on_the_operators_port(self):
        for role in self.ROLES:
            with self.channel_of(role) as channel:
                reflection = channel.stream_stream(
                    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
                with self.assertRaises(grpc.RpcError) as caught:
                    next(reflection(iter([b"\x3a\x01*"]), timeout=PATIENCE))
                self.assertEqual(caught.exception.code(), grpc.StatusCode.PERMISSION_DENIED)


class Revocation(ServerTest):
    CONFIGURATION = {"access": {"deny_list": "deny_list.toml"}}

    def prepare(self, sections):
        (self.site / "deny_list.toml").write_text("")

    def deny(self, text):
        loaded = self.events().count("deny_list_loaded")
        (self.site / "deny_list.toml").write_text(text)
        self.server.send_signal(signal.SIGHUP)
        self.wait_until(lambda: self.events().count("deny_list_loaded") == loaded + 1)

    def serial(self, name):
        said = subprocess.run(["openssl", "x509", "-noout", "-serial", "-in",
                               self.site / "tls" / (name + ".pem")],
                              check=True, capture_output=True, text=True).stdout
        return said.strip().split("=")[1].lower().lstrip("0")

    def test_a_revoked_certificate_loses_its_open_connection_too(self):
        uri = "spiffe://paxid.dev/tenant/demo/kiosk/k1"
        other = f'[[revoked]]\nuri = "{uri}"\nserial = "1234"\n'
        self.verification.Verify(request(), timeout=PATIENCE)
        self.deny(other)
        self.verification.Verify(request(), timeout=PATIENCE)
        stream_of_requests = queue.Queue()
        stream = self.verification.VerifyStream(iter(stream_of_requests.get, None),
                                                timeout=PATIENCE)
        stream_of_requests.put(verification_service_pb2.VerifyStreamRequest(request=request()))
        self.assertTrue(next(stream).HasField("response"))
        self.deny(other + f'[[revoked]]\nuri = "{uri}"\nserial = "{self.serial("k1")}"\n')
        self.assertEqual(code_of(self.verification.Verify, request()),
                         grpc.StatusCode.PERMISSION_DENIED)
        # The next passenger of the stream that was open before.
        stream_of_requests.put(verification_service_pb2.VerifyStreamRequest(request=request()))
        self.assertEqual(next(stream).error.code, grpc.StatusCode.PERMISSION_DENIED.value[0])
        stream_of_requests.put(None)
        # A new certificate of the same device is good.
        for name in ("k1.pem", "k1.key"):
            (self.site / "tls" / name).unlink()
        self.make_certificates("demo", "kiosk", "k1")
        with self.channel_of("k1") as channel:
            stub = verification_service_pb2_grpc.VerificationServiceStub(channel)
            self.assertEqual(code_of(stub.Verify, request()), grpc.StatusCode.OK)
        # A list that cannot be read changes nothing.
        (self.site / "deny_list.toml").write_text("broken")
        self.server.send_signal(signal.SIGHUP)
        self.wait_until(lambda: "deny_list_refused" in self.events())
        self.assertEqual(code_of(self.verification.Verify, request()),
                         grpc.StatusCode.PERMISSION_DENIED)
        refused = [line for line in self.log_lines() if line["event"] == "call_refused"]
        self.assertEqual({line["reason"] for line in refused}, {"CERTIFICATE_REVOKED"})


class Rates(ServerTest):
    CONFIGURATION = {"rates": {"audit_per_principal": 1, "audit_per_tenant": 1}}

    def test_a_pool_that_is_empty_names_the_wait_and_starves_no_other(self):
        self.verification.Verify(request(), timeout=PATIENCE)
        with self.channel_of("a1") as channel:
            auditor = audit_service_pb2_grpc.AuditServiceStub(channel)
            refused = None
            for _ in range(1000):
                try:
                    auditor.GetCheckpoint(audit_service_pb2.GetCheckpointRequest(), timeout=PATIENCE)
                except grpc.RpcError as error:
                    refused = error
                    break
            self.assertIsNotNone(refused)
            self.assertEqual(refused.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
            info, retry = error_of(refused)
            self.assertEqual((info.reason, info.metadata["pool"]), ("RATE_LIMITED", "audit"))
            self.assertGreater(retry.retry_delay.ToMilliseconds(), 0)
            for _ in range(50):
                self.verification.Verify(request(), timeout=PATIENCE)


class Deadlines(ServerTest):
    def test_what_was_given_up_before_it_began_leaves_no_record(self):
        self.verification.Verify(request(), timeout=PATIENCE)
        size = self.audit.GetCheckpoint(audit_service_pb2.GetCheckpointRequest(),
                                        timeout=PATIENCE).tree_size
        self.server.send_signal(signal.SIGSTOP)
        stat = f"/proc/{self.server.pid}/stat"
        self.wait_until(lambda: open(stat).read().rsplit(")", 1)[1].split()[0] == "T")
        # One after the other, so that the end of each lies beside its beginning.
        for _ in range(20):
            call = self.verification.Verify.future(request(), timeout=0.03)
            self.assertEqual(call.exception().code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        time.sleep(0.1)  # the last end may still be on its way
        self.server.send_signal(signal.SIGCONT)
        # Answered after all of them were read.
        self.verification.Verify(request(), timeout=PATIENCE)
        after = self.audit.GetCheckpoint(audit_service_pb2.GetCheckpointRequest(),
                                         timeout=PATIENCE).tree_size
        # A call may begin in the moment between its beginning and its end being read, as one or two
        # do on a loaded machine; a server that does not look would have begun all twenty.
        self.assertGreaterEqual(after, size + 1)
        self.assertLessEqual(after, size + 1 + 5)


class Traces(ServerTest):
    CONFIGURATION = {"log": {"level": "debug"}}
    PRINCIPALS = ["demo", "kiosk", "k1", "demo", "loader", "l1"]

    def test_the_trace_is_in_log_and_leaf(self):
        header = (("traceparent", f"00-{TRACE_ID}-00f067aa0ba902b7-01"),)
        answer = self.verification.Verify(request(), metadata=header, timeout=PATIENCE)
        placed = answer.record.placed
        proof = self.audit.GetInclusionProof(
            audit_service_pb2.GetInclusionProofRequest(leaf_index=placed.leaf_index),
            timeout=PATIENCE)
        self.assertIn(bytes.fromhex(TRACE_ID), proof.leaf_data)
        # A loaded flight's as well.
        with self.channel_of("l1") as channel:
            loader = manifest_service_pb2_grpc.ManifestServiceStub(channel)
            flight = manifest_service_pb2.FlightKey(
                carrier="XX", flight_number="123", departure_date=str(datetime.date.today()),
                **{"from": "FRA"})
            parts = [manifest_service_pb2.LoadFlightRequest(
                         start=manifest_service_pb2.LoadFlightStart(
                             request_id=str(uuid.uuid4()), flight=flight,
                             format=manifest_service_pb2.LIST_FORMAT_PASSENGERS)),
                     manifest_service_pb2.LoadFlightRequest(
                         passenger=manifest_service_pb2.ManifestPassenger(
                             booking_name=b"ERIKSSON/ANNA MARIA MRS", locator="ABC123"))]
            loaded = loader.LoadFlight(iter(parts), metadata=header, timeout=PATIENCE)
        proof = self.audit.GetInclusionProof(
            audit_service_pb2.GetInclusionProofRequest(
                leaf_index=loaded.record.placed.leaf_index), timeout=PATIENCE)
        self.assertIn(bytes.fromhex(TRACE_ID), proof.leaf_data)
        # What is no trace id is no error, and is said nowhere.
        self.verification.Verify(request(), metadata=(("traceparent", "00-CANARY"),),
                                 timeout=PATIENCE)
        answered = [line for line in self.log_lines() if line["event"] == "call_answered" and
                    line["method"].endswith("/Verify")]
        self.assertEqual([line.get("trace_id") for line in answered], [TRACE_ID, None])
        self.assertNotIn("CANARY", self.log_text())


class FullDisk(ServerTest):
    CONFIGURATION = {"limits": {"free_disk_mib": 1_048_576}}

    def test_health_says_what_still_works(self):
        self.wait_until(lambda: "not_ready" in self.events())
        line = next(line for line in self.log_lines() if line["event"] == "not_ready")
        self.assertEqual(line["reason"], "DISK_LOW")
        for service in ("", "paxid.v1.VerificationService", "paxid.v1.DecisionService",
                        "paxid.v1.ManifestService", "paxid.v1.PrivacyService"):
            self.assertEqual(self.health(service), NOT_SERVING, service)
        for service in ("paxid.v1.AuditService", "live"):
            self.assertEqual(self.health(service), SERVING, service)
        # It answers as long as it can.
        self.verification.Verify(request(), timeout=PATIENCE)


class Rotation(ServerTest):
    CONFIGURATION = {"limits": {"connection_age_seconds": 1}}

    def served_certificate(self):
        context = ssl.create_default_context(cafile=self.site / "tls/ca.pem")
        context.load_cert_chain(self.site / "tls/k1.pem", self.site / "tls/k1.key")
        context.set_alpn_protocols(["h2"])
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as secured:
                return secured.getpeercert()["serialNumber"]

    def test_no_call_fails_while_the_certificate_is_replaced(self):
        failed, answered, over = [], [0], threading.Event()

        def load():
            while not over.is_set():
                try:
                    self.verification.Verify(request(), timeout=PATIENCE)
                    answered[0] += 1
                except grpc.RpcError as error:
                    failed.append(str(error))

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        before = self.served_certificate()
        fresh = self.site / "fresh"
        fresh.mkdir()
        for name in ("ca.pem", "ca.key"):
            (fresh / name).write_bytes(self.pem(name))
        subprocess.run([MAKE_CERTIFICATES, fresh, "demo", "kiosk", "k1"], check=True)
        for name in ("server.key", "server.pem", "k1.key", "k1.pem"):
            os.rename(fresh / name, self.site / "tls" / name)
        self.wait_until(lambda: self.served_certificate() != before)
        seen = answered[0]
        self.wait_until(lambda: answered[0] > seen + 100)
        over.set()
        for thread in threads:
            thread.join()
        self.assertEqual(failed, [])


class Enrolment(ServerTest):
    CONFIGURATION = {"tls": {"certificate": "ca/server.pem", "private_key": "ca/server.key",
                             "client_ca": "ca/ca.pem"},
                     "access": {"registry": "principals.toml", "deny_list": "deny_list.toml"}}

    def certs(self, *arguments):
        done = subprocess.run([SERVER, "certs", *arguments], cwd=self.site, capture_output=True,
                              text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def prepare(self, sections):
        self.certs("authority", "--directory", "ca")
        self.certs("issue", "server", "--directory", "ca", "--host", "localhost",
                   "--host", "127.0.0.1")
        entry = self.certs("issue", "k1", "--directory", "ca", "--tenant", "demo",
                           "--role", "kiosk", "--station", "FRA")
        (self.site / "principals.toml").write_text(entry)
        (self.site / "deny_list.toml").write_text("")

    def pem(self, name):
        return (self.site / "ca" / name).read_bytes()

    def verify(self):
        with self.channel_of("k1") as channel:
            stub = verification_service_pb2_grpc.VerificationServiceStub(channel)
            return code_of(stub.Verify, request())

    def test_an_airport_with_its_own_authority(self):
        self.assertEqual(self.verify(), grpc.StatusCode.OK)
        for name in ("server", "k1"):
            subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", self.site / "ca/ca.pem",
                            self.site / f"ca/{name}.pem"], check=True, capture_output=True)
        old = self.site / "old.pem"
        old.write_bytes(self.pem("k1.pem"))
        with self.channel_of("k1") as before:
            stub = verification_service_pb2_grpc.VerificationServiceStub(before)
            self.assertEqual(code_of(stub.Verify, request()), grpc.StatusCode.OK)
            self.certs("renew", "k1", "--directory", "ca")
            self.assertNotEqual(self.pem("k1.pem"), old.read_bytes())
            self.certs("revoke", "old.pem", "--deny-list", "deny_list.toml")
            self.server.send_signal(signal.SIGHUP)
            self.wait_until(lambda: "deny_list_loaded" in self.events())
            self.assertEqual(code_of(stub.Verify, request()), grpc.StatusCode.PERMISSION_DENIED)
        self.assertEqual(self.verify(), grpc.StatusCode.OK)
        # All of the URI's, the next one too.
        self.certs("revoke", "ca/k1.pem", "--deny-list", "deny_list.toml", "--all")
        self.certs("renew", "k1", "--directory", "ca")
        self.server.send_signal(signal.SIGHUP)
        self.wait_until(lambda: self.events().count("deny_list_loaded") == 2)
        self.assertEqual(self.verify(), grpc.StatusCode.PERMISSION_DENIED)
        for wrong, says in ((("issue", "k1", "--directory", "ca", "--tenant", "demo", "--role",
                              "kiosk"), "is there already"),
                            (("authority", "--directory", "ca"), "is there already"),
                            (("issue", "k2", "--directory", "ca"), "--host"),
                            (("issue", "../k2", "--directory", "ca", "--host", "a"), "NAME"),
                            (("issue", "k2", "--directory", "ca", "--host", "a,URI:spiffe://b"),
                             "--host"),
                            (("issue", "k2", "--directory", "ca", "--tenant", "demo", "--role",
                              "root"), "--role"),
                            (("revoke", "ca/server.pem", "--deny-list", "deny_list.toml"),
                             "no URI of its own")):
            done = subprocess.run([SERVER, "certs", *wrong], cwd=self.site, capture_output=True,
                                  text=True, timeout=PATIENCE)
            self.assertNotEqual(done.returncode, 0, wrong)
            self.assertIn(says, done.stderr)


# Its descriptors are looked up.
assert decision_service_pb2


class Retries(ServerTest):
    CONFIGURATION = {"limits": {"connection_age_seconds": 1}}
    FILE = ROOT / "proto/paxid/v1/service_config.json"

    def test_the_published_policy_is_of_the_contract_and_is_taken(self):
        config = json.loads(self.FILE.read_text())
        named = {(name["service"], name["method"])
                 for method in config["methodConfig"] for name in method["name"]}
        pool = descriptor_pool.Default()
        # What is recorded is retried because its request has an id; what is read changes nothing.
        reading = {"GetFlight", "ListFlights", "GetCheckpoint", "GetInclusionProof",
                   "GetConsistencyProof"}
        for service, method in named:
            found = pool.FindServiceByName(service).FindMethodByName(method)
            self.assertFalse(found.client_streaming or found.server_streaming)
            self.assertTrue("request_id" in found.input_type.fields_by_name or method in reading)
        for method in config["methodConfig"]:
            self.assertEqual(method["retryPolicy"]["retryableStatusCodes"], ["UNAVAILABLE"])
        # Connections end all the time, and a server that is not there yet is waited for.
        port = self.port
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(PATIENCE), 0)
        text = (self.site / "paxid-server.toml").read_text()
        (self.site / "paxid-server.toml").write_text(
            text.replace('address = "127.0.0.1:0"', f'address = "127.0.0.1:{port}"', 1))
        with self.channel_of("k1", service_config=self.FILE.read_text(),
                             use_local_subchannel_pool=1) as channel:
            stub = verification_service_pb2_grpc.VerificationServiceStub(channel)
            self.assertEqual(code_of(stub.Verify, request()), grpc.StatusCode.UNAVAILABLE)
            self.channel.close()
            self.start()
            for _ in range(50):
                stub.Verify(request(), timeout=PATIENCE, wait_for_ready=True)


class End(ServerTest):
    CONFIGURATION = {"limits": {"drain_seconds": 600}}

    def test_a_client_that_makes_no_call_delays_nothing(self):
        self.verification.Verify(request(), timeout=PATIENCE)
        self.server.send_signal(signal.SIGTERM)
        # Far less than the time that calls would have.
        self.assertEqual(self.server.wait(PATIENCE), 0)
        self.assertEqual(self.events(), ["serving", "draining", "stopped"])
        checkpoint = (self.site / "store/demo.checkpoint").read_text().splitlines()
        self.assertEqual(checkpoint[1], "2")  # the policy and the verdict


if __name__ == "__main__":
    main()
