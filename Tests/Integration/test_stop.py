"""C-10: a service that is asked to stop under load ends by itself, in order, and loses nothing."""

import http.client
import json
import re
import signal
import threading
import time
import unittest
from collections import Counter

import test_crash
import test_payment_crash
from deployment import BATCHES, SERVICES, dumps, eventually, posting_set, random_id
from payments import query

GRACE_SECONDS = 25  # BURSAR_GRACE_SECONDS where nothing is said
ROUNDS = 2


def log(bursar, service):
    """The lines that a service has logged."""
    path = bursar.state / "log" / f"{service}.log"
    return [json.loads(line) for line in path.read_text().splitlines() if line.startswith("{")]


def stop(test, service):
    """Asks a service to stop: it ends with 0 within its grace, its stores closed, all told."""
    bursar = test.bursar
    lines = len(log(bursar, service))
    began = time.monotonic()
    pid = eventually(lambda: bursar.kill(service, signal.SIGTERM))
    report = re.compile(rf"{service} \(process {pid}\) (.*?);")

    def ended():
        return report.search((bursar.state / "log" / "supervisor.log").read_text())
    words = eventually(ended, GRACE_SECONDS + 5).group(1)
    took = time.monotonic() - began
    test.assertEqual(words, "ended with status 0", service)
    test.assertLess(took, GRACE_SECONDS, service)
    said = [line["message"] for line in log(bursar, service)[lines:]]
    order = [said.index(one) for one in (
        "a signal: finishing what is in flight", "stores closed", "stopped",
    )]
    test.assertEqual(order, sorted(order), said)
    print(f"{service} ended in {took:.1f} s", flush=True)
    eventually(lambda: bursar.pid(service) not in (None, pid), 40)
    eventually(lambda: bursar.ready(service), 40)


class Refused(threading.Thread):
    """Is refused without end, by the gateway and by batch-service: what leaves only audit rows."""

    def __init__(self, bursar):
        super().__init__(daemon=True)
        self.bursar = bursar
        self.stopped = threading.Event()
        self.requests = []  # the ids of requests that were refused

    def run(self):
        foreign = dumps(posting_set([(random_id(), "99999", "A484", "1")], "SYSTEM_ABC"))
        while not self.stopped.wait(0.02):
            for method, path, body in (
                ("GET", "/api/audit", None), ("POST", BATCHES, foreign),
            ):
                try:
                    reply = self.bursar.call(method, path, body, timeout=20)
                except (OSError, http.client.HTTPException, AssertionError):
                    continue  # no answer: nothing was promised
                if reply.status == 403:
                    self.requests.append(reply.headers["x-request-id"])


def stop_each(test, work):
    """Stops every service while clients work; each refusal is in the trail, once."""
    refused = Refused(test.bursar)
    refused.start()
    for _ in range(ROUNDS):
        for service in SERVICES:
            work()
            stop(test, service)
    refused.stopped.set()
    refused.join(60)
    test.assertGreater(len(refused.requests), ROUNDS * len(SERVICES))

    def missing():
        rows = query(test.bursar, "auth-service",
                     "SELECT request_id FROM audit_event WHERE outcome = 'refused'")
        found = Counter(row["request_id"] for row in rows)
        return [one for one in refused.requests if found[one] != 1]
    try:
        eventually(lambda: not missing(), 20, 0.3)
    except AssertionError:
        test.assertEqual(missing(), [])


class StopUnderSets(test_crash.Crash):
    # Inherited for its clients and its account of them, not for its tests.
    test_c_01_c_07_m_02_services_killed_at_random_lose_and_double_nothing = None
    test_c_06_callers_fail_closed_without_auth_service = None
    test_c_08_a_crash_loop_ends_in_progress = None

    def test_c_10_sets_in_flight_end_and_none_is_lost(self):
        self.under_load(lambda: stop_each(self, lambda: time.sleep(0.5)))


class StopUnderPayments(test_payment_crash.PaymentCrash):
    test_killed_services_lose_and_double_no_payment = None

    def test_c_10_payments_in_flight_end_and_none_is_lost(self):
        self.under_load(
            lambda books: stop_each(self, lambda: test_payment_crash.work_on(books, 20))
        )


if __name__ == "__main__":
    unittest.main()
