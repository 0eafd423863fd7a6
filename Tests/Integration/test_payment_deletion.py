"""Batch deletion of non-posted payments and reversals (S3-18, A3-12, A3-13; faults T-06, M-04)."""

import contextlib
import os
import random
import signal
import sqlite3
import unittest
from decimal import Decimal

from deployment import eventually, random_id
from payments import (DELETE, OWN_MONEY, PAYMENT_BATCHES, PAYMENTS, STUDENTS, VOID, COMMAND, at_once,
                      shared_office, unscheduled, period_of)


def released(person, amounts, **more):
    batch = person.batch(amounts, **more)
    assert person.close(batch).json()["status"] == "Released"
    return batch


@contextlib.contextmanager
def store_of(bursar, service):
    """The service's store, writable, while the service is down: one process has a file at a time."""
    supervisor = int((bursar.state / "run" / "supervisor.pid").read_text())
    os.kill(supervisor, signal.SIGSTOP)
    try:
        pid = bursar.kill(service)
        eventually(lambda: gone(pid), 20)
        path = bursar.state / "data" / (service.removesuffix("-service") + ".db")
        link = sqlite3.connect(path, timeout=20)
        try:
            with link:
                yield link
        finally:
            link.close()
    finally:
        os.kill(supervisor, signal.SIGCONT)
    eventually(lambda: bursar.pid(service) not in (None, pid) and bursar.ready(service), 60)


