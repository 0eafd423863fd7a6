"""The seed's main job, by curl over HTTP/2 and HTTP/1.1."""

import unittest
from decimal import Decimal

from deployment import BATCHES, eventually, posting_set, random_id, shared

SAMPLE = b"""{
    "source_batch_id": "SYSTEM_XYZ_BATCH_123",
    "billing_type": "BANNER",
    "posting_type": "TRIAL",
    "source_name": "SYSTEM_XYZ",
    "batch_name": "SYSTEM_XYZ work order billing",
    "accounting_date": "2018-02-01T04:00:00Z",
    "record_count": 2,
    "total_amount": 7797.94,
    "transactions": [
        {
            "source_transaction_id": "WO12345",
            "source_transaction_date": "2017-06-30T04:00:00Z",
            "account_id": 99999,
            "detail_code": "A484",
            "description": "This is a description",
            "amount": 1198.00
        },
        {
            "source_transaction_id": "WO12AAAA",
            "source_transaction_date": "2017-06-30T04:00:00Z",
            "account_id": 73491,
            "detail_code": "ABC123",
            "description": "This is a description",
            "amount": 6599.94
        }
    ]
}"""

RESULT_KEYS = [
    "source_batch_id", "batch_id", "status", "billing_type", "posting_type", "source_name",
    "batch_name", "accounting_date", "record_count", "total_amount", "transactions_loaded",
    "failures", "transactions",
]
TRANSACTION_KEYS = [
    "amount", "account_id", "detail_code", "source_transaction_id", "source_transaction_date",
    "description",
]
FAILURE_KEYS = [
    "account_id", "detail_code", "description", "reference_number", "amount", "error_message",
]


