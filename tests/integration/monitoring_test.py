"""The figures of a running server beside what is written about them.

usage: monitoring_test.py GENERATED SERVER_PROGRAM MAKE_CERTIFICATES [TEST]...
"""

import datetime
import json
import pathlib
import re
import subprocess
import urllib.request
import uuid

from server_under_test import PATIENCE, SERVER, ServerTest, grpc, main, request
from paxid.v1 import privacy_service_pb2, privacy_service_pb2_grpc, verification_service_pb2_grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = re.compile(r"\b(?:paxid|process|exposer)_[a-z_]+\b")
TYPE = re.compile(r"^# TYPE (\S+) (\S+)$", re.MULTILINE)
# What Prometheus makes of a histogram.
DERIVED = re.compile(r"_(bucket|sum|count)$")


class Monitoring(ServerTest):
    CONFIGURATION = {"listen": {"address": "127.0.0.1:0", "metrics_address": "127.0.0.1:0"}}
    PRINCIPALS = ["demo", "kiosk", "k1", "demo", "auditor", "a1", "demo", "privacy_officer", "p1"]

    def setUp(self):
        super().setUp()
        self.metrics = f"127.0.0.1:{self.log_lines()[0]['metrics_port']}"

    def page(self):
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=PATIENCE) as answer:
            return answer.read().decode()

    def value(self, line_start):
        lines = [line for line in self.page().splitlines() if line.startswith(line_start)]
        self.assertEqual(len(lines), 1, line_start)
        return float(lines[0].rsplit(" ", 1)[1])

    def use(self):
        for _ in range(3):
            self.verification.Verify(request(), timeout=PATIENCE)
        again = request()
        for _ in range(2):
            self.verification.Verify(again, timeout=PATIENCE)
        bad = request()
        bad.channel = 99
        with self.assertRaises(grpc.RpcError):
            self.verification.Verify(bad, timeout=PATIENCE)
        with self.channel_of("a1") as channel, self.assertRaises(grpc.RpcError):
            verification_service_pb2_grpc.VerificationServiceStub(channel).Verify(
                request(), timeout=PATIENCE)

    def test_the_figures_are_those_of_the_calls(self):
        self.use()
        method = 'method="/paxid.v1.VerificationService/Verify"'
        self.assertEqual(self.value(f'paxid_calls_total{{{method},code="OK"}}'), 5)
        self.assertEqual(self.value(f'paxid_calls_total{{{method},code="INVALID_ARGUMENT"}}'), 1)
        self.assertEqual(self.value(f"paxid_call_seconds_count{{{method}}}"), 6)
        self.assertEqual(self.value('paxid_calls_denied_total{reason="ROLE_MAY_NOT"}'), 1)
        self.assertEqual(self.value("paxid_records_total"), 5)  # with the policy's
        self.assertEqual(self.value("paxid_replays_total"), 1)
        self.assertGreater(self.value("paxid_sync_seconds_total"), 0)
        self.assertGreaterEqual(self.value("paxid_commit_seconds_total"),
                                self.value("paxid_sync_seconds_total"))
        self.assertEqual(self.value('paxid_log_records{tenant="demo"}'), 5)
        self.assertEqual(self.value("paxid_ready"), 1)
        self.assertGreater(self.value("paxid_certificate_expiry_seconds"), 86_400)

    def test_the_register_of_deadlines_warns(self):
        def enter(days_ago):
            context = privacy_service_pb2.PrivacyContext(
                request_id=str(uuid.uuid4()), purpose=1, reference="D-1")
            received = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days_ago)
            return privacy.OpenDeadline(privacy_service_pb2.OpenDeadlineRequest(
                context=context, kind=privacy_service_pb2.RIGHTS_REQUEST_KIND_ACCESS,
                received_on=received.date().isoformat()), timeout=PATIENCE)

        with self.channel_of("p1") as channel:
            privacy = privacy_service_pb2_grpc.PrivacyServiceStub(channel)
            enter(0)  # due in a month
            enter(26)  # in two to five days
            enter(60)  # long ago
        self.assertEqual(self.value("paxid_deadlines_open"), 3)
        self.assertEqual(self.value("paxid_deadlines_due_soon"), 1)
        self.assertEqual(self.value("paxid_deadlines_overdue"), 1)

    def test_what_is_exported_is_documented_and_what_is_used_exists(self):
        self.use()
        self.wait_until(lambda: "paxid_checkpoint_age_seconds" in self.page())
        exported = {name for name, _ in TYPE.findall(self.page())}
        documented = set(NAME.findall((ROOT / "docs/operation.md").read_text()))
        self.assertEqual(exported, documented)
        runbook = (ROOT / "ops/runbook.md").read_text()
        for file in sorted((ROOT / "ops/monitoring").iterdir()):
            text = file.read_text()
            used = {DERIVED.sub("", name) if name not in exported else name
                    for name in NAME.findall(text)}
            self.assertGreater(len(used), 10, file)
            self.assertLessEqual(used, exported, file)
            for alert in re.findall(r"- alert: (\w+)", text):
                self.assertIn(f"`{alert}`", runbook)
        json.loads((ROOT / "ops/monitoring/dashboard.json").read_text())

    def test_top_shows_the_same(self):
        paxid = pathlib.Path(SERVER).parent / "paxid"
        asked = [paxid, "top", "--metrics", self.metrics, "--once", "--every", "0.1"]
        self.use()
        shown = json.loads(subprocess.run([*asked, "--json"], check=True, capture_output=True,
                                          timeout=PATIENCE).stdout)
        self.assertEqual(shown["logs"], {"demo": 5})
        self.assertEqual(shown["gauges"]["paxid_ready"], 1)
        card = subprocess.run(asked, check=True, capture_output=True, text=True,
                              timeout=PATIENCE).stdout
        self.assertIn("READY", card)
        self.assertIn("Verification.Verify", card)
        missing = subprocess.run([paxid, "top", "--metrics", "127.0.0.1:1", "--once"],
                                 capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("listen.metrics_address", missing.stderr)


if __name__ == "__main__":
    main()
