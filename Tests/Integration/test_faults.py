"""D-04, D-09: services on a disk that is slow, and without a file descriptor left."""

import http.client
import os
import pathlib
import random
import socket
import subprocess
import threading
import time
import unittest

from deployment import ROOT, Deployment, connect, dumps, eventually, posting_set, random_id
from python_client import RPCFault  # found by way of deployment
from test_crash import Ledger

ROUNDS = int(os.environ.get("BURSAR_CAMPAIGN_ROUNDS", "10"))
# D-04 names 0.3 to 30 s: the long campaign goes there.
SLOWEST_SYNC_MILLISECONDS = 30_000 if ROUNDS >= 60 else 1_500
EDGE_DEADLINE_SECONDS = 120


def fault_library(folder):
    """Compiles the faults of the file system that the storage tests load too."""
    library = pathlib.Path(folder) / "faults.so"
    source = ROOT / "Tests/Shared/Storage/Faults/faults.c"
    subprocess.run(
        ["g++", "-x", "c", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl",
         "-lpthread"],
        check=True, capture_output=True,
    )
    return library


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class PatientClient(threading.Thread):
    """Submits sets and gives up each answer after two seconds; asks again with the same key."""

    def __init__(self, bursar, number):
        super().__init__(daemon=True)
        self.bursar = bursar
        self.dice = random.Random(number)
        self.sets = []
        self.statuses = set()
        self.given_up = 0
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.is_set():
            rows = [(random_id(), str(self.dice.randint(100000, 104999)), "A484",
                     str(self.dice.randint(1, 1000)))]
            body, key = dumps(posting_set(rows)), random_id("KEY")
            while True:  # also once stopped: what was begun is seen to its end
                reply = self.ask(body, key)
                if reply is not None and reply.status == 202:
                    self.sets.append((reply.headers["location"], rows))
                    break
                time.sleep(0.1)

    def ask(self, body, key):
        try:
            reply = self.bursar.submit(body, headers={"Idempotency-Key": key}, timeout=2)
        except (OSError, http.client.HTTPException):
            self.given_up += 1
            return None
        self.statuses.add(reply.status)
        return reply


class SlowDisk(unittest.TestCase):
    def setUp(self):
        self.bursar = Deployment().start()
        self.bursar.token()
        self.before = {row["entry_id"] for row in self.bursar.entries()}
        self.bursar.run([str(ROOT / "deploy/down")], check=True)
        self.bursar.environment.update(
            LD_PRELOAD=str(fault_library(self.bursar.state)),
            STORAGE_FAULT="sync:SLOW:1:1000000000",
            STORAGE_FAULT_SLOW=f"300:{SLOWEST_SYNC_MILLISECONDS}",
            STORAGE_FAULT_PATH="batch.db",
        )
        self.bursar.start()

    def tearDown(self):
        self.bursar.stop()

    def test_d_04_deadlines_hold_and_a_retry_doubles_nothing(self):
        clients = [PatientClient(self.bursar, number) for number in range(4)]
        for client in clients:
            client.start()
        self.check_deadlines()
        time.sleep(min(ROUNDS, 10))
        for client in clients:
            client.stopped.set()
        for client in clients:
            client.join(EDGE_DEADLINE_SECONDS)
            self.assertFalse(client.is_alive(), "a client hangs")
        self.assertTrue(self.bursar.ready("batch-service"))
        self.assertGreater(sum(client.given_up for client in clients), 0)
        self.assertLessEqual(set().union(*(one.statuses for one in clients)), {202, 409, 429, 503})
        sets = [one for client in clients for one in client.sets]
        self.assertTrue(sets)
        Ledger(self, self.bursar).check(sets, self.before)

    def check_deadlines(self):
        """A call answers when its time is over, however long the disk takes."""
        rows = [(random_id(), "100001", "A484", "1")]
        connection = connect(self.bursar, "batch")
        try:
            for _ in range(5):
                began = time.monotonic()
                try:
                    connection.call("batch.sets.submit", body=dumps(posting_set(rows, "TRIAL")).encode(),
                                    timeout_ms=250, token=self.bursar.token(), key=random_id("KEY"))
                except RPCFault as fault:
                    self.assertEqual(fault.status, 4, fault)
                    self.assertEqual(fault.error.get("processed"), "maybe", fault.error)
                    self.assertLess(time.monotonic() - began, 0.3 + 1)
        finally:
            connection.close()


class NoDescriptors(unittest.TestCase):
    """D-09: a process without a descriptor left waits, and serves those whom it has."""

    def setUp(self):
        self.bursar = Deployment().start()
        self.bursar.token()

    def tearDown(self):
        self.bursar.stop()

    def starve(self, service, port, work):
        """Takes every descriptor, checks `work` and the processor meanwhile, then gives them back."""
        pid = self.bursar.pid(service)
        work()
        held = len(os.listdir(f"/proc/{pid}/fd"))
        old = subprocess.run(
            ["prlimit", "--pid", str(pid), "--nofile", "--output", "SOFT,HARD", "--noheadings"],
            check=True, capture_output=True, text=True,
        ).stdout.split()
        crowd = []
        subprocess.run(["prlimit", "--pid", str(pid), f"--nofile={held + 4}:{old[1]}"], check=True)
        try:
            crowd = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(30)]
            eventually(lambda: len(os.listdir(f"/proc/{pid}/fd")) >= held + 4, 10)
            began, used = time.monotonic(), processor_seconds(pid)
            while time.monotonic() - began < 3:
                work()
                time.sleep(0.1)
            share = (processor_seconds(pid) - used) / (time.monotonic() - began)
            self.assertLess(share, 0.6, "it spins over connections that it cannot accept")
        finally:
            subprocess.run(["prlimit", "--pid", str(pid), f"--nofile={old[0]}:{old[1]}"], check=True)
            for one in crowd:
                one.close()
        log = (self.bursar.state / "log" / f"{service}.log").read_text()
        self.assertIn("no connection can be accepted", log)
        self.assertEqual(self.bursar.pid(service), pid)

    def test_d_09_the_edge_serves_on_without_descriptors(self):
        host, port = self.bursar.address
        link = http.client.HTTPSConnection(host, port, context=self.bursar.tls(), timeout=10)
        path = "/api/accounts_receivable/postings/batches?pagesize=1"
        self.addCleanup(link.close)
        link.connect()

        def work():
            self.assertEqual(self.bursar.call("GET", path, link=link).status, 200)

        self.starve("gateway", port, work)
        eventually(lambda: self.bursar.call("GET", path).status == 200, 10)

    def test_d_09_a_service_serves_on_without_descriptors(self):
        connection = connect(self.bursar, "batch")
        self.addCleanup(connection.close)

        def work():
            self.assertEqual(connection.call("bursar.health").json()["status"], "serving")

        self.starve("batch-service", int(self.bursar.demo["BURSAR_BATCH"].rsplit(":", 1)[1]), work)
        rows = [(random_id(), "100001", "A484", "1")]
        self.assertEqual(self.bursar.post(posting_set(rows))["status"], "complete")
        connect(self.bursar, "batch").close()


if __name__ == "__main__":
    unittest.main()