def gone(pid):
    """Whether a process has ended: its parent, which is stopped, may not have buried it yet."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except FileNotFoundError:
        return True


class Deletion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = shared_office()
        cls.office.workflow(enabled=False)
        cls.vendor = cls.office.vendor_released
        cls.checker = cls.office.checker_one

    def dry(self, person=None, **selection):
        reply = (person or self.checker).call("POST", DELETE, {**selection, "dry_run": True})
        self.assertEqual(reply.status, 200, reply)
        return reply.json()

    def test_a_dry_run_counts_and_the_deletion_repeats_it(self):
        username = random_id("clerk-")
        start = self.vendor.balance("100900")
        batch = self.vendor.batch(("10.00", "20.25"), username, account="100900")
        before = start - Decimal("30.25")
        self.vendor.settles("100900", before)
        seen = self.dry(cashier=username)
        self.assertEqual((seen["dry_run"], seen["count"], Decimal(seen["total"])),
                         (True, 2, Decimal("30.25")))
        self.assertEqual([one["batch_id"] for one in seen["batches"]], [batch])
        self.assertEqual(self.vendor.get(batch)["count"], 2)
        self.assertEqual(self.vendor.balance("100900"), before)
        for count, total in ((1, "30.25"), (2, "30.24"), (None, "30.25"), (2, None), (None, None)):
            with self.subTest(count=count, total=total):
                body = {"cashier": username, "dry_run": False, "reason": "x"}
                if count is not None:
                    body["count"] = count
                if total is not None:
                    body["total"] = Decimal(total)
                reply = self.checker.call("POST", DELETE, body)
                self.assertIn(reply.status, (400, 409, 422), reply)
                self.assertEqual(self.vendor.get(batch)["count"], 2)
        done = self.checker.delete(cashier=username)
        self.assertEqual(done.status, 200, done)
        answer = done.json()
        self.assertEqual((answer["dry_run"], answer["count"], Decimal(answer["total"])),
                         (False, 2, Decimal("30.25")))
        one = self.vendor.get(batch)
        self.assertEqual((one["count"], Decimal(one["total"])), (0, 0))
        self.assertEqual([row["state"] for row in self.vendor.payments(batch)], ["Deleted"] * 2)
        self.vendor.settles("100900", start)
        self.assertEqual(self.dry(cashier=username)["count"], 0)

    def test_s3_18_every_selection(self):
        username, department = random_id("clerk-"), random_id("DEPT")
        batches = {
            day: self.vendor.batch(("1.00",), username, date=day, department=department)
            for day in ("2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04")
        }
        days = list(batches)
        for selection, expected in [
            ({"batch_id": batches[days[1]]}, days[1:2]), ({"department": department}, days),
            ({"cashier": username}, days), ({"cashier": username, "from": days[2]}, days[2:]),
            ({"cashier": username, "to": days[1]}, days[:2]),
            ({"cashier": username, "from": days[1], "to": days[2]}, days[1:3]),
            ({"department": department, "cashier": random_id("nobody-")}, []),
        ]:
            with self.subTest(selection):
                seen = self.dry(**selection)
                self.assertEqual(seen["count"], len(expected))
                self.assertEqual({one["batch_id"] for one in seen["batches"]},
                                 {batches[day] for day in expected})
        done = self.checker.delete(cashier=username, **{"from": days[1], "to": days[2]})
        self.assertEqual(done.status, 200, done)
        self.assertEqual([self.vendor.get(batches[day])["count"] for day in days], [1, 0, 0, 1])
        for body in ({"dry_run": True}, {"batch_id": 1}, {"dry_run": True, "from": "x"},
                     {"dry_run": True, "cashier": username, "colour": 1},
                     {"dry_run": True, "cashier": username, "from": days[3], "to": days[0]}):
            with self.subTest(body):
                reply = self.checker.call("POST", DELETE, body)
                self.assertIn(reply.status, (400, 422), reply)

    def test_a_range_never_touches_what_is_posted_locked_or_transferred(self):
        """A3-12. An ACH run marks its payments as transferred, an approval or a run locks a batch."""
        username = random_id("clerk-")
        posted = released(self.vendor, ("1.00",), username=username, date="2026-06-01")
        self.assertEqual(self.checker.run([posted])["status"], "Posted")
        self.office.workflow([{"step": 10, "catch_all": True, "group": False,
                               "approvers": ["user:approver-one"]}])
        try:
            approved = self.vendor.batch(("2.00",), username, date="2026-06-02")
            self.vendor.close(approved)
            self.assertEqual(self.office.approver_one.move("approve", approved).status, 200)
        finally:
            self.office.workflow(enabled=False)
        running = released(self.vendor, ("4.00",), username=username, date="2026-06-03")
        mixed = self.vendor.batch(("8.00", "16.00"), username, date="2026-06-04")
        waiting = released(self.vendor, ("32.00",), username=username, date="2026-06-05")
        transferred = self.vendor.payments(mixed)[0]
        with store_of(self.office.bursar, "batch-service") as store:
            store.execute("UPDATE payment SET ach_entry_id = 77 WHERE id = ?",
                          (transferred["payment_id"],))
            store.execute("UPDATE payment_batch SET status = 'POST_IN_PROGRESS', "
                          "lock_owner = 'another poster' WHERE id = ?", (running,))
        selection = {"cashier": username, "from": "2026-06-01", "to": "2026-06-05"}
        seen = self.dry(**selection)
        self.assertEqual((seen["count"], Decimal(seen["total"])), (2, Decimal("48.00")))
        self.assertEqual(
            {one["reason"]: (one["count"], Decimal(one["total"])) for one in seen["skipped"]},
            {"posted": (1, 1), "workflow_locked": (1, 2), "locked": (1, 4), "transferred": (1, 8)},
        )
        done = self.checker.delete(**selection, reason="a wrong file")
        self.assertEqual(done.status, 200, done)
        self.assertEqual(done.json()["count"], 2)
        for batch, left in ((posted, 1), (approved, 1), (running, 1), (mixed, 1), (waiting, 0)):
            with self.subTest(batch):
                self.assertEqual(self.vendor.get(batch)["count"], left)
        states = [row["state"] for row in self.vendor.payments(mixed)]
        self.assertEqual(states, ["NonPosted", "Deleted"])
        refused = self.checker.call("POST", DELETE, {
            "payment_id": transferred["payment_id"], "dry_run": False, "count": 1,
            "total": Decimal("8.00"), "reason": "x",
        })
        self.assertIn(refused.status, (409, 422), refused)
        self.assertEqual(self.vendor.get(mixed)["count"], 1)
        # The audit tells who deleted what and why.
        deleted = [row["payment_id"] for row in self.vendor.payments(mixed) + self.vendor.payments(waiting)
                   if row["state"] == "Deleted"]
        for payment in deleted:
            rows = self.office.audit(
                lambda row: "delete" in row["action"] and str(payment) in row["subject"] + str(row["change"])
            )
            self.assertEqual(rows[0]["actor"], self.checker.name)
            self.assertIn("a wrong file", str(rows))
        with store_of(self.office.bursar, "batch-service") as store:
            store.execute("UPDATE payment_batch SET status = 'Released', lock_owner = NULL "
                          "WHERE id = ? AND status = 'POST_IN_PROGRESS'", (running,))

    def test_who_may_delete(self):
        batch = self.vendor.batch(("3.00",))
        stranger = self.office.vendor_review  # level Own, not the creator
        payment = self.vendor.payments(batch)[0]["payment_id"]
        reply = stranger.call("POST", DELETE, {
            "payment_id": payment, "dry_run": False, "count": 1, "total": 3, "reason": "x",
        })
        self.assertEqual(reply.status, 403, reply)
        self.assertEqual(self.vendor.get(batch)["count"], 1)
        self.assertEqual(self.vendor.delete(batch_id=batch).status, 200)

    def test_a3_13_an_empty_batch_is_deletable_and_no_other(self):
        batch = self.vendor.batch(("3.00",))
        full = self.vendor.call("DELETE", f"{PAYMENT_BATCHES}/{batch}")
        self.assertEqual(full.status, 409, full)
        payment = self.vendor.payments(batch)[0]["payment_id"]
        self.vendor.delete(payment_id=payment)
        self.assertIn(self.vendor.call("DELETE", f"{PAYMENT_BATCHES}/{batch}").status, (200, 204))
        listed = self.vendor.all(f"{PAYMENT_BATCHES}?batch_id={batch}&life_cycle_step=10")
        self.assertEqual(listed, [])
        # A reversed receipt counts as a record: such a batch is posted, not deleted.
        batch = self.vendor.batch(("3.00",))
        payment = self.vendor.payments(batch)[0]["payment_id"]
        self.assertEqual(self.vendor.reverse(payment).status, 201)
        kept = self.vendor.call("DELETE", f"{PAYMENT_BATCHES}/{batch}")
        self.assertEqual(kept.status, 409, kept)

    def test_a_reversed_pair_is_not_torn_apart(self):
        """Deleting one of the two would leave the other without its counterpart."""
        before = self.vendor.balance("100901")
        batch = self.vendor.batch(("3.00", "4.00"), account="100901")
        payment = self.vendor.payments(batch)[0]["payment_id"]
        self.assertEqual(self.vendor.reverse(payment).status, 201)
        pair = [row["payment_id"] for row in self.vendor.payments(batch)
                if payment in (row["payment_id"], row["reverses_payment_id"])]
        self.assertEqual(len(pair), 2)
        for one, amount in zip(pair, ("3.00", "-3.00")):
            reply = self.vendor.call("POST", DELETE, {
                "payment_id": one, "dry_run": False, "count": 1, "total": Decimal(amount),
                "reason": "x",
            })
            self.assertIn(reply.status, (409, 422), reply)
        self.assertEqual(self.vendor.delete(batch_id=batch).json()["count"], 1)
        one = self.vendor.get(batch)
        self.assertEqual((one["count"], Decimal(one["total"])), (2, 0))
        self.vendor.settles("100901", before)

    def test_an_unposted_reversal_is_deleted_and_made_again(self):
        """Its payment is then as before: reversed by nobody, and once more by somebody."""
        before = self.vendor.balance("100902")
        batch = released(self.vendor, ("5.00",), account="100902")
        self.assertEqual(self.checker.run([batch])["status"], "Posted")
        payment = self.vendor.payments(batch)[0]["payment_id"]
        for _ in range(2):
            made = self.checker.reverse(payment)
            self.assertEqual(made.status, 201, made)
            self.vendor.settles("100902", before)
            gone = self.checker.delete(payment_id=made.json()["payment_id"])
            self.assertEqual((gone.status, gone.json()["count"]), (200, 1), gone)
            self.vendor.settles("100902", before - 5)
            self.assertEqual(self.vendor.payments(batch)[0]["state"], "Posted")

    def test_idempotency_of_a_deletion(self):
        username, key = random_id("clerk-"), random_id("K")
        batch = self.vendor.batch(("3.00", "4.00"), username)
        body = {"batch_id": batch, "dry_run": False, "count": 2, "total": Decimal("7.00"),
                "reason": "twice"}
        first = self.vendor.call("POST", DELETE, body, key=key)
        self.assertEqual(first.status, 200, first)
        self.vendor.pay(username, "9.00")
        again = self.vendor.call("POST", DELETE, body, key=key)
        self.assertEqual((again.status, again.body), (200, first.body))
        self.assertEqual(self.vendor.get(batch)["count"], 1)
        other = self.vendor.call("POST", DELETE, {**body, "count": 1}, key=key)
        self.assertEqual(other.status, 422, other)


class Reversal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = shared_office()
        cls.office.workflow(enabled=False)
        cls.vendor = cls.office.vendor_released
        cls.checker = cls.office.checker_one

    def test_before_posting_it_joins_its_batch(self):
        """Net 0, a pair that stays; the released batch takes it too."""
        for close in (False, True):
            with self.subTest(closed=close):
                before = self.vendor.balance("100910")
                batch = self.vendor.batch(("15.00", "1.00"), account="100910", payment_type="H")
                if close:
                    self.assertEqual(self.vendor.close(batch).json()["status"], "Released")
                payment = self.vendor.payments(batch)[0]["payment_id"]
                reply = self.vendor.reverse(payment)
                self.assertEqual(reply.status, 201, reply)
                answer = reply.json()
                self.assertEqual((answer["reverses_payment_id"], answer["batch_id"]), (payment, batch))
                one = self.vendor.get(batch)
                self.assertEqual(Decimal(one["total"]), 1)
                rows = {row["payment_id"]: row for row in self.vendor.payments(batch)}
                self.assertEqual(rows[payment]["state"], "ReversedInBatch")
                pair = rows[answer["payment_id"]]
                self.assertEqual((Decimal(pair["amount"]), pair["reverses_payment_id"],
                                  pair["reason_code"]), (-15, payment, "ERROR"))
                self.vendor.settles("100910", before - 1)

    def posted(self, amount="15.00", **more):
        """A posted payment: its number and its batch."""
        batch = released(self.vendor, (amount,), **more)
        run = self.checker.run([batch])
        self.assertEqual(run["status"], "Posted", run)
        return self.vendor.payments(batch)[0]["payment_id"], batch

    def test_after_posting_it_goes_to_a_reversal_batch(self):
        before = self.vendor.balance("100911")
        payment, batch = self.posted(account="100911")
        one = self.vendor.get(batch)
        reply = self.checker.reverse(payment)
        self.assertEqual(reply.status, 201, reply)
        answer = reply.json()
        self.assertNotEqual(answer["batch_id"], batch)
        new = self.vendor.get(answer["batch_id"])
        self.assertEqual((new["kind"], new["life_cycle_step"], Decimal(new["total"])),
                         ("reversal", 10, -15))
        self.vendor.settles("100911", before)
        self.assertEqual(self.vendor.get(batch), one)  # the posted batch stays as it is
        self.assertEqual(self.vendor.payments(batch)[0]["state"], "Reversed")
        # It is released and posted like any other.
        creator = self.checker
        self.assertEqual(creator.close(new["batch_id"]).json()["status"], "Released")
        trial = self.office.bursar.trial_balance()
        run = self.office.checker_two.run([new["batch_id"]])
        self.assertEqual((run["status"], Decimal(run["total"])), ("Posted", -15), run)
        after = self.office.bursar.trial_balance()
        self.assertEqual(Decimal(after["difference"]), 0)
        self.assertEqual(len(trial["accounts"]), len(after["accounts"]))

    def test_m_04_a_payment_is_reversed_once(self):
        """Reversed, deleted, unknown, somebody else's, a reversal itself: refused; net zero once."""
        before = self.vendor.balance("100912")
        for posted in (False, True):
            with self.subTest(posted=posted):
                if posted:
                    payment, batch = self.posted(account="100912")
                else:
                    batch = self.vendor.batch(("15.00",), account="100912")
                    payment = self.vendor.payments(batch)[0]["payment_id"]
                stranger = self.office.vendor_review.reverse(payment)
                self.assertEqual(stranger.status, 403, stranger)
                first = self.checker.reverse(payment)
                self.assertEqual(first.status, 201, first)
                for again in (payment, first.json()["payment_id"]):
                    reply = self.checker.reverse(again)
                    self.assertEqual(reply.status, 409, reply)
                    self.assertTrue(reply.json()["action"].startswith("reverse"), reply)
                self.vendor.settles("100912", before)
        batch = self.vendor.batch(("15.00",), account="100912")
        payment = self.vendor.payments(batch)[0]["payment_id"]
        self.assertEqual(self.vendor.delete(payment_id=payment).status, 200)
        self.assertEqual(self.vendor.reverse(payment).status, 409)
        self.assertEqual(self.vendor.reverse(2 ** 40).status, 404)
        self.vendor.settles("100912", before)

    def test_m_04_many_reversals_at_once_reverse_once(self):
        payment, _ = self.posted("8.00", account="100913")
        before = self.vendor.balance("100913")
        replies = at_once([lambda: self.checker.reverse(payment)] * 12, 12)
        self.assertEqual(sorted(reply.status for reply in replies), [201] + [409] * 11)
        self.vendor.settles("100913", before + 8)

    def test_a_reason_is_required(self):
        batch = self.vendor.batch(("5.00",))
        payment = self.vendor.payments(batch)[0]["payment_id"]
        for body in ({}, {"reason_code": ""}, {"reason_code": "no such reason"}, {"reason_code": 1},
                     {"reason_code": "ERROR", "colour": 1}):
            with self.subTest(body):
                reply = self.vendor.call("POST", f"{PAYMENTS}/{payment}/reverse", body)
                self.assertIn(reply.status, (400, 422), reply)
                self.assertTrue(reply.json()["errors"])
        self.assertEqual(self.vendor.payments(batch)[0]["state"], "NonPosted")

    def test_nsf_is_for_posted_checks_and_charges(self):
        self.office.set("nsf_charge_amount", Decimal("25.00"))
        self.office.set("nsf_detail_code", "A484")
        before = self.vendor.balance("100914")
        cash, _ = self.posted("20.00", account="100914")
        unposted = self.vendor.batch(("20.00",), account="100914", payment_type="H")
        for payment in (cash, self.vendor.payments(unposted)[0]["payment_id"]):
            reply = self.checker.reverse(payment, "NSF")
            self.assertIn(reply.status, (409, 422), reply)
        self.assertEqual(self.vendor.delete(batch_id=unposted).status, 200)
        check, _ = self.posted("30.00", account="100914", payment_type="H", check_number="77")
        self.vendor.settles("100914", before - 50)
        reply = self.checker.reverse(check, "NSF")
        self.assertEqual(reply.status, 201, reply)
        fee = Decimal("25.00")
        self.vendor.settles("100914", before - 20 + fee)
        entries = self.vendor.call(
            "GET", "/api/accounts_receivable/accounts/100914/ledger"
        ).json()
        self.assertIn(fee, [Decimal(row["amount"]) for row in entries])
        self.assertEqual(Decimal(self.office.bursar.trial_balance()["difference"]), 0)

    def test_idempotency_of_a_reversal(self):
        batch, key = self.vendor.batch(("6.00",)), random_id("K")
        payment = self.vendor.payments(batch)[0]["payment_id"]
        first = self.vendor.reverse(payment, key=key)
        self.assertEqual(first.status, 201, first)
        again = self.vendor.reverse(payment, key=key)
        self.assertEqual((again.status, again.body), (201, first.body))
        other = self.vendor.reverse(payment, note="other", key=key)
        self.assertEqual(other.status, 422, other)
        self.assertEqual(len(self.vendor.payments(batch)), 2)

    # Races

    def transaction(self, student, amount):
        """An unscheduled payment of a campus without cashiering; entry and payment numbers."""
        teller = self.office.boss
        body = {"payload": unscheduled(student, amount, OWN_MONEY)}
        reply = teller.call("POST", COMMAND, body)
        self.assertEqual(reply.status, 200, reply)
        entry = reply.json()["payload"]["data"]["id"]
        row = eventually(lambda: self.payment_of(entry), 10)
        return entry, row

    def payment_of(self, entry):
        found = self.vendor.all(f"{PAYMENT_BATCHES}?username={self.office.boss.name}&life_cycle_step=10")
        for batch in found:
            for row in self.vendor.payments(batch["batch_id"]):
                if row["ledger_entry_id"] == entry:
                    return row
        return None

    def void(self, student, entry, note="paid twice", **more):
        body = {"studentAccountTransactionId": entry, "studentId": student,
                "studentEnrollmentPeriodId": period_of(student), "note": note, **more}
        body = {name: value for name, value in body.items() if value is not None}
        return self.office.boss.call("POST", VOID, {"payload": body})

    def test_t_06_void_reverse_and_delete_race(self):
        """Exactly one wins, the others are refused; the balance moves once."""
        student = STUDENTS[-1]
        for _ in range(6):
            entry, row = self.transaction(student, "50.00")
            number, held = row["payment_id"], row["account_id"]
            before = self.vendor.balance(held)
            checker = self.checker
            jobs = [
                lambda: self.void(student, entry),
                lambda: checker.reverse(number),
                lambda: checker.call("POST", DELETE, {
                    "payment_id": number, "dry_run": False, "count": 1,
                    "total": Decimal("50.00"), "reason": "race",
                }),
            ] * 2
            random.shuffle(jobs)
            replies = at_once(jobs, 6)
            won = [reply for reply in replies if 200 <= reply.status < 300]
            self.assertEqual(len(won), 1, replies)
            for reply in replies:
                if reply not in won:
                    self.assertIn(reply.status, (400, 404, 409, 422), reply)
            self.vendor.settles(held, before + 50)

    def test_t_06_commit_void_and_reverse_race(self):
        """Beside a journal run at most one of the others wins, and the books agree with it."""
        student = STUDENTS[-2]
        for number in range(4):
            day = f"2024-02-{number + 1:02}"
            reply = self.office.boss.call("POST", COMMAND, {
                "payload": unscheduled(student, "50.00", OWN_MONEY, date=day)
            })
            self.assertEqual(reply.status, 200, reply)
            entry = reply.json()["payload"]["data"]["id"]
            row = eventually(lambda: self.payment_of(entry), 10)
            batch, held = row["batch_id"], row["account_id"]
            before = self.vendor.balance(held)
            self.assertEqual(self.office.boss.close(batch).json()["status"], "Released")
            replies = at_once([
                lambda: self.checker.journal([batch]),
                lambda: self.void(student, entry),
                lambda: self.checker.reverse(row["payment_id"]),
                lambda: self.office.checker_two.reverse(row["payment_id"]),
            ], 4)
            self.assertIn(replies[0].status, (202, 409), replies)
            won = [reply for reply in replies[1:] if 200 <= reply.status < 300]
            self.assertLessEqual(len(won), 1, replies)
            for reply in replies[1:]:
                self.assertIn(reply.status, (200, 201, 400, 409, 422), reply)
            if replies[0].status == 202:
                run = self.checker.ended(replies[0].headers["location"])
                self.assertEqual(run["status"], "Posted", run)
                self.assertEqual(self.vendor.get(batch)["life_cycle_step"], 40)
            expected = before + 50 * len(won)
            self.vendor.settles(held, expected)
            rows = self.vendor.payments(batch)
            live = sum(Decimal(one["amount"]) for one in rows if one["state"] != "Deleted")
            self.assertEqual(Decimal(self.vendor.get(batch)["total"]), live)
            self.assertEqual(Decimal(self.office.bursar.trial_balance()["difference"]), 0)

    def test_void_after_posting_and_behind_a_lock(self):
        """Approved and completed: nothing changes until it is posted; then a reversal batch has it."""
        student = STUDENTS[-4]
        reply = self.office.boss.call("POST", COMMAND, {
            "payload": unscheduled(student, "60.00", OWN_MONEY, date="2024-01-10")
        })
        entry = reply.json()["payload"]["data"]["id"]
        row = eventually(lambda: self.payment_of(entry), 10)
        before = self.vendor.balance(row["account_id"])
        self.office.workflow([{"step": 10, "catch_all": True, "group": False,
                               "approvers": ["user:approver-one"]}])
        try:
            self.assertEqual(self.office.boss.close(row["batch_id"]).json()["status"], "Workflow")
            approved = self.office.approver_one.move("approve", row["batch_id"])
            self.assertEqual(approved.status, 200, approved)
        finally:
            self.office.workflow(enabled=False)
        refused = self.void(student, entry)
        self.assertIn(refused.status, (400, 409), refused)
        self.assertTrue(refused.json()["hasError"])
        self.assertEqual(self.vendor.balance(row["account_id"]), before)
        self.assertEqual(self.checker.run([row["batch_id"]])["status"], "Posted")
        voided = self.void(student, entry)
        self.assertEqual(voided.status, 200, voided)
        self.assertEqual(self.vendor.balance(row["account_id"]), before + 60)
        self.assertEqual(self.vendor.payments(row["batch_id"])[0]["state"], "Reversed")
        award, = [one for one in self.office.awards(student_enrollment_period_id=period_of(student))]
        self.assertEqual(award["amount_received"], 0)

    def test_void_a_transaction(self):
        """A new reversing transaction for the whole amount; once; with a note (3b)."""
        student = STUDENTS[-3]
        entry, row = self.transaction(student, "40.00")
        before = self.vendor.balance(row["account_id"])
        for change in ({"note": ""}, {"note": None}, {"studentAccountTransactionId": None},
                       {"studentId": STUDENTS[0]}, {"studentEnrollmentPeriodId": 1},
                       {"studentAccountTransactionId": 2 ** 40}):
            with self.subTest(change):
                reply = self.void(student, entry, **change)
                self.assertEqual(reply.status, 400, reply)
                self.assertTrue(reply.json()["hasValidationError"])
                self.assertEqual(self.vendor.balance(row["account_id"]), before)
        reply = self.void(student, entry)
        self.assertEqual(reply.status, 200, reply)
        self.assertFalse(reply.json()["hasError"])
        self.assertEqual(self.vendor.balance(row["account_id"]), before + 40)
        again = self.void(student, entry)
        self.assertIn(again.status, (400, 409), again)
        self.assertTrue(again.json()["hasError"])
        self.assertEqual(self.vendor.balance(row["account_id"]), before + 40)
        teller = self.office.clerk_without_task.call("POST", VOID, {"payload": {}})
        self.assertEqual(teller.status, 403, teller)
        self.assertTrue(teller.json()["hasSecurityError"])


if __name__ == "__main__":
    unittest.main()
