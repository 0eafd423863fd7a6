"""I-06, I-07: texts that attack whoever stores, prints or opens them, and bodies without measure."""

import csv
import http.client
import io
import json
import socket
import ssl
import time
import unittest

from deployment import BATCHES, SERVICES, Deployment, dumps, posting_set, random_id
from payments import COMMAND, DELETE, PAYMENTS, STUDENTS, Office, unscheduled

ATTACKS = [
    "'; DROP TABLE ledger_entry; --",
    '" OR 1=1 --',
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "<script>alert(1)</script>",
    "{{7*7}}${jndi:ldap://x}%n%s",
    "../../../../etc/passwd",
    "\u202eevil\u202c",
    "a\tb",
    '","level":"critical","forged":"',
]
HEADER_ATTACKS = ["x' OR '1'='1", '","forged":"yes', "a\tb", "%0d%0aSet-Cookie: x=1", "=1+1"]


class HostileTexts(unittest.TestCase):
    """Every text field of every door: stored as it is or refused by its name, never anything else."""

    @classmethod
    def setUpClass(cls):
        cls.bursar = Deployment().start()
        cls.office = Office(cls.bursar).load()

    @classmethod
    def tearDownClass(cls):
        cls.bursar.stop()

    def tearDown(self):
        """The books are whole, and each line of each log is one JSON object of the service's own."""
        self.assertEqual(self.bursar.trial_balance()["difference"], 0)
        for service in SERVICES:
            for line in (self.bursar.state / "log" / f"{service}.log").read_text().splitlines():
                entry = json.loads(line)
                self.assertNotIn("forged", entry)
                self.assertNotEqual(entry["level"], "critical", line)

    def check(self, reply, field):
        """Refused by the field's name; anything else but a success is a fault."""
        self.assertIn(reply.status, (400, 422), (field, reply))
        self.assertIn(field, reply.body.decode(), reply)

    def test_i_06_the_texts_of_a_set(self):
        header = ["source_batch_id", "batch_name"]
        rows = ["source_transaction_id", "description", "account_id", "detail_code"]
        for attack in ATTACKS:
            for field in header + rows:
                document = posting_set([(random_id(), "100005", "A484", "1")], "TRIAL")
                place = document if field in header else document["transactions"][0]
                place[field] = attack
                with self.subTest(attack=attack, field=field):
                    reply = self.bursar.submit(document)
                    if reply.status != 202:
                        self.check(reply, field)
                        continue
                    result = self.bursar.finish(reply.headers["location"])["message"]
                    shown = result if field in header else result["transactions"][0]
                    if field in header:
                        self.assertEqual(shown[field], attack)
                    elif result["transactions"]:
                        # Account ids are kept in capitals.
                        kept = attack.upper() if field == "account_id" else attack
                        self.assertEqual(shown[field], kept)
                    else:
                        self.assertEqual(len(result["failures"]), 1)

    def test_i_06_the_texts_of_payments(self):
        person = self.office.vendor_review
        for attack in ATTACKS:
            for field in ("username", "account_id", "description", "payment_type"):
                body = {**person.payment("station-6", "1.00"), field: attack}
                with self.subTest(attack=attack, field=field):
                    reply = person.call("POST", PAYMENTS, body)
                    if reply.status == 201:
                        number = reply.json()["payment_id"]
                        read = person.call("GET", f"{PAYMENTS}/{number}").json()
                        self.assertEqual(read.get(field, attack), attack)
                    else:
                        self.assertIn(reply.status, (400, 403, 404, 422), reply)
            with self.subTest(attack=attack, field="payload"):
                payload = unscheduled(STUDENTS[40], "1.00")
                strings = [key for key, value in payload.items() if isinstance(value, str)]
                for field in strings:
                    reply = self.office.boss.call(
                        "POST", COMMAND, {"payload": {**payload, field: attack}}
                    )
                    self.assertIn(reply.status, (200, 400, 422), (field, reply))
            with self.subTest(attack=attack, field="reason"):
                reply = self.office.boss.call(
                    "POST", DELETE, {"username": attack, "reason": attack, "dry_run": True}
                )
                self.assertLess(reply.status, 500, reply)

    def test_i_06_names_of_reference_data_and_the_report(self):
        """A name that a spreadsheet would run is marked as text in every CSV, and JSON keeps it."""
        for number, attack in enumerate(ATTACKS):
            with self.subTest(attack):
                out = io.StringIO()
                csv.writer(out).writerows(
                    [["fund_source_id", "name", "kind"], [9900 + number, attack, "non_federal"]]
                )
                done = self.bursar.bursar(
                    "import", "fund-sources", "-", "--format", "csv", stdin=out.getvalue()
                )
                self.assertIn(done.returncode, (0, 2, 3), (done.stdout, done.stderr))
        report = self.office.boss.call(
            "GET", "/api/reports/90-10?campus_id=901&fiscal_year=2026&format=csv"
        )
        self.assertLess(report.status, 500, report)
        for row in csv.reader(io.StringIO(report.body.decode())):
            for cell in row:
                self.assertNotIn(cell[:1], ("=", "@", "\t"), row)

    def test_i_06_headers_and_filters(self):
        rows = [(random_id(), "100005", "A484", "1")]
        for attack in HEADER_ATTACKS:
            for header in ("Idempotency-Key", "X-Request-Id", "User-Agent", "Traceparent", "Accept"):
                with self.subTest(attack=attack, header=header):
                    reply = self.bursar.submit(posting_set(rows, "TRIAL"), headers={header: attack})
                    self.assertIn(reply.status, (202, 400, 406), reply)
                    self.assertNotIn("set-cookie", reply.headers)
        for attack in ATTACKS:
            for field in ("source_batch_id", "batch_name", "status", "continuation_key", "pagesize"):
                with self.subTest(attack=attack, filter=field):
                    value = "".join(f"%{byte:02x}" for byte in attack.encode())
                    reply = self.bursar.call("GET", f"{BATCHES}?{field}={value}")
                    self.assertIn(reply.status, (200, 400), reply)


