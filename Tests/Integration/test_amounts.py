"""Amounts from wire to wire: exact, or refused with the field's pointer (A1-5, I-02, I-03)."""

import unittest
from decimal import Decimal

from deployment import BATCHES, dumps, posting_set, random_id, shared


class Amounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bursar = shared()

    def body(self, amount, total=None):
        """A set of one transaction whose amount is this text."""
        document = posting_set([(random_id(), "100002", "A484", "1")], "TRIAL")
        document["transactions"][0]["amount"] = "@amount@"
        document["total_amount"] = "@total@"
        text = dumps(document).replace('"@amount@"', amount)
        return text.replace('"@total@"', total if total is not None else amount)

    def test_exact_amounts(self):
        for text, value in [
            ("0.1", "0.1"), ("0.3", "0.3"), ("1e2", "100"), ("1E+2", "100"), ("100e-2", "1"),
            ("12345678901234.56", "12345678901234.56"), ("-5", "-5"), ("1.10", "1.1"),
            ("1.100", "1.1"), ("92233720368547758.07", "92233720368547758.07"),
            ("-92233720368547758.07", "-92233720368547758.07"),
            ("9007199254740993", "9007199254740993"),
        ]:
            with self.subTest(text):
                task = self.bursar.post(self.body(text))
                self.assertEqual(task["message"]["total_amount"], Decimal(value))
                self.assertEqual(task["message"]["transactions"][0]["amount"], Decimal(value))

    def test_i_02_refused_amounts_name_the_field(self):
        for text in ["1.999", '"5"', "1E400", "0.001", "1e-3", "9223372036854775808",
                     "18446744073709551616", "null", "true", "[1]", "{}"]:
            with self.subTest(text):
                reply = self.bursar.submit(self.body(text, "1"))
                self.assertEqual(reply.status, 400, reply)
                fields = [error["field"] for error in reply.json()["errors"]]
                self.assertEqual(fields, ["/transactions/0/amount"])
                self.assertIn("request_id", reply.json())

    def test_i_02_text_that_is_no_json_is_refused(self):
        for text in ["NaN", "01", "1.", "+1", ".5", "--1", "Infinity", "1e", "0x10"]:
            with self.subTest(text):
                reply = self.bursar.submit(self.body(text, "1"))
                self.assertEqual(reply.status, 400, reply)
                self.assertTrue(reply.json()["errors"])

    def test_zero_is_a_failure_of_its_transaction(self):
        for text in ["0", "0.00", "-0"]:
            with self.subTest(text):
                task = self.bursar.post(self.body(text))
                self.assertEqual(task["status"], "error")
                self.assertEqual(len(task["message"]["failures"]), 1)

    def test_a_tenth_and_two_tenths_make_three_tenths(self):
        rows = [(random_id(), "100003", "A484", "0.1"), (random_id(), "100003", "A484", "0.2")]
        before = self.bursar.balance("100003")
        task = self.bursar.post(posting_set(rows, total_amount=Decimal("0.3")))
        self.assertEqual(task["status"], "complete")
        self.assertEqual(self.bursar.balance("100003"), before + Decimal("0.3"))

    def test_i_03_a_sum_beyond_64_bits_is_refused_and_nothing_falls(self):
        most = "92233720368547758.07"
        document = posting_set([(random_id(), "100004", "A484", most) for _ in range(3)])
        document["total_amount"] = Decimal(most)
        task = self.bursar.post(document)
        self.assertEqual(task["status"], "error")
        self.assertEqual(task["message"]["transactions_loaded"], 0)
        self.assertEqual(self.bursar.balance("100004"), 0)

    def test_i_01_duplicate_keys_are_refused(self):
        plain = self.body("1").replace('"amount"', '"amount": 2, "amount"', 1)
        escaped = self.body("1").replace('"amount"', '"am\\u006funt": 2, "amount"', 1)
        header = self.body("1").replace('"batch_name"', '"batch_name": "x", "batch_name"', 1)
        for text in (plain, escaped, header):
            reply = self.bursar.submit(text)
            self.assertEqual(reply.status, 400, reply)

    def test_i_04_odd_text_is_refused(self):
        good = self.body("1").encode()
        for bad in [b"\xef\xbb\xbf" + good, good.decode().encode("utf-16"),
                    good.replace(b"integration", b"\xc0\xaf"), good.replace(b"integration", b"\x00"),
                    good.replace(b"integration", b"\\ud800"), good + b"x", good[:-1], b""]:
            with self.subTest(bad[:20]):
                reply = self.bursar.submit(bad)
                self.assertEqual(reply.status, 400, reply)

    def test_every_fault_is_reported_at_once(self):
        document = posting_set(
            [(random_id(), "100005", "A484", "1"), (random_id(), "100005", "A484", "1")]
        )
        document["billing_type"] = "OTHER"
        document["accounting_date"] = "30 Feb"
        document["surprise"] = 1
        document["transactions"][1]["amount"] = "5"
        del document["transactions"][0]["description"]
        reply = self.bursar.submit(document)
        self.assertEqual(reply.status, 400)
        self.assertEqual(
            sorted(error["field"] for error in reply.json()["errors"]),
            ["/accounting_date", "/billing_type", "/surprise", "/transactions/0/description",
             "/transactions/1/amount"],
        )


if __name__ == "__main__":
    unittest.main()
