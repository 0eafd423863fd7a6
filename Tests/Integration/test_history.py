"""The history of posting sets: filters (S1-27, A1-14 to A1-18) and paging (A1-22)."""

import unittest
from datetime import datetime, timezone
from decimal import Decimal

from deployment import BATCHES, posting_set, random_id, shared


class History(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bursar = shared()
        cls.source_batch = random_id("RUN")
        cls.good = cls.bursar.post(
            posting_set([(random_id(), "100010", "A484", "7.25")], "COMMIT",
                        source_batch_id=cls.source_batch, batch_name="good one")
        )["message"]
        cls.bad = cls.bursar.post(
            posting_set([("BAD" + cls.source_batch, "100010", "AX84", "1"), (random_id(), "99999", "A484", "2")],
                        "TRIAL", source_batch_id=cls.source_batch, batch_name="bad one",
                        accounting_date="2026-03-04")
        )["message"]

    def found(self, query):
        reply = self.bursar.call("GET", f"{BATCHES}?source_batch_id={self.source_batch}&{query}")
        self.assertEqual(reply.status, 200, reply)
        return [one["batch_id"] for one in reply.json()]

    def test_s1_28_newest_first(self):
        self.assertEqual(self.found(""), [self.bad["batch_id"], self.good["batch_id"]])

    def test_s1_27_every_filter(self):
        good, bad = self.good["batch_id"], self.bad["batch_id"]
        today = datetime.now(timezone.utc).astimezone().strftime("%Y-%m-%d")
        for query, expected in [
            (f"batch_id={good}", [good]), ("status=success", [good]), ("status=failure", [bad]),
            ("billing_type=BANNER", [bad, good]), ("posting_type=TRIAL", [bad]),
            ("batch_name=good%20one", [good]), ("accounting_date=2026-03-04", [bad]),
            ("record_count=2", [bad]), ("total_amount=7.25", [good]), ("total_amount=3", [bad]),
            ("total_amount=3.00", [bad]), ("transactions_loaded=1", [bad, good]),
            ("source_name=SYSTEM_XYZ", [bad, good]),
            ("source_name=OTHER&source_name=SYSTEM_XYZ", [bad, good]), ("source_name=OTHER", []),
            (f"failures=BAD{self.source_batch}", [bad]), ("failures=100010", [bad]),
            ("transactions=99999", [bad]), ("unknown=1", [bad, good]),
            ("submit_date=1999-01-01", []),
        ]:
            with self.subTest(query):
                self.assertEqual(self.found(query), expected)

    def test_a1_16_a_value_of_the_wrong_type(self):
        for query in ["record_count=x", "total_amount=1.2.3", "submit_date=yesterday",
                      "transactions_loaded=one", "pagesize=0", "pagesize=x"]:
            with self.subTest(query):
                reply = self.bursar.call("GET", f"{BATCHES}?{query}")
                self.assertEqual(reply.status, 400, reply)

    def test_a1_22_pages_keep_their_found_set(self):
        run = random_id("PAGE")
        made = [
            self.bursar.post(posting_set([(random_id(), "99999", "A484", "1")], "TRIAL",
                                         source_batch_id=run))["message"]["batch_id"]
            for _ in range(5)
        ]
        path = f"{BATCHES}?source_batch_id={run}&pagesize=2"
        reply = self.bursar.call("GET", path)
        seen = [one["batch_id"] for one in reply.json()]
        self.assertEqual(reply.headers["x-count"], "5")
        self.bursar.post(posting_set([(random_id(), "99999", "A484", "1")], "TRIAL",
                                     source_batch_id=run))
        while True:
            key = reply.headers["x-request-id"]
            reply = self.bursar.call("GET", f"{path}&continuation_key={key}")
            self.assertEqual(reply.status, 200, reply)
            page = [one["batch_id"] for one in reply.json()]
            if not page:
                break
            seen += page
        self.assertEqual(seen, list(reversed(made)))


if __name__ == "__main__":
    unittest.main()
