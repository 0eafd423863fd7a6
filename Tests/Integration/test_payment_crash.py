"""C-01, C-04, C-07 for payments: services are killed while money moves; nothing is lost or doubled.

Clients pay, close, release, post, reverse, delete and void without end, every request with a key of
its own, and ask again until they have an answer. What they were told is the account that the
deployment is held against at the end, to the cent.
"""

import http.client
import os
import random
import threading
import time
import unittest
from collections import Counter, defaultdict
from decimal import Decimal

from deployment import Deployment, eventually, random_id
from payments import (CLOSE, COMMAND, DELETE, JOURNAL, PAYMENT_BATCHES, PAYMENTS, STUDENTS, VOID,
                      Office, account_of, period_of, query, unscheduled)

ROUNDS = int(os.environ.get("BURSAR_CAMPAIGN_ROUNDS", "10"))
CLIENTS = 6
DAYS = ("2026-03-02", "2026-03-03")
AGAIN = (401, 429, 500, 502, 503, 504)


class Books:
    """What the clients were told: an independent account, shared by them."""

    def __init__(self):
        self.lock = threading.Lock()
        self.payments = {}      # payment -> (batch, account, amount)
        self.reversals = {}     # payment -> (reversed payment, batch)
        self.entries = {}       # ledger entry -> (student, amount)
        self.voided = set()     # ledger entries
        self.deleted = set()    # payments
        self.closed = []        # batches
        self.runs = []          # (location, batches)
        self.done = Counter()

    def note(self, name, change):
        with self.lock:
            change()
            self.done[name] += 1

    def some(self, values, dice, count=1):
        """The youngest are the most interesting ones: they are under way."""
        with self.lock:
            young = list(values)[-30:]
        return dice.sample(young, min(count, len(young)))


