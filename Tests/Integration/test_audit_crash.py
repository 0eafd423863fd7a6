"""S1-3: services are killed between any commit and its audit row; every change keeps its row.

Each worker changes things that nobody else changes, to a new value each time, and asks until it is
told that the value holds. The trail is then read over the edge: the rows of a thing must be a chain
from its first value to the one that is read back, each change once and none without a row.
"""

import hashlib
import http.client
import json
import os
import random
import threading
import time
import unittest
from collections import Counter, defaultdict

from deployment import Deployment, dumps, eventually, posting_set, random_id
from payments import AR, PAYMENTS, Office, query, table

ROUNDS = int(os.environ.get("BURSAR_CAMPAIGN_ROUNDS", "10"))
SERVICES = ("auth-service", "batch-service", "posting-service")
MANAGE = "api:auth.keys:manage"
SCOPES = ("api:accounts_receivable.accounts:read", "api:general_ledger:read", "api:reports:read")


class Worker(threading.Thread):
    """Changes one thing again and again; keeps the values that it was told hold, in order."""

    def __init__(self, office, number, stopped):
        super().__init__(daemon=True)
        self.office = office
        self.bursar = office.bursar
        self.number = number
        self.stopped = stopped
        self.told = []
        self.failure = None

    def run(self):
        try:
            while not self.stopped.is_set():
                self.told.append(self.change(len(self.told) + 1))
        except Exception as error:  # told by the test
            self.failure = error

    def insist(self, ask):
        """The first answer that `ask` gives, which is None as long as the outcome is unclear."""
        began = time.monotonic()
        while True:
            try:
                answer = ask()
                if answer is not None:
                    return answer
            except (OSError, http.client.HTTPException, AssertionError):
                pass  # no answer, or no token: ask again
            if time.monotonic() - began > 120:
                raise AssertionError(f"{self} has no answer")
            time.sleep(0.05)

    def put(self, path, body, scope, method="PUT", expected=200, **headers):
        def ask():
            token = self.bursar.admin_token(scope)
            reply = self.bursar.call(method, path, body, token=token, headers=headers, timeout=20)
            if reply.status == expected:
                return reply
            if reply.status in (401, 403, 409, 429, 500, 502, 503, 504):
                return None
            raise RuntimeError(f"unexpected answer of {path}: {reply}")
        return self.insist(ask)

    def load(self, kind, columns, row):
        text = table(columns, [row])
        self.insist(lambda: self.bursar.bursar("import", kind, "-", "--format", "csv",
                                               stdin=text).returncode == 0 or None)


class Accounts(Worker):
    """posting-service: an import."""
    action = "posting.accounts.import"

    def change(self, count):
        name = f"Name {count}"
        self.load("accounts", ["account_id", "name"], (f"9{self.number:04}", name))
        return name

    def value(self, state):
        return state and state["name"]

    def owns(self, row):
        return f'"account_id":"9{self.number:04}"' in row["change"]

    def current(self):
        token = self.bursar.token(scope=SCOPES[0])
        path = f"/api/accounts_receivable/accounts/9{self.number:04}"
        return self.bursar.call("GET", path, token=token).json()["name"]


class Drawers(Worker):
    """batch-service: an import."""
    action = "batch.drawers.import"

    def change(self, count):
        name = f"Drawer {count}"
        columns = ["cash_drawer_id", "name", "campus_id"]
        self.load("drawers", columns, (9_700 + self.number, name, 901))
        return name

    def value(self, state):
        return state and state["name"]

    def owns(self, row):
        return f'"cash_drawer_id":{9_700 + self.number}' in row["change"]

    def current(self):
        rows = self.office.boss.call("GET", AR + "/drawers").json()
        return next(row["name"] for row in rows if row["cash_drawer_id"] == 9_700 + self.number)


class Setting(Worker):
    """A setting; its values come again, so that only neighbours differ."""
    scope = ("api:accounts_receivable.settings:write "
             "api:accounts_receivable.payments.batches:read")

    def change(self, count):
        value = self.values[count % len(self.values)]
        self.put(f"{AR}/settings/{self.name}", {"value": value}, self.scope)
        return value

    def value(self, state):
        return state

    def owns(self, row):
        return row["subject"].endswith(self.name)

    def current(self):
        token = self.bursar.admin_token(self.scope)
        rows = self.bursar.call("GET", AR + "/settings", token=token).json()
        return next(row["value"] for row in rows if row["name"] == self.name)


