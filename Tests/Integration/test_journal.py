"""The Payments Journal: released batches to step 40 in one balanced journal (1.3, 1.5; row S0-16)."""

import unittest
from decimal import Decimal

from deployment import eventually, random_id
from payments import JOURNAL, PAYMENT_BATCHES, at_once, shared_office

# Of the periods that are loaded with the people: one is open, one is closed.
OPEN_DAY, CLOSED_DAY = "2019-01-15", "2019-02-15"


class Journal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = shared_office()
        cls.office.workflow(enabled=False)
        cls.vendor = cls.office.vendor_released
        cls.poster = cls.office.checker_one

    def released(self, *amounts, person=None, **more):
        """A batch at step 30."""
        person = person or self.vendor
        batch = person.batch(amounts or ("10.00",), **more)
        answer = person.close(batch).json()
        self.assertEqual(answer["status"], "Released", answer)
        return batch

    def entries_of(self, batch):
        """The ledger entries of a batch's payments."""
        numbers = {row["ledger_entry_id"] for row in self.vendor.payments(batch)}
        self.assertNotIn(None, numbers)
        return [row for number, row in self.office.ledger().items() if number in numbers]

    def check_journal(self, run, total):
        """Debits are credits are the total of the batches."""
        debits = sum((Decimal(line["debit"]) for line in run["lines"]), Decimal(0))
        credits = sum((Decimal(line["credit"]) for line in run["lines"]), Decimal(0))
        self.assertEqual((debits, credits), (total, total))
        self.assertEqual(Decimal(run["total"]), total)
        self.assertEqual(Decimal(self.office.bursar.trial_balance()["difference"]), 0)

    def test_a_proof_leaves_nothing_and_a_run_posts_everything(self):
        bursar = self.office.bursar
        batches = [self.released("10.00", "20.55"), self.released("0.45", date="2026-01-05")]
        total = Decimal("31.00")
        def picture():
            return (
                [self.vendor.get(one) for one in batches],
                [self.vendor.payments(one) for one in batches],
                bursar.trial_balance(), bursar.entries(),
            )
        for one in batches:
            eventually(lambda: all(row["ledger_entry_id"] for row in self.vendor.payments(one)), 10)
        before = picture()
        proof = self.poster.run(batches, proof=True)
        self.assertEqual((proof["status"], proof["proof"]), ("Posted", True), proof)
        self.assertEqual(proof["count"], 3)
        self.check_journal(proof, total)
        self.assertEqual(picture(), before)

        run = self.poster.run(batches)
        self.assertEqual((run["status"], run["proof"]), ("Posted", False), run)
        self.assertEqual(run["count"], 3)
        self.assertEqual(sorted(one["batch_id"] for one in run["batches"]), sorted(batches))
        self.check_journal(run, total)
        journals = set()
        for batch in batches:
            one = self.vendor.get(batch)
            self.assertEqual((one["life_cycle_step"], one["status"]), (40, "Posted"))
            self.assertEqual(one["posted_by"], self.poster.name)
            self.assertEqual({row["state"] for row in self.vendor.payments(batch)}, {"Posted"})
            journals.add(one["journal_id"])
            for entry in self.entries_of(batch):  # fed, and by this journal
                self.assertEqual(entry["journal_id"], one["journal_id"])
        self.assertEqual(len(journals), 1)  # one journal for the whole run
        after = bursar.trial_balance()
        self.assertEqual(Decimal(after["debits"]) - Decimal(before[2]["debits"]), total)
        self.assertEqual(Decimal(after["credits"]) - Decimal(before[2]["credits"]), total)

        again = self.poster.journal(batches)
        self.assertEqual(again.status, 409, again)
        self.assertEqual(again.json()["status"], "Posted")
        self.assertEqual(again.json()["action"], "post")
        self.assertEqual(bursar.trial_balance(), after)

    def test_many_runs_of_one_batch_at_once_post_it_once(self):
        batch = self.released("7.00")
        before = Decimal(self.office.bursar.trial_balance()["debits"])
        replies = at_once([lambda: self.poster.journal([batch])] * 8, 8)
        accepted = [reply for reply in replies if reply.status == 202]
        self.assertTrue(accepted, replies)
        for reply in replies:
            self.assertIn(reply.status, (202, 409), reply)
        runs = [self.poster.ended(reply.headers["location"]) for reply in accepted]
        self.assertEqual([run["status"] for run in runs].count("Posted"), 1, runs)
        self.assertEqual(self.vendor.get(batch)["life_cycle_step"], 40)
        self.assertEqual(Decimal(self.office.bursar.trial_balance()["debits"]) - before, 7)

    def test_unreleased_and_unknown_batches_are_refused_and_nothing_is_posted(self):
        good = self.released("1.00")
        opened = self.vendor.batch()
        reply = self.poster.journal([good, opened])
        self.assertEqual(reply.status, 409, reply)
        self.assertEqual(
            (reply.json()["status"], reply.json()["life_cycle_step"], reply.json()["action"]),
            ("Open", 10, "post"),
        )
        for bad in (2 ** 40, good):
            reply = self.poster.journal([good, bad])
            self.assertIn(reply.status, (400, 404, 422), reply)
        for body in ({"batch_ids": []}, {"batch_ids": ["x"]}, {}, {"batch_ids": [good], "colour": 1}):
            with self.subTest(body):
                reply = self.poster.call("POST", JOURNAL, body)
                self.assertEqual(reply.status, 400, reply)
        self.assertEqual(self.vendor.get(good)["status"], "Released")
        self.assertEqual(self.poster.run([good])["status"], "Posted")

    def test_a_closed_period_is_refused_and_the_permission_overrides(self):
        batch = self.released("9.00")
        for override in (None, True):
            more = {"gl_effective_date": CLOSED_DAY}
            if override:
                more["override_period"] = True
            reply = self.poster.journal([batch], **more)
            self.assertIn(reply.status, (202, 403, 422), reply)
            if reply.status == 202:
                run = self.poster.ended(reply.headers["location"])
                self.assertEqual(run["status"], "Failed", run)
                self.assertIn("period", str(run).lower())
            one = self.vendor.get(batch)
            self.assertEqual((one["life_cycle_step"], one["status"]), (30, "Released"))
            self.assertFalse(one.get("lock_owner"))
        run = self.office.poster_override.run(
            [batch], gl_effective_date=CLOSED_DAY, override_period=True
        )
        self.assertEqual(run["status"], "Posted", run)
        self.assertEqual(self.vendor.get(batch)["gl_effective_date"], CLOSED_DAY)
        other = self.released("9.00")
        run = self.poster.run([other], gl_effective_date=OPEN_DAY)
        self.assertEqual(run["status"], "Posted", run)

    def test_posting_levels(self):
        """Own: only one's own; Department: one's department's; All: everybody's."""
        own, department = self.office.vendor_released, self.office.poster_department
        theirs = self.released("1.00", person=self.office.checker_two, department="CENTRAL")
        north = self.released("1.00", person=self.office.checker_two, department="NORTH")
        mine = self.released("1.00", person=own)
        for poster, batch in ((own, theirs), (own, north), (department, theirs)):
            with self.subTest(poster.name, batch=batch):
                reply = poster.journal([batch])
                self.assertEqual(reply.status, 403, reply)
                self.assertEqual(self.vendor.get(batch)["status"], "Released")
        for poster, batch in ((own, mine), (department, north), (self.poster, theirs)):
            with self.subTest(poster.name, batch=batch):
                self.assertEqual(poster.run([batch])["status"], "Posted")

    def test_deposit_numbers_required_on_post(self):
        poster = self.office.poster_deposit
        bare = self.released("1.00")
        reply = poster.journal([bare])
        self.assertIn(reply.status, (409, 422), reply)
        self.assertIn(b"eposit", reply.body)
        self.assertEqual(self.vendor.get(bare)["status"], "Released")
        numbered = self.released("1.00", deposit_number="D-9")
        self.assertEqual(poster.run([numbered])["status"], "Posted")

    def test_released_batches_are_found_by_every_field(self):
        username, deposit = random_id("clerk-"), random_id("DEP")
        batch = self.released("1.00", username=username, date="2026-04-01", department="EAST",
                              deposit_number=deposit)
        for query in (f"batch_id={batch}", f"username={username}", f"deposit_number={deposit}",
                      f"date=2026-04-01&username={username}", f"department=EAST&username={username}",
                      f"from=2026-03-31&to=2026-04-02&username={username}"):
            with self.subTest(query):
                found = self.vendor.all(f"{PAYMENT_BATCHES}?status=Released&{query}")
                self.assertEqual([one["batch_id"] for one in found], [batch])
        everything = self.vendor.all(f"{PAYMENT_BATCHES}?status=Released")
        self.assertIn(batch, [one["batch_id"] for one in everything])

    def test_idempotency_of_a_run(self):
        batch, key = self.released("2.00"), random_id("K")
        first = self.poster.journal([batch], key=key)
        self.assertEqual(first.status, 202, first)
        run = self.poster.ended(first.headers["location"])
        self.assertEqual(run["status"], "Posted")
        again = self.poster.journal([batch], key=key)
        self.assertEqual((again.status, again.headers["location"]), (202, first.headers["location"]))
        self.assertEqual(again.headers.get("idempotent-replayed"), "true")
        other = self.poster.journal([batch], proof=True, key=key)
        self.assertEqual(other.status, 422, other)

    def test_nothing_at_step_40_changes(self):
        username = random_id("clerk-")
        batch = self.released("5.00", "6.00", username=username)
        self.assertEqual(self.poster.run([batch])["status"], "Posted")
        one, rows = self.vendor.get(batch), self.vendor.payments(batch)
        entries = self.entries_of(batch)
        new = self.vendor.pay(username)  # another batch of the same key
        self.assertNotEqual(new["batch_id"], batch)
        for action in ("release", "return", "resume", "approve", "reject"):
            self.office.checker_two.move(action, batch)
        self.office.checker_two.call("DELETE", f"{PAYMENT_BATCHES}/{batch}")
        self.vendor.call("POST", "/api/AR/v1/payments/delete",
                         {"batch_id": batch, "dry_run": False, "count": 2, "total": 11,
                          "reason": "x"})
        self.assertEqual(self.vendor.get(batch), one)
        self.assertEqual(self.vendor.payments(batch), rows)
        self.assertEqual(self.entries_of(batch), entries)

    def test_a_batch_without_total_is_posted_too(self):
        """Reversed receipts count as records: such a batch is posted, without effect (1b)."""
        batch = self.vendor.batch(("4.00",))
        payment = self.vendor.payments(batch)[0]["payment_id"]
        self.assertEqual(self.vendor.reverse(payment).status, 201)
        self.assertEqual(self.vendor.close(batch).json()["status"], "Released")
        before = self.office.bursar.trial_balance()["difference"]
        run = self.poster.run([batch])
        self.assertEqual((run["status"], Decimal(run["total"])), ("Posted", 0), run)
        self.assertEqual(self.vendor.get(batch)["life_cycle_step"], 40)
        self.assertEqual(Decimal(before), Decimal(self.office.bursar.trial_balance()["difference"]))

    def test_the_list_of_runs_newest_first(self):
        made = [self.poster.run([self.released("1.00")])["run_id"] for _ in range(3)]
        seen, path = [], JOURNAL + "?pagesize=2"
        reply = self.poster.call("GET", path)
        while reply.json() and len(seen) < 4:
            seen += [run["run_id"] for run in reply.json()]
            key = reply.headers["x-request-id"]
            reply = self.poster.call("GET", f"{path}&continuation_key={key}")
            self.assertEqual(reply.status, 200, reply)
        self.assertEqual(seen[:3], made[::-1])
        self.assertEqual(seen, sorted(set(seen), reverse=True))

    def test_a_journal_of_nothing_known(self):
        reply = self.poster.call("GET", f"{JOURNAL}/{2 ** 40}")
        self.assertEqual((reply.status, reply.body), (404, b'{"message":"Not Found"}'))


if __name__ == "__main__":
    unittest.main()