class Client(threading.Thread):
    """Does one thing after another; an unclear answer is asked for again with the same key."""

    def __init__(self, office, books, number):
        super().__init__(daemon=True)
        self.office = office
        self.books = books
        self.dice = random.Random(number)
        self.stopped = threading.Event()
        self.failure = None

    def run(self):
        works = [
            (self.pay, 50), (self.unscheduled, 14), (self.close, 10), (self.release, 12),
            (self.post, 14), (self.reverse, 5), (self.delete, 5), (self.void, 3),
        ]
        names, weights = zip(*works)
        try:
            while not self.stopped.is_set():
                self.dice.choices(names, weights)[0]()
        except Exception as error:  # told by the test
            self.failure = error

    def ask(self, person, path, body, *expected):
        """The final answer of a POST; its status is one of `expected`, or a refusal."""
        key, began = random_id("KEY"), time.monotonic()
        while True:
            if time.monotonic() - began > 180:
                raise AssertionError(f"no final answer of {path} {body}")
            try:
                reply = person.call("POST", path, body, key=key, timeout=20)
            except (OSError, http.client.HTTPException, AssertionError):
                time.sleep(0.05)  # no answer, or no token: the outcome is unknown
                continue
            if reply.status in expected:
                return reply
            if reply.status in AGAIN or (reply.status == 409 and "retry-after" in reply.headers):
                time.sleep(0.05)
                continue
            if reply.status in (404, 409, 422) or (reply.status == 400 and path == VOID):
                return None
            raise AssertionError(f"unexpected answer of {path} {body}: {reply}")

    def clerk(self):
        """Half of the stations close into review, half are released at once."""
        number = self.dice.randrange(4)
        person = self.office.vendor_released if number < 2 else self.office.vendor_review
        return person, f"station-{number}"

    def pay(self):
        person, username = self.clerk()
        account = str(101_000 + self.dice.randrange(100))
        amount = Decimal(self.dice.randint(1, 100_000)) / 100
        body = person.payment(username, str(amount), self.dice.choice(DAYS), account,
                              payment_type=self.dice.choice("CEHIRO"))
        reply = self.ask(person, PAYMENTS, body, 201).json()
        def change():
            assert reply["payment_id"] not in self.books.payments, "a number came twice"
            self.books.payments[reply["payment_id"]] = (reply["batch_id"], account, amount)
        self.books.note("pay", change)

    def unscheduled(self):
        student = self.dice.choice(STUDENTS)
        amount = Decimal(self.dice.randint(1, 1_000)) / 100
        more = {}
        if student < STUDENTS[30]:
            more = {"drawer": 8500, "session": self.office.crash_session,
                    "cashier": self.office.boss.user_id}
        body = {"payload": unscheduled(student, str(amount), self.dice.choice([9001, 9003]),
                                       date=self.dice.choice(["2024-03-14", "2024-03-15"]), **more)}
        reply = self.ask(self.office.boss, COMMAND, body, 200)
        entry = reply.json()["payload"]["data"]["id"]
        def change():
            assert entry not in self.books.entries, "an entry came twice"
            self.books.entries[entry] = (student, amount)
        self.books.note("unscheduled", change)

    def close(self):
        if self.dice.random() < 0.3:
            person, username = self.office.boss, "boss"
            date = self.dice.choice(["2024-03-14", "2024-03-15"])
        else:
            person, username = self.clerk()
            date = self.dice.choice(DAYS)
        reply = self.ask(person, CLOSE, {"username": username, "date": date}, 200)
        if reply:
            batch = reply.json()["batch_id"]
            self.books.note("close", lambda: self.books.closed.append(batch))

    def release(self):
        for batch in self.books.some(self.books.closed, self.dice):
            reply = self.ask(self.office.checker_one, f"{PAYMENT_BATCHES}/{batch}/release", {}, 200)
            if reply:
                self.books.note("release", lambda: None)

    def post(self):
        batches = sorted(set(self.books.some(self.books.closed, self.dice, 2)))
        if not batches:
            return
        reply = self.ask(self.office.checker_two, JOURNAL, {"batch_ids": batches}, 202)
        if reply:
            location = reply.headers["location"]
            self.books.note("post", lambda: self.books.runs.append((location, batches)))

    def reverse(self):
        for payment in self.books.some(self.books.payments, self.dice):
            reply = self.ask(self.office.boss, f"{PAYMENTS}/{payment}/reverse",
                             {"reason_code": "ERROR"}, 201)
            if reply:
                row = reply.json()
                self.books.note("reverse", lambda: self.books.reversals.update(
                    {row["payment_id"]: (payment, row["batch_id"])}
                ))

    def delete(self):
        for payment in self.books.some(self.books.payments, self.dice):
            amount = self.books.payments[payment][2]
            reply = self.ask(self.office.boss, DELETE, {
                "payment_id": payment, "dry_run": False, "count": 1, "total": amount,
                "reason": "campaign",
            }, 200)
            if reply and reply.json()["count"] == 1:
                self.books.note("delete", lambda: self.books.deleted.add(payment))

    def void(self):
        for entry in self.books.some(self.books.entries, self.dice):
            student = self.books.entries[entry][0]
            reply = self.ask(self.office.boss, VOID, {"payload": {
                "studentAccountTransactionId": entry, "studentId": student,
                "studentEnrollmentPeriodId": period_of(student), "note": "campaign",
            }}, 200)
            if reply:
                self.books.note("void", lambda: self.books.voided.add(entry))


def work_on(books, count):
    """Waits until the clients were told of so many changes more."""
    goal = sum(books.done.values()) + count
    eventually(lambda: sum(books.done.values()) >= goal, 120)