class FiscalYear(Setting):
    action, name, values = "posting.settings.put", "fiscal_year_start_month", range(1, 13)


class CheckCharge(Setting):
    action, name, values = "batch.settings.put", "nsf_charge_amount", range(0, 50)


class Grants(Worker):
    """auth-service: the scopes of an account."""
    action = "auth.accounts.put"

    def change(self, count):
        scopes = SCOPES[:1 + count % len(SCOPES)]
        self.put(f"/api/auth/accounts/audited-{self.number}", {"scopes": scopes}, MANAGE)
        return tuple(sorted(scopes))

    def value(self, state):
        return state and tuple(sorted(state["scopes"]))

    def owns(self, row):
        return row["subject"] == f"audited-{self.number}"

    def current(self):
        token = self.bursar.admin_token(MANAGE)
        rows = self.bursar.call("GET", "/api/auth/accounts", token=token).json()
        held = next(row for row in rows if row["account"] == f"audited-{self.number}")
        return tuple(sorted(held["scopes"]))


class Keys(Worker):
    """auth-service: API keys, each made once by its idempotency key."""

    def change(self, count):
        note = f"audited {count}"

        def ask():
            token = self.bursar.admin_token(MANAGE)
            reply = self.bursar.call(
                "POST", "/api/auth/keys", {"account": "system-xyz", "note": note}, token=token,
                headers={"Idempotency-Key": f"audited-{self.number}-{count}"}, timeout=20,
            )
            if reply.status == 201:
                return reply.json()["key_id"]
            if reply.status != 409:
                return None
            # It was made, and its answer was lost with the process: a secret is shown once.
            held = self.bursar.call("GET", "/api/auth/keys", token=token).json()
            return next((row["key_id"] for row in held if row["note"] == note), None)
        return self.insist(ask)


class Payments(Worker):
    def change(self, count):
        person = self.office.vendor_released
        key = random_id("KEY")
        body = person.payment(f"audited-{self.number}", f"{count}.00", account="101000")

        def ask():
            reply = person.call("POST", PAYMENTS, body, key=key, timeout=20)
            return reply.json()["payment_id"] if reply.status == 201 else None
        return self.insist(ask)


class Sets(Worker):
    def change(self, count):
        body = dumps(posting_set([(random_id(), "101001", "A484", "1.00")]))
        key = random_id("KEY")

        def ask():
            reply = self.bursar.submit(body, headers={"Idempotency-Key": key}, timeout=20)
            return reply.headers["location"] if reply.status == 202 else None
        return self.insist(ask)