class BodiesWithoutMeasure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bursar = Deployment().start()
        cls.bursar.token()

    @classmethod
    def tearDownClass(cls):
        cls.bursar.stop()

    def open(self, *headers):
        host, port = self.bursar.address
        raw = socket.create_connection((host, port), 30)
        link = self.bursar.tls().wrap_socket(raw, server_hostname=host)
        self.addCleanup(link.close)
        lines = [f"POST {BATCHES} HTTP/1.1", f"Host: {host}:{port}",
                 f"Authorization: Bearer {self.bursar.token()}",
                 "Content-Type: application/json", *headers, "", ""]
        link.sendall("\r\n".join(lines).encode())
        return link

    def answer(self, link):
        reply = http.client.HTTPResponse(link)
        reply.begin()
        return reply.status

    def pour(self, link, pieces):
        """Sends until the pieces end or the edge has heard enough."""
        for piece in pieces:
            try:
                link.sendall(piece)
            except (OSError, ssl.SSLError):
                break

    def test_i_07_no_transactions(self):
        reply = self.bursar.submit(posting_set([], "TRIAL"))
        self.assertEqual(reply.status, 400, reply)
        self.assertIn("transactions", reply.body.decode())

    def test_i_07_a_hundred_megabytes_announced(self):
        link = self.open(f"Content-Length: {100 << 20}")
        self.assertEqual(self.answer(link), 413)

    def test_i_07_a_million_transactions_in_chunks(self):
        """180 MB whose length nobody announced: refused once the limit is passed."""
        row = dumps(posting_set([("T0000000000000000", "100005", "A484", "1")])["transactions"][0])
        piece = ((row + ",") * 1_000).encode()
        chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
        link = self.open("Transfer-Encoding: chunked")
        self.pour(link, [chunk] * 1_000)
        self.assertEqual(self.answer(link), 413)

    def test_i_07_chunks_that_never_end(self):
        """A byte now and then, for ever: the edge gives up within its grace, and lives."""
        link = self.open("Transfer-Encoding: chunked")
        began = time.monotonic()
        while time.monotonic() - began < 40:
            try:
                link.sendall(b"1\r\n \r\n")
            except (OSError, ssl.SSLError):
                break
            time.sleep(0.5)
        self.assertLess(time.monotonic() - began, 30)
        rows = [(random_id(), "100005", "A484", "1")]
        self.assertEqual(self.bursar.post(posting_set(rows, "TRIAL"))["status"], "complete")


if __name__ == "__main__":
    unittest.main()
