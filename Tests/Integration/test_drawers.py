"""Drawers and sessions: one open session a drawer, limits that hold (1.3, S2-9, S2-21; fault T-08)."""

import unittest
from decimal import Decimal

from deployment import random_id
from payments import AR, COMMAND, NORTH, SOUTH, STUDENTS, at_once, shared_office, unscheduled


class Drawers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = shared_office()
        cls.office.workflow(enabled=False)
        cls.teller = cls.office.teller_one

    def call(self, drawer, session=None, action=None, body=None, **options):
        path = f"{AR}/drawers/{drawer}/sessions"
        if session is not None:
            path += f"/{session}" + (f"/{action}" if action else "")
        method = "GET" if session is not None and action is None else "POST"
        return self.teller.call(method, path, body, **options)

    def open(self, drawer, **options):
        return self.call(drawer, body={"cashier_user_id": self.teller.user_id}, **options)

    def pay(self, drawer, session, amount, student=STUDENTS[0], **more):
        body = unscheduled(student, amount, drawer=drawer, session=session,
                           cashier=self.teller.user_id, **more)
        return self.teller.call("POST", COMMAND, {"payload": body})

    def test_a_session_opens_closes_and_is_reconciled(self):
        drawer = self.office.drawer(8101)
        opened = self.open(drawer)
        self.assertEqual(opened.status, 201, opened)
        session = opened.json()["cash_drawer_session_id"]
        self.assertEqual(
            (opened.json()["cash_drawer_id"], opened.json()["status"],
             opened.json()["cashier_user_id"]), (drawer, "Open", self.teller.user_id),
        )
        self.assertIn(opened.json()["is_reconciled"], (0, False))
        second = self.open(drawer)  # one open session a drawer
        self.assertEqual(second.status, 409, second)
        early = self.call(drawer, session, "reconcile", {"counted_amount": 0})
        self.assertEqual(early.status, 409, early)
        self.assertEqual((early.json()["status"], early.json()["action"]), ("Open", "reconcile"))
        self.assertIn("close", early.json()["allowed"])
        self.assertEqual(self.pay(drawer, session, "12.50").status, 200)
        shown = self.call(drawer, session).json()
        self.assertEqual((Decimal(shown["total"]), shown["status"]), (Decimal("12.50"), "Open"))

        closed = self.call(drawer, session, "close", {"counted_amount": Decimal("12.50")})
        self.assertEqual((closed.status, closed.json()["status"]), (200, "Closed"), closed)
        refused = self.pay(drawer, session, "1.00")
        self.assertEqual(refused.status, 400, refused)
        self.assertIn("cashdrawersessionid", refused.body.decode().lower())
        third = self.open(drawer)  # the drawer is free once its session is closed
        self.assertEqual(third.status, 201, third)
        done = self.call(drawer, session, "reconcile", {"counted_amount": Decimal("12.50"),
                                                        "note": "agrees"})
        self.assertEqual((done.status, done.json()["status"]), (200, "Reconciled"), done)
        self.assertIn(done.json()["is_reconciled"], (1, True))
        for action in ("close", "reconcile"):
            again = self.call(drawer, session, action, {"counted_amount": 1})
            self.assertEqual(again.status, 409, again)
            self.assertEqual(again.json()["status"], "Reconciled")
        self.assertEqual(self.call(drawer, session).json()["status"], "Reconciled")

    def test_one_session_of_many_that_open_at_once(self):
        drawer = self.office.drawer(8102)
        replies = at_once([lambda: self.open(drawer)] * 8, 8)
        self.assertEqual(sorted(reply.status for reply in replies), [201] + [409] * 7)

    def test_faults_of_a_session(self):
        drawer = self.office.drawer(8103)
        for body in ({}, {"cashier_user_id": "x"}, {"cashier_user_id": 99999999},
                     {"cashier_user_id": self.office.checker_one.user_id},  # not a cashier
                     {"cashier_user_id": self.teller.user_id, "colour": 1}):
            with self.subTest(body):
                reply = self.call(drawer, body=body)
                self.assertIn(reply.status, (400, 422), reply)
        self.assertEqual(self.open(2 ** 40).status, 404)
        self.assertEqual(self.call(drawer, 2 ** 40).status, 404)
        self.assertEqual(self.call(drawer, 2 ** 40, "close", {}).status, 404)

    def test_idempotency_of_opening(self):
        drawer, key = self.office.drawer(8104), random_id("K")
        first = self.open(drawer, key=key)
        self.assertEqual(first.status, 201, first)
        again = self.open(drawer, key=key)
        self.assertEqual((again.status, again.body), (201, first.body))
        other = self.call(8103, body={"cashier_user_id": self.teller.user_id}, key=key)
        self.assertEqual(other.status, 422, other)

    def test_the_warning_amount_warns(self):
        drawer = self.office.drawer(8105, warning="100.00", restrict="1000.00")
        session = self.open(drawer).json()["cash_drawer_session_id"]
        below = self.pay(drawer, session, "99.99")
        self.assertEqual((below.status, below.json()["hasWarning"]), (200, False), below)
        above = self.pay(drawer, session, "0.01")
        self.assertEqual((above.status, above.json()["hasWarning"]), (200, True), above)
        self.assertTrue(above.json()["notifications"])

    def test_t_08_many_payments_never_pass_the_restrict_amount(self):
        """Write skew on a limit: 40 payments of 10.00 beside each other below a limit of 100.00."""
        drawer = self.office.drawer(8106, restrict="100.00")
        session = self.open(drawer).json()["cash_drawer_session_id"]
        jobs = [
            lambda number=number: self.pay(drawer, session, "10.00", STUDENTS[number % 20])
            for number in range(40)
        ]
        replies = at_once(jobs, 20)
        accepted = [reply for reply in replies if reply.status == 200]
        for reply in replies:
            if reply.status != 200:
                self.assertEqual(reply.status, 400, reply)
                self.assertTrue(reply.json()["hasValidationError"], reply)
        shown = self.call(drawer, session).json()
        self.assertLessEqual(Decimal(shown["total"]), 100)
        self.assertEqual(Decimal(shown["total"]), 10 * len(accepted))
        self.assertGreaterEqual(len(accepted), 9)  # and the room there is gets used
        # At the limit nothing more is taken until the session is closed; a new one has room again.
        self.assertEqual(self.pay(drawer, session, "100.00").status, 400)
        self.assertEqual(self.call(drawer, session, "close", {}).status, 200)
        reply = self.call(drawer, session, "reconcile", {"counted_amount": Decimal(shown["total"])})
        self.assertEqual(reply.status, 200, reply)
        session = self.open(drawer).json()["cash_drawer_session_id"]
        self.assertEqual(self.pay(drawer, session, "10.00").status, 200)

    def test_t_08_payments_race_with_the_closing_of_their_session(self):
        drawer = self.office.drawer(8107)
        session = self.open(drawer).json()["cash_drawer_session_id"]
        jobs = [lambda: self.pay(drawer, session, "1.00") for _ in range(16)]
        jobs.insert(8, lambda: self.call(drawer, session, "close", {}))
        replies = at_once(jobs, 17)
        paid = [reply for place, reply in enumerate(replies) if place != 8 and reply.status == 200]
        if replies[8].status != 200:  # payments under way may hold the session open
            self.assertEqual(replies[8].status, 409, replies[8])
        shown = self.call(drawer, session).json()
        self.assertEqual(Decimal(shown["total"]), len(paid))

    def test_a_drawer_of_another_campus(self):
        drawer = self.office.drawer(8108, campus=SOUTH)
        session = self.open(drawer).json()["cash_drawer_session_id"]
        reply = self.pay(drawer, session, "1.00", STUDENTS[0])  # of the north
        self.assertEqual(reply.status, 400, reply)
        self.assertIn("cashdrawerid", reply.body.decode().lower())

    def test_the_list_of_drawers(self):
        drawer = self.office.drawer(8109, warning="5.00", restrict="10.00")
        reply = self.teller.call("GET", AR + "/drawers")
        self.assertEqual(reply.status, 200, reply)
        one = [row for row in reply.json() if row["cash_drawer_id"] == drawer][0]
        self.assertEqual((one["campus_id"], Decimal(one["warning_amount"]), one["open_session"]),
                         (NORTH, 5, None))


if __name__ == "__main__":
    unittest.main()