class AuditCrash(unittest.TestCase):
    def setUp(self):
        self.bursar = Deployment().start()
        self.office = Office(self.bursar).load()

    def tearDown(self):
        self.bursar.stop()

    def trail(self):
        """Every allowed event, oldest first."""
        token, rows, key = self.bursar.admin_token("api:audit:read"), [], ""
        while True:
            path = "/api/audit?outcome=allowed&pagesize=1000" + key
            reply = self.bursar.call("GET", path, token=token)
            self.assertEqual(reply.status, 200, reply)
            page = reply.json()
            rows += page
            if len(page) < 1000:
                return rows[::-1]
            key = "&continuation_key=" + reply.headers["x-request-id"]

    def test_every_change_has_its_row_once_and_in_order(self):
        stopped = threading.Event()
        kinds = (Accounts, Drawers, FiscalYear, CheckCharge, Grants, Keys, Payments, Sets)
        before = len(self.trail())
        workers = [kind(self.office, number, stopped) for number, kind in enumerate(kinds)]
        for worker in workers:
            worker.start()
        dice = random.Random(20261201)
        for number in range(ROUNDS):
            time.sleep(dice.uniform(0.3, 1.0))
            service = SERVICES[number % len(SERVICES)]
            eventually(lambda: self.bursar.kill(service), 30)
            if number % 5 == 4:  # all at once
                for other in SERVICES:
                    self.bursar.kill(other)
        stopped.set()
        for worker in workers:
            worker.join(150)
            self.assertFalse(worker.is_alive(), f"{type(worker).__name__} hangs")
            if worker.failure:
                raise worker.failure
        self.bursar.wait_ready()
        counts = {type(worker).__name__: len(worker.told) for worker in workers}
        print(f"{ROUNDS} kills; told: {counts}", flush=True)
        self.assertTrue(all(counts.values()), counts)
        accounts, drawers, year, charge, grants, keys, payments, sets = workers
        for location in sets.told:
            self.bursar.finish(location, seconds=90)
        self.wait_sent(sets)
        rows = self.trail()
        self.assertGreater(len(rows), before)
        for worker in (accounts, drawers, year, charge, grants):
            self.check_chain(worker, rows)
        self.check_keys(keys, rows)
        self.check_once(rows, "payment/", payments.told)
        self.check_sets(sets.told, rows)
        self.check_order(rows)
        self.check_hashes()

    def wait_sent(self, sets):
        """The outboxes are empty and the last set is told, by themselves."""
        last = sets.told[-1].rsplit("/", 1)[1] + "/posted"

        def sent():
            waiting = [query(self.bursar, service, "SELECT id FROM audit_outbox LIMIT 1")
                       for service in ("batch-service", "posting-service")]
            told = query(self.bursar, "auth-service",
                         "SELECT id FROM audit_event WHERE origin_id = ?", last)
            return told and not any(waiting)
        eventually(sent, 60, 0.3)

    def check_chain(self, worker, rows):
        """Each value that was told, once, from the first to the one that is read back."""
        name = type(worker).__name__
        changes = []
        for row in rows:
            if row["action"] == worker.action and worker.owns(row):
                change = json.loads(row["change"])
                changes += change.get("rows", [change])
        values = [(worker.value(one["before"]), worker.value(one["after"])) for one in changes]
        for (_, after), (before, _) in zip(values, values[1:]):
            self.assertEqual(after, before, f"{name}: a row is missing, doubled or out of order")
        told = worker.told
        if values and len(values) == len(told) - 1:
            told = told[1:]  # the first put found its value there already
        elif len(values) == len(told) + 1:
            values = values[1:]  # the demo data had set it before
        self.assertEqual([after for _, after in values], told, name)
        self.assertEqual(worker.current(), values[-1][1], name)

    def check_keys(self, keys, rows):
        token = self.bursar.admin_token(MANAGE)
        listed = self.bursar.call("GET", "/api/auth/keys?account=system-xyz", token=token).json()
        made = Counter(row["key_id"] for row in listed if row["note"].startswith("audited"))
        audited = Counter(row["subject"] for row in rows if row["action"] == "auth.keys.create")
        self.assertEqual(made, Counter({key: audited[key] for key in made}))
        self.assertLessEqual(set(keys.told), set(made))

    def check_once(self, rows, prefix, told):
        found = Counter(row["subject"] for row in rows)
        self.assertEqual([one for one in told if found[f"{prefix}{one}"] != 1], [])

    def check_sets(self, told, rows):
        places = defaultdict(list)
        for row in rows:
            places[row["origin_id"]].append(row["id"])
        for location in told:
            task = location.rsplit("/", 1)[1]
            submitted, posted = places[task], places[task + "/posted"]
            self.assertEqual((len(submitted), len(posted)), (1, 1), task)
            self.assertLess(submitted[0], posted[0])

    def check_hashes(self):
        """Each row's hash is that of the row behind all before it."""
        columns = ("id at origin origin_id outcome actor key_id token_id peer action scope subject "
                   "reason request_id change").split()
        newest = bytes(32)
        for row in query(self.bursar, "auth-service", "SELECT * FROM audit_event ORDER BY id"):
            fields = [str(row[name]).encode() for name in columns]
            record = b"".join(len(one).to_bytes(4, "big") + one for one in fields)
            newest = hashlib.sha256(newest + record).digest()
            self.assertEqual(row["hash"], newest, row["id"])

    def check_order(self, rows):
        """The events of one store stand in the order of their commits."""
        numbers = defaultdict(list)
        for row in rows:
            parts = row["origin_id"].split("/")
            if row["origin"] in ("batch-service", "posting-service") and len(parts) == 3:
                numbers[parts[0]].append(int(parts[1]))
        self.assertEqual(len(numbers), 2)
        for found in numbers.values():
            self.assertEqual(found, sorted(set(found)))


if __name__ == "__main__":
    unittest.main()
