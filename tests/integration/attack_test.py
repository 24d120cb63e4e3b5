"""What a hostile client can do with sockets, TLS and HTTP/2 frames of its own making.

usage: attack_test.py GENERATED SERVER_PROGRAM MAKE_CERTIFICATES [TEST]...
PAXID_MUTATIONS in the environment is the number of mutated requests (2000).
"""

import os
import random
import re
import resource
import signal
import socket
import ssl
import struct

from server_under_test import PATIENCE, ServerTest, grpc, main, request
from paxid.v1 import verification_service_pb2_grpc

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 6, 7, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1
MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE = 3, 4
ENHANCE_YOUR_CALM = 11


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def text(value):
    """A string of HPACK without Huffman coding (RFC 7541 section 5.2)."""
    value = value.encode()
    if len(value) < 127:
        return bytes([len(value)]) + value
    rest, encoded = len(value) - 127, b"\x7f"
    while rest >= 128:
        encoded += bytes([rest % 128 + 128])
        rest //= 128
    return encoded + bytes([rest]) + value


def header_block(extra=()):
    fields = [(":method", "POST"), (":scheme", "https"), (":authority", "localhost"),
              (":path", "/paxid.v1.VerificationService/Verify"), ("te", "trailers"),
              ("content-type", "application/grpc"), *extra]
    return b"".join(b"\0" + text(name) + text(value) for name, value in fields)


def message(body):
    return b"\0" + struct.pack(">I", len(body)) + body


