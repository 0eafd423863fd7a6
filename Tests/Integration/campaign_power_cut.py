"""C-13: the plug is pulled under a stream of sets or payments; everything accepted survives.

The state folder lies on ext4 in a file on XFS. While every process is stopped, the file is copied
by reference: the copy is the disk as a power cut would leave it, with everything that was not
flushed gone. A deployment on the copy must then know every set and payment that was accepted.

Needs root, loop devices and xfsprogs: Tests/Integration/run campaign_power_cut
"""

import http.client
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from collections import defaultdict
from decimal import Decimal

from deployment import SERVICES, Deployment, eventually
from payments import COMMAND, PAYMENT_BATCHES, PAYMENTS, STUDENTS, Office, query, unscheduled
from test_crash import Client, Ledger

CUTS = int(os.environ.get("BURSAR_CAMPAIGN_CUTS", "3"))


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


class Disk:
    """An ext4 file system whose unflushed bytes can be thrown away."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bursar-disk-"))
        self.back, self.data = self.folder / "back", self.folder / "data"
        self.back.mkdir()
        self.data.mkdir()
        image = self.folder / "back.img"
        run("truncate", "-s", "3G", str(image))
        run("mkfs.xfs", "-q", "-m", "reflink=1", str(image))
        run("mount", "-o", "loop", str(image), str(self.back))
        run("truncate", "-s", "1G", str(self.back / "disk.img"))
        run("mkfs.ext4", "-q", "-F", str(self.back / "disk.img"))
        run("mount", "-o", "loop", str(self.back / "disk.img"), str(self.data))

    def cut(self):
        run("cp", "--reflink=always", str(self.back / "disk.img"), str(self.back / "cut.img"))

    def restore(self):
        run("umount", str(self.data))
        os.replace(self.back / "cut.img", self.back / "disk.img")
        run("mount", "-o", "loop", str(self.back / "disk.img"), str(self.data))

    def remove(self):
        for place in (self.data, self.back):
            subprocess.run(["umount", str(place)], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Payer(threading.Thread):
    """Pays without end, half of it as unscheduled payments; remembers what was accepted."""

    def __init__(self, office, number):
        super().__init__(daemon=True)
        self.office = office
        self.dice = random.Random(number)
        self.stopped = threading.Event()
        self.payments = {}  # payment -> amount
        self.entries = {}   # ledger entry -> amount

    def run(self):
        while not self.stopped.is_set():
            try:
                self.pay()
            except (OSError, http.client.HTTPException, AssertionError):
                time.sleep(0.02)  # no answer: nobody was told of this one

    def pay(self):
        amount = Decimal(self.dice.randint(1, 100_000)) / 100
        if self.dice.random() < 0.5:
            person = self.office.vendor_review
            body = person.payment(f"station-{self.dice.randrange(3)}", str(amount))
            reply = person.call("POST", PAYMENTS, body, timeout=5)
            if reply.status == 201:
                self.payments[reply.json()["payment_id"]] = amount
        else:
            body = {"payload": unscheduled(STUDENTS[self.dice.randrange(30, 60)], str(amount))}
            reply = self.office.boss.call("POST", COMMAND, body, timeout=5)
            if reply.status == 200:
                self.entries[reply.json()["payload"]["data"]["id"]] = amount


class PowerCut(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0 or shutil.which("mkfs.xfs") is None:
            self.skipTest("needs root and xfsprogs")
        self.disk = Disk()
        self.bursar = Deployment(state=self.disk.data / "state").start()

    def tearDown(self):
        self.bursar.stop()
        self.disk.remove()

    def test_c_13_every_accepted_set_survives_a_power_cut(self):
        before = {row["entry_id"] for row in self.bursar.entries()}
        accepted = []
        for cut in range(CUTS):
            self.bursar.token()
            clients = [Client(self.bursar, 100 * cut + number) for number in range(4)]
            for client in clients:
                client.start()
            time.sleep(2)
            self.pull_the_plug(clients)
            accepted += [one for client in clients for one in client.sets]
            self.bursar.start()
            Ledger(self, self.bursar).check(accepted, before, at_least=True)

    def test_c_13_every_accepted_payment_survives_a_power_cut(self):
        office = Office(self.bursar).load()
        before = {one: office.boss.balance(one) for one in ["100001"]}
        payments, entries = {}, {}
        for cut in range(CUTS):
            self.bursar.tokens.clear()
            office.boss.token, office.vendor_review.token
            payers = [Payer(office, 100 * cut + number) for number in range(4)]
            for payer in payers:
                payer.start()
            time.sleep(2)
            self.pull_the_plug(payers)
            for payer in payers:
                payments.update(payer.payments)
                entries.update(payer.entries)
            self.bursar.start()
            eventually(lambda: not query(self.bursar, "posting-service",
                                         "SELECT 1 FROM payment_outbox LIMIT 1"), 30)
            eventually(lambda: not query(self.bursar, "batch-service",
                                         "SELECT 1 FROM ledger_outbox LIMIT 1"), 30)
            self.check_payments(office, payments, entries, before)

    def check_payments(self, office, payments, entries, before):
        """Every accepted payment once; batches, ledger and balances agree on all there are."""
        listed, totals = {}, defaultdict(Decimal)
        for batch in office.boss.all(PAYMENT_BATCHES):
            rows = office.boss.payments(batch["batch_id"])
            self.assertEqual(Decimal(batch["total"]), sum(Decimal(one["amount"]) for one in rows))
            for row in rows:
                self.assertNotIn(row["payment_id"], listed)
                listed[row["payment_id"]] = row
                totals[row["account_id"]] += Decimal(row["amount"])
        by_entry = {row["ledger_entry_id"]: row for row in listed.values()}
        self.assertEqual(len(by_entry), len(listed))
        for number, amount in payments.items():
            self.assertEqual(Decimal(listed[number]["amount"]), amount)
        for number, amount in entries.items():
            self.assertEqual(Decimal(by_entry[number]["amount"]), amount)
        for account, balance in before.items():
            self.assertEqual(office.boss.balance(account), balance - totals[account])
        self.assertGreater(len(payments), 10)
        self.assertGreater(len(entries), 10)

    def pull_the_plug(self, clients):
        """Stops everything at one moment, keeps the disk of that moment, kills everything."""
        supervisor = int((self.bursar.state / "run" / "supervisor.pid").read_text())
        pids = [supervisor] + [self.bursar.pid(service) for service in SERVICES]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        for client in clients:
            client.stopped.set()
        self.disk.cut()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for client in clients:
            client.join(60)
        self.disk.restore()


if __name__ == "__main__":
    unittest.main()
