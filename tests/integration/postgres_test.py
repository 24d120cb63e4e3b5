"""Several servers on one PostgreSQL database, one of them killed, the database taken away.

usage: postgres_test.py GENERATED SERVER_PROGRAM MAKE_CERTIFICATES [TEST]...
"""

import base64
import pathlib
import signal
import subprocess
import threading

from independent_client import leaf_hash, root_from_path
from server_under_test import (CONFIGURATION, ENVIRONMENT, NOT_SERVING, PATIENCE, SERVER, SERVING,
                               ServerTest, grpc, main, request, toml)
from paxid.v1 import (audit_service_pb2, audit_service_pb2_grpc, verification_service_pb2_grpc)

CLUSTER = pathlib.Path(__file__).resolve().parents[1] / "postgres" / "cluster"


class Cluster:
    def __init__(self):
        self.process = subprocess.Popen([CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, bufsize=1)
        self.directory = self.process.stdout.readline().strip()
        assert self.directory, "no PostgreSQL cluster"

    def command(self, word, answer):
        self.process.stdin.write(word + "\n")
        assert self.process.stdout.readline().strip() == answer

    def ask(self, sql):
        return subprocess.run(["psql", "-h", self.directory, "-U", "paxid", "-d", "postgres", "-Atc",
                               sql], check=True, capture_output=True, text=True).stdout.strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class OneServer:
    """One of several: a directory and a port of its own, the keys of all."""

    def __init__(self, test, name, connection):
        self.test, self.name = test, name
        sections = {section: dict(keys) for section, keys in CONFIGURATION.items()}
        sections["listen"] = {"address": "127.0.0.1:0"}
        sections["store"].update(directory=f"store-{name}", postgresql=connection)
        (test.site / f"{name}.toml").write_text(toml(sections))
        self.log = open(test.site / f"{name}.log", "ab")
        self.start()

    def start(self):
        port = self.test.site / f"{self.name}.port"
        port.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [SERVER, "--config", self.test.site / f"{self.name}.toml", "--port-file", port],
            stderr=self.log, env=ENVIRONMENT)
        self.test.wait_until(lambda: port.exists() or self.process.poll() is not None)
        self.test.assertIsNone(self.process.poll(), f"server {self.name} did not start")
        self.test.port = int(port.read_text())
        self.channel = self.test.channel_of("k1")
        self.verification = verification_service_pb2_grpc.VerificationServiceStub(self.channel)
        self.audit = audit_service_pb2_grpc.AuditServiceStub(self.channel)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.channel.close()

    def close(self):
        self.channel.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Postgres(ServerTest):
    def start(self):
        self.cluster = Cluster()
        connection = f"host={self.cluster.directory} user=paxid dbname=postgres"
        self.first = OneServer(self, "first", connection)
        self.second = OneServer(self, "second", connection)
        self.servers = [self.first, self.second]

    def tearDown(self):
        for server in self.servers:
            server.close()
        self.cluster.close()
        self.log.close()
        self.holder.cleanup()

    def ask(self, asked, first):
        """Asks until somebody answers, the preferred server first."""
        for attempt in range(2000):
            server = self.servers[(first + attempt) % 2]
            try:
                return server.verification.Verify(asked, timeout=PATIENCE)
            except (grpc.RpcError, ValueError) as error:
                # ValueError: the channel of a killed server is closed.
                if isinstance(error, grpc.RpcError):
                    # CANCELLED: its channel was closed with the call on it.
                    self.assertIn(error.code(), (grpc.StatusCode.UNAVAILABLE,
                                                 grpc.StatusCode.CANCELLED), error.details())
                threading.Event().wait(0.02)
        self.fail("nobody answered")

    def place_of(self, server, asked):
        answer = server.verification.Verify(asked, timeout=PATIENCE)
        self.assertTrue(answer.replayed)
        return answer.record.placed if answer.record.HasField("placed") else None

    def expect_one_gapless_log(self, server, asked, answers):
        self.wait_until(lambda: self.cluster.ask("SELECT count(*) FROM paxid.pending") == "0")
        places = {}
        for one, answer in zip(asked, answers):
            placed = self.place_of(server, one)
            self.assertIsNotNone(placed, "a promise was not kept")
            reference = answer.record
            known = reference.placed if reference.HasField("placed") else reference.promised
            self.assertEqual(known.leaf_hash, placed.leaf_hash)
            self.assertNotIn(placed.leaf_index, places)
            places[placed.leaf_index] = placed.leaf_hash
        size = int(self.cluster.ask("SELECT count(*) FROM paxid.leaf"))
        self.assertEqual(self.cluster.ask("SELECT max(idx) + 1 FROM paxid.leaf"), str(size))
        # The others say which policy each server began with.
        others = int(self.cluster.ask(
            "SELECT count(*) FROM paxid.leaf WHERE get_byte(data, 4) = 6"))
        self.assertEqual(size, len(asked) + others)
        for index, expected in places.items():
            proof = server.audit.GetInclusionProof(
                audit_service_pb2.GetInclusionProofRequest(leaf_index=index), timeout=PATIENCE)
            self.assertEqual(leaf_hash(proof.leaf_data), expected)
            self.assertEqual(proof.tree_size, size)
            root = root_from_path(index, size, expected, proof.hashes)
            self.assertEqual(base64.b64decode(proof.checkpoint.splitlines()[2]), root)

    def under_load(self, count, events):
        """Asks `count` questions at both servers, and does the events meanwhile, in their order."""
        asked = [request() for _ in range(count)]
        answers = [None] * count
        numbers = iter(range(count))
        lock = threading.Lock()
        begun = [0]

        def work(preferred):
            while True:
                with lock:
                    number = next(numbers, None)
                    begun[0] = count if number is None else number
                if number is None:
                    return
                answers[number] = self.ask(asked[number], preferred)

        threads = [threading.Thread(target=work, args=(index % 2,)) for index in range(8)]
        for thread in threads:
            thread.start()
        for part, event in enumerate(events, start=1):
            self.wait_until(lambda: begun[0] >= count * part // (len(events) + 1))
            event()
        for thread in threads:
            thread.join()
        self.assertNotIn(None, answers)
        return asked, answers

    def test_a_server_is_killed_and_the_sequencer_lost(self):
        def leads():
            return self.cluster.ask(
                "SELECT epoch FROM paxid.sequencer WHERE until > clock_timestamp()")

        self.wait_until(leads)
        epoch = int(leads())
        # One after the other, so that one of the two was the sequencer.
        asked, answers = self.under_load(
            600, [self.first.kill, self.first.start, self.second.kill, self.second.start])
        self.assertTrue(any(answer.record.HasField("promised") for answer in answers))
        self.expect_one_gapless_log(self.second, asked, answers)
        self.wait_until(leads)
        self.assertGreater(int(leads()), epoch)

    def test_a_paused_sequencer_holds_up_nobody(self):
        self.wait_until(lambda: self.cluster.ask("SELECT count(*) FROM paxid.sequencer") == "1")
        self.first.process.send_signal(signal.SIGSTOP)
        asked = [request() for _ in range(40)]
        answers = [self.second.verification.Verify(one, timeout=PATIENCE) for one in asked]
        self.wait_until(lambda: self.cluster.ask("SELECT count(*) FROM paxid.pending") == "0")
        self.first.process.send_signal(signal.SIGCONT)
        more = [request() for _ in range(40)]
        answers += [self.first.verification.Verify(one, timeout=PATIENCE) for one in more]
        self.expect_one_gapless_log(self.second, asked + more, answers)

    def test_without_its_database_a_server_answers_nothing_and_comes_back(self):
        asked = [request()]
        answers = [self.first.verification.Verify(asked[0], timeout=PATIENCE)]
        self.channel = self.first.channel
        self.assertEqual(self.health(""), SERVING)
        self.cluster.command("kill", "killed")
        asked.append(request())
        with self.assertRaises(grpc.RpcError) as caught:
            self.first.verification.Verify(asked[1], timeout=PATIENCE)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.wait_until(lambda: self.health("") == NOT_SERVING)
        self.assertIsNone(self.first.process.poll())
        self.cluster.command("start", "started")
        self.wait_until(lambda: self.health("") == SERVING)
        answers.append(self.ask(asked[1], 0))
        self.expect_one_gapless_log(self.first, asked, answers)
        self.assertIn("STORE_UNREACHABLE", (self.site / "first.log").read_text())


if __name__ == "__main__":
    main()