class MainJob(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bursar = shared()

    def submit_by_curl(self, version, body):
        reply, line = self.bursar.curl(
            version, "POST", BATCHES,
            "-H", "Authorization: Bearer " + self.bursar.token(),
            "-H", "Content-Type: application/json", "--data-binary", "@-", body=body,
        )
        self.assertTrue(line.startswith("HTTP/2" if version == "2" else "HTTP/1.1"), line)
        return reply

    def test_s1_12_the_sample_verbatim_over_both_versions(self):
        for version in ("2", "1.1"):
            with self.subTest(version):
                reply = self.submit_by_curl(version, SAMPLE)
                self.assertEqual(reply.status, 202)
                self.assertEqual(reply.body, b'{"status":"accepted"}')
                location = reply.headers["location"]
                self.assertRegex(location, r"^/api/tasks/[0-9a-f]{24}$")
                task = self.bursar.finish(location)
                self.assertEqual(list(task), ["status", "path", "message", "id"])
                self.assertEqual(task["status"], "complete")
                self.assertEqual(task["id"], location.rsplit("/", 1)[1])
                result = task["message"]
                self.assertEqual(
                    task["path"],
                    "/accounts_receivable/postings/batches/" + result["batch_id"],
                )
                self.check_result(result, "success", 2, Decimal("7797.94"), 0)
                one = self.bursar.call("GET", "/api" + task["path"])
                self.assertEqual(one.json(), result)
                self.assertEqual(list(one.json()), RESULT_KEYS)
                history = self.bursar.call("GET", BATCHES + "?batch_id=" + result["batch_id"])
                self.assertEqual(history.json(), [result])

    def check_result(self, result, status, loaded, total, failures):
        self.assertEqual(list(result), RESULT_KEYS)
        self.assertEqual(result["status"], status)
        self.assertIsInstance(result["batch_id"], str)
        self.assertEqual(result["transactions_loaded"], loaded)
        self.assertEqual(result["total_amount"], total)
        self.assertEqual(len(result["failures"]), failures)
        self.assertEqual(len(result["transactions"]), 2)
        for row in result["transactions"]:
            self.assertEqual(list(row), TRANSACTION_KEYS)
            self.assertIsInstance(row["account_id"], str)
        for row in result["failures"]:
            self.assertEqual(list(row), FAILURE_KEYS)

    def test_s1_22_and_s1_35_the_failing_sample(self):
        body = SAMPLE.replace(b'"A484"', b'"AX84"').replace(b"1198.00", b"1198.2")
        body = body.replace(b"7797.94", b"7798.14")
        task = self.bursar.finish(self.submit_by_curl("2", body).headers["location"])
        self.assertEqual(task["status"], "error")
        self.check_result(task["message"], "failure", 1, Decimal("7798.14"), 1)
        failure = task["message"]["failures"][0]
        self.assertEqual(failure["error_message"], "Invalid detail code: AX84")
        self.assertEqual(failure["reference_number"], "WO12345")
        self.assertEqual(failure["account_id"], "99999")
        self.assertEqual(failure["amount"], Decimal("1198.2"))

    def test_s1_36_amounts_are_printed_as_the_seed_prints_them(self):
        reply = self.submit_by_curl("2", SAMPLE)
        location = reply.headers["location"]
        self.bursar.finish(location)
        text = self.bursar.call("GET", location).body
        self.assertIn(b'"amount":1198.0,', text)
        self.assertIn(b'"amount":6599.94,', text)

    def test_trial_changes_nothing_and_commit_moves_balances(self):
        bursar = self.bursar
        before = bursar.balance("99999"), bursar.trial_balance(), len(bursar.entries())
        rows = [(random_id(), "99999", "A484", "10.10"), (random_id(), "99999", "PMT1", "4.05")]
        trial = bursar.post(posting_set(rows, "TRIAL"))
        self.assertEqual(trial["status"], "complete")
        after = bursar.balance("99999"), bursar.trial_balance(), len(bursar.entries())
        self.assertEqual(after, before)
        commit = bursar.post(posting_set(rows))
        self.assertEqual(commit["status"], "complete")
        self.assertEqual(bursar.balance("99999"), before[0] + Decimal("6.05"))
        self.assertEqual(Decimal(bursar.trial_balance()["difference"]), 0)
        again = bursar.post(posting_set(rows + [(random_id(), "73491", "ABC123", "1")]))
        self.assertEqual(again["status"], "error")
        self.assertEqual(
            [row["error_message"] for row in again["message"]["failures"]],
            ["Duplicate source transaction id: " + row[0] for row in rows],
        )
        self.assertEqual(again["message"]["transactions_loaded"], 1)
        self.assertEqual(bursar.balance("99999"), before[0] + Decimal("6.05"))
        self.assertEqual(Decimal(bursar.trial_balance()["difference"]), 0)

    def test_a1_2_a_header_mismatch_refuses_the_whole_set(self):
        rows = [(random_id(), "99999", "A484", "1.00")]
        for change in ({"record_count": 2}, {"total_amount": Decimal("1.01")}):
            task = self.bursar.post(posting_set(rows, **change))
            self.assertEqual(task["status"], "error")
            message = task["message"]
            self.assertEqual(message["transactions_loaded"], 0)
            self.assertEqual(message["failures"], [])
            self.assertEqual(list(message)[-1], "error_message")

    def test_a1_12_a_task_of_somebody_else_is_not_found(self):
        task = self.bursar.submit(posting_set([(random_id(), "99999", "A484", "1")], "TRIAL"))
        location = task.headers["location"]
        other = self.bursar.token(self.bursar.demo["BURSAR_OTHER_KEY"])
        for path in (location, location + "/progress"):
            reply = self.bursar.call("GET", path, token=other)
            self.assertEqual((reply.status, reply.body), (404, b'{"message":"Not Found"}'))
        reply = self.bursar.call("GET", "/api/tasks/" + "0" * 24)
        self.assertEqual((reply.status, reply.body), (404, b'{"message":"Not Found"}'))
        done = self.bursar.finish(location)
        reply = self.bursar.call("GET", "/api" + done["path"], token=other)
        self.assertEqual(reply.status, 404)

    def test_idempotency_key(self):
        key = {"Idempotency-Key": random_id("K")}
        rows = [(random_id(), "100001", "A484", "3.00")]
        before = self.bursar.balance("100001")
        first = self.bursar.submit(posting_set(rows), headers=key)
        second = self.bursar.submit(posting_set(rows), headers=key)
        self.assertEqual((first.status, second.status), (202, 202))
        self.assertEqual(first.headers["location"], second.headers["location"])
        self.assertEqual(second.headers.get("idempotent-replayed"), "true")
        self.assertNotIn("idempotent-replayed", first.headers)
        other = self.bursar.submit(posting_set([(random_id(), "100001", "A484", "4")]), headers=key)
        self.assertEqual(other.status, 422)
        self.assertEqual(self.bursar.finish(first.headers["location"])["status"], "complete")
        self.assertEqual(self.bursar.balance("100001"), before + 3)

    def test_progress_of_a_finished_task(self):
        reply = self.bursar.submit(posting_set([(random_id(), "99999", "A484", "1")], "TRIAL"))
        location = reply.headers["location"]
        self.bursar.finish(location)
        progress = self.bursar.call("GET", location + "/progress").json()
        self.assertEqual(progress, {"total": 1, "done": 1, "failed": 0, "attempt": 1})

    def test_progress_of_a_large_set_rises_to_its_total(self):
        rows = [(random_id(), str(100000 + i % 5000), "A484", "0.01") for i in range(30_000)]
        reply = self.bursar.submit(posting_set(rows, "TRIAL"))
        location = reply.headers["location"]
        task = self.bursar.finish(location, seconds=120)
        self.assertEqual(task["status"], "complete")
        self.assertEqual(len(task["message"]["transactions"]), 30_000)
        progress = eventually(lambda: self.bursar.call("GET", location + "/progress").json())
        self.assertEqual((progress["total"], progress["done"]), (30_000, 30_000))


if __name__ == "__main__":
    unittest.main()
