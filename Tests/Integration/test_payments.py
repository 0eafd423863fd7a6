"""Seed 000: payments in batches, one for each username and date (rows S0-3 to S0-16, A0-1 to A0-9)."""

import random
import unittest
from collections import Counter, defaultdict
from decimal import Decimal

from deployment import random_id
from payments import (CLOSE, DELETE, PAYMENT_BATCHES, PAYMENTS, TODAY, at_once, shared_office)

TYPES = "CEHIRO"


def fields(reply):
    """The JSON pointers of the faults that an answer names."""
    return sorted(error["field"] for error in reply.json()["errors"])


class Payments(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = shared_office()
        cls.vendor = cls.office.vendor_review

    def test_s0_3_two_hundred_payments_at_once_make_ten_batches(self):
        """16 clients, 10 (username, date) pairs: invariant 1 of 1.6, A0-9."""
        dice = random.Random(20261125)
        stem = random_id("station-")
        pairs = [(f"{stem}-{number % 5}", f"2026-03-0{number // 5 + 1}") for number in range(10)]
        rows = [
            (*pairs[number % 10], Decimal(dice.randint(1, 1_000_000)) / 100, dice.choice(TYPES),
             str(dice.randint(100100, 104999)))
            for number in range(200)
        ]
        dice.shuffle(rows)
        replies = at_once([
            lambda row=row: self.vendor.pay(
                row[0], str(row[2]), date=row[1], payment_type=row[3], account=row[4]
            )
            for row in rows
        ])
        batches = defaultdict(set)
        expected = defaultdict(list)
        for row, reply in zip(rows, replies):
            self.assertEqual((reply["life_cycle_step"], reply["status"]), (10, "Open"))
            batches[row[:2]].add(reply["batch_id"])
            expected[reply["batch_id"]].append((reply["payment_id"], row))
        self.assertEqual([len(one) for one in batches.values()], [1] * 10)
        self.assertEqual(len(expected), 10)
        self.assertEqual(len({reply["payment_id"] for reply in replies}), 200)
        for (username, date), (batch,) in batches.items():
            found = self.vendor.all(f"{PAYMENT_BATCHES}?username={username}&date={date}")
            self.assertEqual([one["batch_id"] for one in found], [batch])
            one = self.vendor.get(batch)
            self.assertEqual((one["username"], one["date"]), (username, date))
            self.assertEqual((one["life_cycle_step"], one["count"]), (10, 20))
            total = sum((row[2] for _, row in expected[batch]), Decimal(0))
            self.assertEqual(Decimal(one["total"]), total)
            self.check_tenders(one, [row for _, row in expected[batch]])
            listed = {row["payment_id"]: row for row in self.vendor.payments(batch)}
            self.assertEqual(set(listed), {number for number, _ in expected[batch]})
            for number, row in expected[batch]:
                self.assertEqual(
                    (listed[number]["account_id"], Decimal(listed[number]["amount"]),
                     listed[number]["payment_type"], listed[number]["batch_id"]),
                    (row[4], row[2], row[3], batch),
                )

    def check_tenders(self, batch, rows):
        totals, counts = Counter(), Counter()
        for row in rows:
            totals[row[3]] += row[2]
            counts[row[3]] += 1
        found = {
            one["payment_type"]: (one["count"], Decimal(one["total"])) for one in batch["tenders"]
        }
        self.assertEqual(found, {one: (counts[one], totals[one]) for one in totals})

    def test_s0_7_after_closing_the_next_payment_opens_a_new_batch(self):
        username = random_id("clerk-")
        first = self.vendor.batch(username=username)
        closed = self.vendor.call("POST", CLOSE, {"username": username, "date": TODAY})
        self.assertEqual(closed.status, 200, closed)
        self.assertEqual(closed.json()["batch_id"], first)
        second = self.vendor.pay(username)["batch_id"]
        self.assertNotEqual(first, second)
        self.assertEqual(self.vendor.pay(username)["batch_id"], second)
        found = self.vendor.all(f"{PAYMENT_BATCHES}?username={username}&date={TODAY}")
        self.assertEqual(
            [(one["batch_id"], one["life_cycle_step"]) for one in found],
            [(second, 10), (first, 20)],
        )

    def test_a0_7_close_by_key_or_number_is_idempotent(self):
        username = random_id("clerk-")
        batch = self.vendor.batch(("3.10", "4.20"), username)
        for body in ({"username": username, "date": TODAY}, {"batch_id": batch},
                     {"username": username, "date": TODAY}):
            with self.subTest(body):
                reply = self.vendor.call("POST", CLOSE, body)
                self.assertEqual(reply.status, 200, reply)
                answer = reply.json()
                self.assertEqual(
                    (answer["batch_id"], answer["life_cycle_step"], answer["status"],
                     answer["count"], Decimal(answer["total"])),
                    (batch, 20, "In Review", 2, Decimal("7.30")),
                )
        closes = [row for row in self.vendor.history(batch) if row["action"] == "close"]
        self.assertEqual(len(closes), 1)

    def test_a0_7_close_of_nothing_and_of_an_empty_batch(self):
        missing = self.vendor.call("POST", CLOSE, {"batch_id": 2 ** 40})
        self.assertEqual(missing.status, 404, missing)
        missing = self.vendor.call("POST", CLOSE, {"username": random_id(), "date": TODAY})
        self.assertEqual(missing.status, 404, missing)
        batch = self.vendor.batch()
        self.assertEqual(self.vendor.delete(batch_id=batch).status, 200)
        empty = self.vendor.close(batch)
        self.assertEqual(empty.status, 409, empty)
        self.assertEqual(
            (empty.json()["status"], empty.json()["life_cycle_step"], empty.json()["action"]),
            ("Open", 10, "close"),
        )

    def test_a0_8_only_the_creator_or_a_level_of_all_closes(self):
        batch = self.vendor.batch()
        self.assertEqual(self.office.vendor_released.close(batch).status, 403)
        self.assertEqual(self.vendor.get(batch)["status"], "Open")
        self.assertEqual(self.office.checker_one.close(batch).status, 200)

    def test_a0_2_the_default_date_is_today(self):
        body = self.vendor.payment(random_id("clerk-"))
        del body["date"]
        reply = self.vendor.call("POST", PAYMENTS, body)
        self.assertEqual(reply.status, 201, reply)
        self.assertEqual(self.vendor.get(reply.json()["batch_id"])["date"], TODAY)

    def test_1_7_a_malformed_body_names_every_fault(self):
        good = self.vendor.payment(random_id("clerk-"))
        for change, expected in [
            ({"amount": None}, ["/amount"]), ({"amount": "1.00"}, ["/amount"]),
            ({"amount": 0}, ["/amount"]), ({"amount": -5}, ["/amount"]),
            ({"amount": Decimal("1.001")}, ["/amount"]), ({"payment_type": "Z"}, ["/payment_type"]),
            ({"payment_type": "c"}, ["/payment_type"]), ({"date": "2026-02-30"}, ["/date"]),
            ({"date": 20260201}, ["/date"]), ({"username": ""}, ["/username"]),
            ({"username": None}, ["/username"]), ({"account_id": None}, ["/account_id"]),
            ({"colour": "red"}, ["/colour"]),
            ({"amount": "x", "payment_type": "?", "colour": 1, "username": 7},
             ["/amount", "/colour", "/payment_type", "/username"]),
        ]:
            with self.subTest(change):
                body = {**good, **change}
                body = {name: value for name, value in body.items() if value is not None}
                reply = self.vendor.call("POST", PAYMENTS, body)
                self.assertIn(reply.status, (400, 422), reply)
                self.assertEqual(fields(reply), expected, reply)
                for error in reply.json()["errors"]:
                    self.assertTrue(error["code"] and error["message"], error)
        found = self.vendor.all(f"{PAYMENT_BATCHES}?username={good['username']}")
        self.assertEqual(found, [])
        for body in ("", "{", "[]", '{"amount":1}{}', '{"amount":1,"amount":2}'):
            with self.subTest(body):
                reply = self.vendor.call("POST", PAYMENTS, body)
                self.assertEqual(reply.status, 400, reply)

    def test_amounts_at_the_edge_of_what_can_be_held(self):
        """No sum is ever wrapped or rounded: what does not fit is refused and changes nothing."""
        username, largest = random_id("clerk-"), "92233720368547758.07"
        before = self.vendor.balance("100779")
        for amount in ("92233720368547758.08", "1e30", "99999999999999999999"):
            with self.subTest(amount):
                text = '{"username":"%s","account_id":"100779","amount":%s,"payment_type":"C"}'
                reply = self.vendor.call("POST", PAYMENTS, text % (username, amount))
                self.assertEqual(reply.status, 400, reply)
        body = self.vendor.payment(username, largest, account="100779")
        first = self.vendor.call("POST", PAYMENTS, body)
        if first.status == 201:  # then no second one has room
            second = self.vendor.call("POST", PAYMENTS, self.vendor.payment(username, account="100780"))
            self.assertEqual(second.status, 422, second)
            batch = self.vendor.get(first.json()["batch_id"])
            self.assertEqual((batch["count"], Decimal(batch["total"])), (1, Decimal(largest)))
            self.assertEqual(self.vendor.delete(batch_id=batch["batch_id"]).status, 200)
        else:
            self.assertIn(first.status, (400, 422), first)
        self.vendor.settles("100779", before)

    def test_an_account_that_takes_no_payments(self):
        """Alert codes block, warning codes warn, inactive accounts have no transactions."""
        self.office.load_file(
            "accounts", ["account_id", "name", "inactive", "alert_code", "warning_code"],
            [("880001", "Inactive", True, "", ""), ("880002", "Alert", False, "LEGAL", ""),
             ("880003", "Warning", False, "", "CALL")],
        )
        username = random_id("clerk-")
        for account in ("880001", "880002", "no-such-account"):
            with self.subTest(account):
                body = self.vendor.payment(username, account=account)
                reply = self.vendor.call("POST", PAYMENTS, body)
                self.assertEqual(reply.status, 422, reply)
                self.assertEqual(fields(reply), ["/account_id"])
        self.assertEqual(self.vendor.all(f"{PAYMENT_BATCHES}?username={username}"), [])
        warned = self.vendor.pay(username, account="880003")
        self.assertEqual(len(warned["warnings"]), 1)
        self.assertIn("CALL", str(warned["warnings"][0]))

    def test_s0_4_a_payment_is_in_the_ledger_once(self):
        before = self.vendor.balance("100777")
        made = self.vendor.pay(random_id("clerk-"), "12.34", account="100777", payment_type="H",
                               check_number="2001", description="March dues")
        self.vendor.settles("100777", before - Decimal("12.34"))
        row = self.vendor.payments(made["batch_id"])[0]
        self.assertEqual(
            (row["payment_id"], row["state"], row["payment_type"], row["check_number"],
             row["description"]),
            (made["payment_id"], "NonPosted", "H", "2001", "March dues"),
        )

    def test_idempotency_of_payments_and_closes(self):
        username, key = random_id("clerk-"), random_id("K")
        body = self.vendor.payment(username, "5.00", account="100778")
        before = self.vendor.balance("100778")
        replies = at_once([lambda: self.vendor.call("POST", PAYMENTS, body, key=key)] * 16)
        made = [reply for reply in replies if reply.status == 201]
        self.assertTrue(made)
        for reply in replies:  # T-01: one effect, identical answers, or 409 while the first runs
            self.assertIn(reply.status, (201, 409), reply)
        self.assertEqual(len({reply.body for reply in made}), 1)
        again = self.vendor.call("POST", PAYMENTS, body, key=key)
        self.assertEqual((again.status, again.body), (201, made[0].body))
        self.assertEqual(again.headers.get("idempotent-replayed"), "true")
        other = self.vendor.call("POST", PAYMENTS, {**body, "amount": Decimal("6.00")}, key=key)
        self.assertEqual(other.status, 422, other)
        batch = made[0].json()["batch_id"]
        self.assertEqual(self.vendor.get(batch)["count"], 1)
        self.vendor.settles("100778", before - 5)

        key = random_id("K")
        first = self.vendor.close(batch, key=key)
        self.assertEqual(first.status, 200, first)
        second = self.vendor.close(batch, key=key)
        self.assertEqual((second.status, second.body), (200, first.body))
        other = self.vendor.call("POST", CLOSE, {"username": username, "date": TODAY}, key=key)
        self.assertEqual(other.status, 422, other)
        # T-04: the same key of another account is another key.
        theirs = self.office.vendor_none.call("POST", PAYMENTS, body, key=key)
        self.assertEqual(theirs.status, 201, theirs)

    def test_filters_and_pages_of_batches(self):
        username = random_id("pages-")
        made = []
        for number in range(5):
            day = f"2026-02-0{number + 1}"
            made.append(self.vendor.batch(("1.00",), username, date=day, department=f"D{number % 2}",
                                          deposit_number=f"DEP{number}"))
        self.vendor.close(made[0])
        for query, expected in [
            ("", made[::-1]), ("&date=2026-02-03", [made[2]]), ("&status=Open", made[:0:-1]),
            ("&life_cycle_step=20", [made[0]]), ("&status=In%20Review", [made[0]]),
            ("&department=D1", [made[3], made[1]]), ("&deposit_number=DEP4", [made[4]]),
            ("&from=2026-02-02&to=2026-02-03", [made[2], made[1]]), ("&kind=reversal", []),
            (f"&batch_id={made[1]}", [made[1]]),
        ]:
            with self.subTest(query):
                reply = self.vendor.call("GET", f"{PAYMENT_BATCHES}?username={username}{query}")
                self.assertEqual(reply.status, 200, reply)
                self.assertEqual([one["batch_id"] for one in reply.json()], expected)
                self.assertEqual(reply.headers["x-count"], str(len(expected)))
        path = f"{PAYMENT_BATCHES}?username={username}&pagesize=2"
        reply, seen = self.vendor.call("GET", path), []
        for _ in range(4):  # as in the history of posting sets: until a page is empty
            page = [one["batch_id"] for one in reply.json()]
            if not page:
                break
            seen += page
            key = reply.headers["x-request-id"]
            reply = self.vendor.call("GET", f"{path}&continuation_key={key}")
            self.assertEqual(reply.status, 200, reply)
        self.assertEqual(seen, made[::-1])
        for query in ("date=yesterday", "pagesize=0", "life_cycle_step=15", "status=Lost"):
            with self.subTest(query):
                reply = self.vendor.call("GET", f"{PAYMENT_BATCHES}?{query}")
                self.assertEqual(reply.status, 400, reply)

    def test_unknown_batches_and_missing_scopes(self):
        for path in (f"{PAYMENT_BATCHES}/{2 ** 40}", f"{PAYMENT_BATCHES}/{2 ** 40}/payments",
                     f"{PAYMENT_BATCHES}/{2 ** 40}/history", f"{PAYMENT_BATCHES}/x"):
            with self.subTest(path):
                reply = self.vendor.call("GET", path)
                self.assertEqual((reply.status, reply.body), (404, b'{"message":"Not Found"}'))
        weak = self.office.bursar.token(self.vendor.key, "api:accounts_receivable.accounts:read")
        body = self.vendor.payment(random_id("clerk-"))
        for method, path, one in [
            ("POST", PAYMENTS, body), ("POST", CLOSE, {"batch_id": 1}),
            ("POST", DELETE, {"dry_run": True, "batch_id": 1}), ("GET", PAYMENT_BATCHES, None),
            ("POST", f"{PAYMENT_BATCHES}/1/release", {}), ("POST", f"{PAYMENT_BATCHES}/1/approve", {}),
            ("POST", "/api/AR/v1/journal", {"batch_ids": [1]}),
            ("POST", f"{PAYMENTS}/1/reverse", {"reason_code": "ERROR"}),
        ]:
            with self.subTest(path):
                reply = self.office.bursar.call(method, path, one, token=weak)
                self.assertEqual((reply.status, reply.body), (403, b'{"message":"Forbidden"}'))

    def test_the_demo_shows_a_batch_at_step_40(self):
        found = self.vendor.all(f"{PAYMENT_BATCHES}?life_cycle_step=40&username=cashier1")
        self.assertTrue(found)
        actions = [row["action"] for row in self.vendor.history(found[-1]["batch_id"])]
        for action in ("close", "release", "post"):
            self.assertIn(action, actions)

    def test_1_6_every_money_change_has_an_audit_row(self):
        made = self.vendor.pay(random_id("clerk-"))
        rows = self.office.audit(
            lambda row: str(made["payment_id"]) in row["subject"].split("/")[-1].split()
            and "payment" in row["action"] + row["subject"]
        )
        self.assertEqual(rows[0]["actor"], self.vendor.name)


if __name__ == "__main__":
    unittest.main()