class PaymentCrash(unittest.TestCase):
    def setUp(self):
        self.bursar = Deployment().start()
        self.office = Office(self.bursar).load()
        self.office.drawer(8500)
        self.office.crash_session = self.office.session(8500, self.office.boss)
        self.boss = self.office.boss

    def tearDown(self):
        self.bursar.stop()

    def test_killed_services_lose_and_double_no_payment(self):
        def kill_at_random(books):
            dice = random.Random(20261125)
            for number in range(ROUNDS):
                # A service that has just come back is let work before it dies again.
                work_on(books, dice.randint(1, 50))
                time.sleep(dice.uniform(0, 0.05))
                if number % 10 == 9:  # both at once
                    self.bursar.kill("batch-service")
                    self.bursar.kill("posting-service")
                    continue
                service = dice.choice(
                    ["batch-service"] * 4 + ["posting-service"] * 4 + ["gateway"]
                )
                eventually(lambda: self.bursar.kill(service), 30)
        self.under_load(kill_at_random)

    def under_load(self, disturb):
        """Runs `disturb` under six clients, then holds the deployment against what they were told."""
        books = Books()
        accounts = [str(101_000 + one) for one in range(100)] + [account_of(s) for s in STUDENTS]
        before = {one: self.boss.balance(one) for one in accounts}
        entries = set(self.office.ledger())
        self.demo = {one["batch_id"] for one in self.boss.all(PAYMENT_BATCHES)}
        clients = [Client(self.office, books, number) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        disturb(books)
        time.sleep(1)
        for client in clients:
            client.stopped.set()
        for client in clients:
            client.join(240)
            self.assertFalse(client.is_alive(), "a client hangs")
            if client.failure:
                raise client.failure
        self.bursar.wait_ready()
        print(f"told: {dict(sorted(books.done.items()))}", flush=True)
        for name in ("pay", "unscheduled", "close", "post", "reverse", "delete"):
            self.assertGreater(books.done[name], 0, books.done)
        runs = [self.boss.ended(location, 120) for location, _ in books.runs]
        self.check_drained()
        listed = self.check_batches(books)
        self.check_runs(runs)
        self.check_balances(books, listed, before)
        self.check_ledger(books, listed, entries)
        self.check_stores()

    def check_drained(self):
        """Every outbox row is delivered, no reservation is left, by itself and within bounds."""
        tables = [
            ("batch-service", "ledger_outbox"), ("batch-service", "audit_outbox"),
            ("batch-service", "drawer_reservation WHERE amount > 0"),
            ("posting-service", "payment_outbox"), ("posting-service", "audit_outbox"),
        ]

        def waiting():
            rows = {table: query(self.bursar, service, f"SELECT * FROM {table} LIMIT 3")
                    for service, table in tables}
            return {table: found for table, found in rows.items() if found}
        try:
            eventually(lambda: not waiting(), 60, 0.3)
        except AssertionError:
            self.assertEqual(waiting(), {})

    def batches(self):
        """Every batch beside those of the demo data."""
        return [one for one in self.boss.all(PAYMENT_BATCHES) if one["batch_id"] not in self.demo]

    def check_batches(self, books):
        """Every payment in exactly one batch; totals are the payments; the payments of that batch."""
        listed, keys = {}, Counter()
        for batch in self.batches():
            self.assertNotEqual(batch["status"], "POST_IN_PROGRESS")
            self.assertFalse(batch.get("lock_owner"))
            if batch["life_cycle_step"] == 10:
                keys[batch["kind"], batch["username"], batch["date"]] += 1
            count, total, tenders = 0, Decimal(0), Counter()
            for row in self.boss.payments(batch["batch_id"]):
                self.assertNotIn(row["payment_id"], listed, "in two batches")
                listed[row["payment_id"]] = row
                self.assertEqual(row["batch_id"], batch["batch_id"])
                if row["state"] != "Deleted":
                    count += 1
                    total += Decimal(row["amount"])
                    tenders[row["payment_type"]] += Decimal(row["amount"])
            self.assertEqual((batch["count"], Decimal(batch["total"])), (count, total), batch)
            shown = {one["payment_type"]: Decimal(one["total"]) for one in batch["tenders"]}
            self.assertEqual({**dict.fromkeys(shown, 0), **tenders}, shown)
        self.assertEqual([key for key, count in keys.items() if count > 1], [])
        # Exactly what the clients were told, no more and no less.
        voids = {
            number for number, row in listed.items()
            if row["reverses_payment_id"] is not None and number not in books.reversals
        }
        self.assertEqual(len(voids), len(books.voided))
        received = {
            row["ledger_entry_id"]: number for number, row in listed.items()
            if row["ledger_entry_id"] in books.entries
        }
        self.assertEqual(set(received), set(books.entries))
        told = set(books.payments) | set(books.reversals) | set(received.values()) | voids
        self.assertEqual(set(listed), told)
        for number, (batch, account, amount) in books.payments.items():
            row = listed[number]
            self.assertEqual((row["batch_id"], row["account_id"], Decimal(row["amount"])),
                             (batch, account, amount))
        for entry, number in received.items():
            self.assertEqual(Decimal(listed[number]["amount"]), books.entries[entry][1])
        for number, (reversed_payment, batch) in books.reversals.items():
            row = listed[number]
            self.assertEqual((row["reverses_payment_id"], row["batch_id"]), (reversed_payment, batch))
            self.assertEqual(Decimal(row["amount"]), -books.payments[reversed_payment][2])
        gone = {number for number, row in listed.items() if row["state"] == "Deleted"}
        self.assertEqual(gone, books.deleted)
        self.assertEqual(gone & {one for one, _ in books.reversals.values()}, set())
        return listed

    def check_runs(self, runs):
        """Every journal is balanced and is its batches' total; a batch is in one posted run."""
        batches = {one["batch_id"]: one for one in self.batches()}
        in_runs = Counter()
        for run in runs:
            self.assertIn(run["status"], ("Posted", "Failed"))
            if run["status"] != "Posted":
                continue
            debits = sum(Decimal(line["debit"]) for line in run["lines"])
            credits = sum(Decimal(line["credit"]) for line in run["lines"])
            total = sum(Decimal(batches[one["batch_id"]]["total"]) for one in run["batches"])
            self.assertEqual(debits, credits)
            self.assertEqual(Decimal(run["total"]), total)
            in_runs.update(one["batch_id"] for one in run["batches"])
        self.assertEqual(set(in_runs.values()) | {1}, {1})
        posted = {number for number, one in batches.items() if one["life_cycle_step"] == 40}
        self.assertEqual(set(in_runs), posted)
        self.assertEqual(Decimal(self.bursar.trial_balance()["difference"]), 0)

    def check_balances(self, books, listed, before):
        paid = defaultdict(Decimal)
        for row in listed.values():
            if row["state"] != "Deleted":
                paid[row["account_id"]] += Decimal(row["amount"])
        own = defaultdict(Decimal)  # from what the clients were told alone
        for number, (_, account, amount) in books.payments.items():
            if number not in books.deleted:
                own[account] += amount
        for payment, _ in books.reversals.values():
            own[books.payments[payment][1]] -= books.payments[payment][2]
        for entry, (student, amount) in books.entries.items():
            if entry not in books.voided:
                own[account_of(student)] += amount
        for account, balance in before.items():
            self.assertEqual(paid[account], own[account], account)
            self.assertEqual(self.boss.balance(account), balance - own[account], account)

    def check_ledger(self, books, listed, before):
        """One entry for every payment, one more for every deletion, and no other."""
        ledger = self.office.ledger()
        new = set(ledger) - before
        of_payments = [row["ledger_entry_id"] for row in listed.values()]
        self.assertNotIn(None, of_payments)
        self.assertEqual(len(set(of_payments)), len(of_payments))
        self.assertLessEqual(set(of_payments), new)
        self.assertEqual(len(new), len(of_payments) + len(books.deleted))
        for row in listed.values():
            entry = ledger[row["ledger_entry_id"]]
            self.assertEqual((entry["account_id"], Decimal(entry["amount"])),
                             (row["account_id"], Decimal(row["amount"])))

    def check_stores(self):
        """The stores of the stopped deployment: no lock, no open run, no broken page."""
        self.bursar.run([str(os.path.join(os.path.dirname(__file__), "../../deploy/down"))],
                        timeout=60)
        for service in ("batch-service", "posting-service"):
            row, = query(self.bursar, service, "PRAGMA integrity_check")
            self.assertEqual(list(row.values()), ["ok"])
        locked = query(self.bursar, "batch-service",
                       "SELECT id FROM payment_batch WHERE lock_owner IS NOT NULL")
        self.assertEqual(locked, [])
        running = query(self.bursar, "batch-service",
                        "SELECT id FROM journal_run WHERE status = 'Running'")
        self.assertEqual(running, [])
        held = query(self.bursar, "batch-service",
                     "SELECT id FROM cash_drawer_session WHERE reserved <> 0")
        self.assertEqual(held, [])


if __name__ == "__main__":
    unittest.main()