class Attack(ServerTest):
    def secured(self, principal="k1", **context_options):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.site / "tls/ca.pem")
        context.set_alpn_protocols(["h2"])
        if principal:
            context.load_cert_chain(self.site / f"tls/{principal}.pem",
                                    self.site / f"tls/{principal}.key")
        for name, value in context_options.items():
            setattr(context, name, value)
        if context_options:
            context.set_ciphers("ALL:@SECLEVEL=0")
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        return context.wrap_socket(plain, server_hostname="localhost")

    def h2(self, settings=b""):
        connection = self.secured()
        connection.sendall(PREFACE + frame(SETTINGS, payload=settings))
        return connection

    def frames(self, connection):
        """Frames until the server closes the connection."""
        pending = b""
        while True:
            try:
                read = connection.recv(65536)
            except (ConnectionError, ssl.SSLError):
                read = b""
            if not read:
                return
            pending += read
            while len(pending) >= 9:
                length = int.from_bytes(pending[:3], "big")
                if len(pending) < 9 + length:
                    break
                kind, flags, stream = struct.unpack(">BBI", pending[3:9])
                yield kind, flags, stream, pending[9:9 + length]
                pending = pending[9 + length:]

    def send_until_closed(self, connection, pieces):
        try:
            for piece in pieces:
                connection.sendall(piece)
        except OSError:
            pass

    def assert_still_serves(self):
        self.assertIsNone(self.server.poll())
        for _ in range(20):
            self.verification.Verify(request(), timeout=PATIENCE)

    def resident_kib(self):
        with open(f"/proc/{self.server.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    def test_tls_versions(self):
        v = ssl.TLSVersion
        for version in (v.TLSv1, v.TLSv1_1):
            with self.assertRaises((ssl.SSLError, OSError)):
                self.secured(minimum_version=version, maximum_version=version)
        for version, name in ((v.TLSv1_2, "TLSv1.2"), (v.TLSv1_3, "TLSv1.3")):
            with self.secured(minimum_version=version, maximum_version=version) as connection:
                self.assertEqual(connection.version(), name)
                connection.sendall(PREFACE + frame(SETTINGS))
                self.assertEqual(next(self.frames(connection))[0], SETTINGS)

    def test_without_certificate_or_tls_no_frame_comes_back(self):
        with self.assertRaises((ssl.SSLError, OSError)):
            with self.secured(principal=None) as connection:
                connection.sendall(PREFACE + frame(SETTINGS))
                # With TLS 1.3 the client learns of the refusal when it reads.
                if not connection.recv(1):
                    raise OSError("closed")
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(PREFACE + frame(SETTINGS))
            self.assertEqual(list(self.frames(connection)), [])
        self.assert_still_serves()

    def test_half_open_connections_are_closed(self):
        silent = [socket.create_connection(("127.0.0.1", self.port), PATIENCE) for _ in range(200)]
        begun = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # a ClientHello that goes no further
        for connection in silent[::2]:
            connection.sendall(begun)
        self.assert_still_serves()
        for connection in silent:
            self.assertEqual(list(self.frames(connection)), [])
            connection.close()

    def test_connections_that_use_up_the_files(self):
        # The sanitizer needs a file for each kind of object that it sees for the first time, and
        # what ends a call may come behind its answer.
        for _ in range(20):
            self.verification.Verify(request(), timeout=PATIENCE)
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.prlimit(self.server.pid, resource.RLIMIT_NOFILE, (120, hard))
        for _ in range(3):
            silent = [socket.create_connection(("127.0.0.1", self.port), PATIENCE)
                      for _ in range(300)]
            # The connection that was there goes on.
            self.verification.Verify(request(), timeout=PATIENCE)
            for connection in silent:
                connection.close()
        with self.channel_of("k1", use_local_subchannel_pool=1) as channel:
            stub = verification_service_pb2_grpc.VerificationServiceStub(channel)
            stub.Verify(request(), timeout=PATIENCE, wait_for_ready=True)
        self.assert_still_serves()

    def test_a_flood_of_pings_ends_the_connection(self):
        with self.h2() as connection:
            self.send_until_closed(connection, [frame(PING, payload=bytes(8))] * 2000)
            ends = [payload for kind, _, _, payload in self.frames(connection) if kind == GOAWAY]
        if ends:  # a connection that is reset may take its last frame along
            self.assertEqual(int.from_bytes(ends[-1][4:8], "big"), ENHANCE_YOUR_CALM)
        self.assert_still_serves()

    def assert_keeps_nothing_of(self, attack):
        """What is kept of a wave is kept of every wave.

        The first fills the allocator's pools, whose size says nothing of the server; a later one fills
        them further when more of its calls are under way at once.
        """
        sizes = []
        for _ in range(4):
            attack()
            self.assert_still_serves()
            sizes.append(self.resident_kib())
        self.assertLess(min(later - size for size, later in zip(sizes, sizes[1:])), 64 * 1024)
        # The sanitizer's build ends with its own status where memory was lost.
        self.channel.close()
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(PATIENCE), 0)

    def test_metadata_bombs(self):
        with self.h2() as connection:
            block = header_block([("x-filler", "a" * 12_000)])
            connection.sendall(frame(HEADERS, END_HEADERS, 1, block) +
                               frame(DATA, END_STREAM, 1, message(request().SerializeToString())))
            for kind, _, stream, _ in self.frames(connection):
                if stream == 1 and kind in (HEADERS, RST_STREAM):
                    break

        def attack():
            for _ in range(5):
                with self.h2() as connection:
                    # Header fields that never end, small ones and many.
                    field = (b"\0" + text("x-more") + text("b" * 100)) * 100
                    self.send_until_closed(
                        connection, [frame(HEADERS, 0, 1, header_block())] +
                        [frame(CONTINUATION, 0, 1, field)] * 500)
        self.assert_keeps_nothing_of(attack)

    def test_streams_beyond_the_limit_and_rapid_resets(self):
        with self.h2() as connection:
            settings = next(self.frames(connection))
            self.assertEqual(settings[0], SETTINGS)
            values = dict(struct.iter_unpack(">HI", settings[3]))
            self.assertEqual(values[MAX_CONCURRENT_STREAMS], 128)
            self.send_until_closed(connection, [
                frame(HEADERS, END_HEADERS, 2 * i + 1, header_block()) for i in range(1000)])

        def attack():
            for _ in range(5):
                with self.h2() as connection:
                    self.send_until_closed(connection, [
                        frame(HEADERS, END_HEADERS, 2 * i + 1, header_block()) +
                        frame(RST_STREAM, 0, 2 * i + 1, struct.pack(">I", 8))
                        for i in range(1000)])
        self.assert_keeps_nothing_of(attack)

    def test_clients_that_do_not_read_hold_up_nobody(self):
        slow = []
        for _ in range(20):
            # No byte of an answer may be sent.
            connection = self.h2(struct.pack(">HI", INITIAL_WINDOW_SIZE, 0))
            for i in range(20):
                connection.sendall(
                    frame(HEADERS, END_HEADERS, 2 * i + 1, header_block()) +
                    frame(DATA, END_STREAM, 2 * i + 1, message(request().SerializeToString())))
            slow.append(connection)
        self.assert_still_serves()
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(PATIENCE), 0)
        for connection in slow:
            connection.close()

    def test_garbage_instead_of_frames(self):
        generator = random.Random(9)
        for _ in range(50):
            with self.secured() as connection:
                self.send_until_closed(connection, [PREFACE + generator.randbytes(2000)])
        self.assert_still_serves()

    def test_mutated_requests(self):
        generator = random.Random(1)
        verify = self.channel.unary_unary("/paxid.v1.VerificationService/Verify")
        whole = request().SerializeToString()
        # gRPC 1.51 answers UNIMPLEMENTED to what is no protobuf message.
        allowed = {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT,
                   grpc.StatusCode.ALREADY_EXISTS, grpc.StatusCode.UNIMPLEMENTED}
        left = int(os.environ.get("PAXID_MUTATIONS", "2000"))
        while left > 0:
            calls = []
            for _ in range(min(left, 200)):
                body = bytearray(whole)
                for _ in range(generator.randint(1, 8)):
                    at = generator.randrange(len(body))
                    how = generator.randrange(4)
                    if how == 0:
                        body[at] = generator.randrange(256)
                    elif how == 1:
                        body[at:at + generator.randrange(20)] = b""
                        body = body or bytearray(whole)
                    elif how == 2:
                        body[at:at] = generator.randbytes(generator.randrange(20))
                    else:
                        body[at:at] = body[generator.randrange(len(body)):][:50]
                calls.append(verify.future(bytes(body), timeout=PATIENCE))
            left -= len(calls)
            for call in calls:
                error = call.exception()
                self.assertIn(grpc.StatusCode.OK if error is None else error.code(), allowed)
        self.assert_still_serves()
        self.assertNotIn("ERIKSSON", self.log_text())


if __name__ == "__main__":
    main()
