"""Closing, review, release and the PEA workflow (rows S0-11 to S0-16, A0-4 to A0-8; fault A-10)."""

import unittest
from decimal import Decimal

from deployment import eventually, random_id
from payments import DELETE, PAYMENT_BATCHES, shared_office

ONE_STEP = [{"step": 10, "catch_all": True, "group": False, "approvers": ["user:approver-one"]}]


class Review(unittest.TestCase):
    """Without workflow."""

    @classmethod
    def setUpClass(cls):
        cls.office = shared_office()
        cls.office.workflow(enabled=False)
        cls.vendor = cls.office.vendor_review
        cls.checker = cls.office.checker_one

    def closed(self, person=None, **more):
        person = person or self.vendor
        batch = person.batch(**more)
        reply = person.close(batch)
        self.assertEqual(reply.status, 200, reply)
        return batch

    def test_s0_13_to_s0_15_the_close_table(self):
        """Four values of release_batch_status, none among them, with the workflow and without."""
        expected = {
            ("vendor_released", False): (30, "Released"),
            ("vendor_review", False): (20, "In Review"),
            ("vendor_approved", False): (20, "Approved"),
            ("vendor_none", False): (20, "In Review"),
        }
        for name in ("vendor_released", "vendor_review", "vendor_approved", "vendor_none"):
            expected[name, True] = (20, "Workflow")
        for (name, workflow), (step, status) in expected.items():
            with self.subTest(name, workflow=workflow):
                self.office.workflow(ONE_STEP, enabled=workflow)
                try:
                    person = getattr(self.office, name)
                    batch = person.batch(("2.50", "1.25"))
                    answer = person.close(batch).json()
                    self.assertEqual((answer["life_cycle_step"], answer["status"]), (step, status))
                    self.assertEqual((answer["count"], Decimal(answer["total"])), (2, Decimal("3.75")))
                    one = person.get(batch)
                    self.assertEqual((one["life_cycle_step"], one["status"]), (step, status))
                    self.assertEqual(one["closed_by"], person.name)
                finally:
                    self.office.workflow(enabled=False)

    def test_segregation_neither_creator_nor_closer_releases(self):
        batch = self.checker.batch()
        self.assertEqual(self.office.checker_two.close(batch).json()["status"], "Released")
        # All of these hold Released and All: what refuses them is their part in the batch.
        batch = self.office.vendor_approved.batch()
        self.assertEqual(self.office.reviewer_weak.close(batch).json()["status"], "In Review")
        for person in (self.office.vendor_approved, self.office.reviewer_weak):
            self.assertEqual(person.move("release", batch).status, 403)
        creator = self.office.boss
        batch = creator.batch()
        self.assertEqual(self.office.reviewer_weak.close(batch).status, 200)
        self.assertEqual(creator.move("release", batch).status, 403)
        self.assertEqual(creator.get(batch)["status"], "In Review")
        reply = self.checker.move("release", batch)
        self.assertEqual(reply.status, 200, reply)
        self.assertEqual((reply.json()["life_cycle_step"], reply.json()["status"]), (30, "Released"))
        self.assertEqual(creator.get(batch)["released_by"], self.checker.name)

    def test_a_closer_does_not_release(self):
        """The closer's own release_batch_status is Released when it releases, and it is refused."""
        creator = self.office.vendor_review
        batch = creator.batch()
        self.assertEqual(creator.close(batch).status, 200)
        self.assertEqual(self.checker.move("return", batch).status, 200)
        role = ["role", "release_batch_status", "batch_posting_level", "deposit_number_policy",
                "overrides_gl_periods", "acts_for_others", "tasks"]
        weak = ("T-WEAK", "In Review", "All", "Not Required", False, False, "")
        self.assertEqual(self.office.reviewer_weak.close(batch).status, 200)
        try:
            self.office.load_file("roles", role, [("T-WEAK", "Released", *weak[2:])])
            other = self.closed()
            eventually(lambda: self.office.reviewer_weak.move("release", other).status == 200, 10)
            reply = self.office.reviewer_weak.move("release", batch)
            self.assertEqual(reply.status, 403, reply)
        finally:
            self.office.load_file("roles", role, [weak])

    def test_who_entered_a_payment_does_not_release_it(self):
        username = random_id("clerk-")
        batch = self.vendor.batch(username=username)
        self.assertEqual(self.checker.pay(username)["batch_id"], batch)
        self.assertEqual(self.vendor.close(batch).status, 200)
        self.assertEqual(self.checker.move("release", batch).status, 403)
        self.assertEqual(self.office.checker_two.move("release", batch).status, 200)

    def test_only_a_reviewer_with_released_releases(self):
        batch = self.closed()
        self.assertEqual(self.office.reviewer_weak.move("release", batch).status, 403)
        self.assertEqual(self.vendor.get(batch)["status"], "In Review")
        approved = self.closed(self.office.vendor_approved)
        self.assertEqual(self.checker.move("release", approved).status, 200)

    def test_return_and_resume_reopen_unless_the_key_is_taken(self):
        for action, first in (("return", None), ("resume", "release")):
            with self.subTest(action):
                username = random_id("clerk-")
                batch = self.closed(username=username)
                if first:
                    self.assertEqual(self.checker.move(first, batch).status, 200)
                second = self.vendor.pay(username)["batch_id"]
                self.assertNotEqual(second, batch)
                blocked = self.checker.move(action, batch)
                self.assertEqual(blocked.status, 409, blocked)
                self.assertEqual(self.vendor.close(second).status, 200)
                reply = self.checker.move(action, batch)
                self.assertEqual(reply.status, 200, reply)
                self.assertEqual((reply.json()["life_cycle_step"], reply.json()["status"]), (10, "Open"))
                self.assertEqual(self.vendor.pay(username)["batch_id"], batch)
                actions = [row["action"] for row in self.vendor.history(batch)]
                self.assertIn(action, actions)

    def test_the_creator_resumes_and_a_stranger_does_not(self):
        vendor = self.office.vendor_released
        batch = vendor.batch()
        self.assertEqual(vendor.close(batch).json()["status"], "Released")
        self.assertEqual(self.vendor.move("resume", batch).status, 403)
        self.assertEqual(vendor.move("resume", batch).status, 200)
        self.assertEqual(vendor.get(batch)["life_cycle_step"], 10)

    def test_deposit_numbers_always_required(self):
        clerk = self.office.clerk_always
        batch = clerk.batch()
        refused = clerk.close(batch)
        self.assertIn(refused.status, (409, 422), refused)
        self.assertIn(b"eposit", refused.body)
        self.assertEqual(clerk.get(batch)["status"], "Open")
        batch = clerk.batch(deposit_number="D-77")
        self.assertEqual(clerk.close(batch).status, 200)
        self.assertEqual(clerk.get(batch)["deposit_number"], "D-77")

    def test_the_history_tells_who_did_what(self):
        batch = self.closed()
        self.checker.move("release", batch, {"note": "seen"})
        rows = self.vendor.history(batch)
        self.assertEqual(
            [(row["action"], row["actor"], row["to"]) for row in rows if row["action"] != "open"][-2:],
            [("close", self.vendor.name, "In Review"), ("release", self.checker.name, "Released")],
        )
        self.assertEqual(rows[-1]["note"], "seen")
        self.assertTrue(all(row["at"] for row in rows))

    def test_a_release_with_an_idempotency_key(self):
        batch, key = self.closed(), random_id("K")
        first = self.checker.move("release", batch, key=key)
        again = self.checker.move("release", batch, key=key)
        self.assertEqual((first.status, again.status, again.body), (200, 200, first.body))
        other = self.checker.move("release", batch, {"note": "other"}, key=key)
        self.assertEqual(other.status, 422, other)

    # Every (status, event) pair

    def state(self, name):
        """A new batch in a state."""
        office, vendor = self.office, self.vendor
        if name in ("Workflow", "Released and locked"):
            office.workflow(ONE_STEP)
            try:
                batch = self.closed()
                if name != "Workflow":
                    reply = office.approver_one.move("approve", batch)
                    self.assertEqual(reply.status, 200, reply)
                return batch
            finally:
                office.workflow(ONE_STEP, enabled=False)  # what is under way keeps its rules
        if name == "Approved":
            return self.closed(office.vendor_approved)
        batch = vendor.batch()
        if name == "Deleted":
            self.assertEqual(vendor.delete(batch_id=batch).status, 200)
            self.assertIn(vendor.call("DELETE", f"{PAYMENT_BATCHES}/{batch}").status, (200, 204))
        elif name != "Open":
            self.assertEqual(vendor.close(batch).status, 200)
        if name in ("Released", "Posted"):
            self.assertEqual(self.checker.move("release", batch).status, 200)
        if name == "Posted":
            self.assertEqual(self.checker.run([batch])["status"], "Posted")
        return batch

    def event(self, name, batch):
        """An event by somebody who may do it, where it is allowed."""
        office = self.office
        if name == "close":
            return office.checker_two.close(batch)
        if name in ("approve", "reject"):
            return office.approver_one.move(name, batch)
        if name == "post":
            return self.checker.journal([batch])
        if name == "delete":
            return office.checker_two.call("DELETE", f"{PAYMENT_BATCHES}/{batch}")
        return office.checker_two.move(name, batch)

    def test_every_status_and_event(self):
        """1.3: what is not in the table is 409 and names state, action and what is allowed."""
        steps = {"Open": 10, "In Review": 20, "Approved": 20, "Workflow": 20, "Released": 30,
                 "Released and locked": 30, "Posted": 40}
        allowed = {
            ("Open", "close"): 200,
            ("In Review", "release"): 200, ("In Review", "return"): 200,
            ("Approved", "release"): 200, ("Approved", "return"): 200,
            ("Workflow", "approve"): 200, ("Workflow", "reject"): 200,
            ("Released", "resume"): 200, ("Released", "post"): 202,
            ("Released and locked", "post"): 202,
        }
        events = ["close", "release", "return", "resume", "approve", "reject", "post", "delete"]
        for state, step in steps.items():
            batch = None
            for event in events:
                with self.subTest(state, event=event):
                    batch = batch or self.state(state)
                    reply = self.event(event, batch)
                    if event == "close" and state != "Open":
                        # A0-7: closing again is answered with the current status.
                        self.assertEqual(reply.status, 200, reply)
                        self.assertEqual(reply.json()["life_cycle_step"], step)
                        continue
                    if (state, event) in allowed:
                        self.assertEqual(reply.status, allowed[state, event], reply)
                        if event == "post":
                            self.checker.ended(reply.headers["location"])
                        batch = None
                        continue
                    self.assertEqual(reply.status, 409, reply)
                    answer = reply.json()
                    self.assertEqual(answer["status"], state.removesuffix(" and locked"))
                    self.assertEqual(answer["life_cycle_step"], step)
                    self.assertEqual(answer["action"], event)
                    self.assertIsInstance(answer["allowed"], list)
                    if (state, event) != ("Open", "delete"):  # which is for empty batches
                        self.assertNotIn(event, answer["allowed"])
                    wanted = {one for at, one in allowed if at == state}
                    self.assertLessEqual(wanted, set(answer["allowed"]))
                    self.assertTrue(answer["message"])
                    self.assertTrue(answer["request_id"])
                    self.assertEqual(self.vendor.get(batch)["life_cycle_step"], step)

    def test_a_deleted_batch_takes_no_event(self):
        batch = self.state("Deleted")
        for event in ("close", "release", "return", "resume", "approve", "reject", "post", "delete"):
            with self.subTest(event):
                reply = self.event(event, batch)
                self.assertIn(reply.status, (404, 409, 422), reply)

    def test_a_10_the_maker_releases_nothing_and_edits_break_a_release(self):
        """A release names the content it was given for; other content is not what was reviewed."""
        batch = self.vendor.batch(("5.00", "6.00"))
        self.vendor.close(batch)
        seen = self.checker.get(batch)["content_hash"]
        first = self.vendor.payments(batch)[0]["payment_id"]
        self.assertEqual(self.vendor.delete(payment_id=first).status, 200)
        self.assertNotEqual(self.checker.get(batch)["content_hash"], seen)
        stale = self.checker.move("release", batch, {"content_hash": seen})
        self.assertEqual(stale.status, 409, stale)
        self.assertEqual(self.vendor.get(batch)["status"], "In Review")
        now = self.checker.get(batch)["content_hash"]
        self.assertEqual(self.checker.move("release", batch, {"content_hash": now}).status, 200)


class Workflow(unittest.TestCase):
    """PEA: rules with steps, amount ranges, catch-all and group approvers."""

    @classmethod
    def setUpClass(cls):
        cls.office = shared_office()
        cls.vendor = cls.office.vendor_review
        cls.one, cls.two = cls.office.approver_one, cls.office.approver_two

    def tearDown(self):
        self.office.workflow(enabled=False)

    def in_workflow(self, *amounts, person=None):
        person = person or self.vendor
        batch = person.batch(amounts or ("10.00",))
        reply = person.close(batch)
        self.assertEqual(reply.status, 200, reply)
        return batch

    def status(self, batch):
        one = self.vendor.get(batch)
        return one["life_cycle_step"], one["status"]

    def approve(self, person, batch, body=None):
        return person.move("approve", batch, body).status

    def test_steps_follow_each_other_and_the_last_locks(self):
        self.office.workflow([
            {"step": 10, "catch_all": True, "group": False, "approvers": ["user:approver-one"]},
            {"step": 20, "catch_all": True, "group": False, "approvers": ["user:approver-two"]},
        ])
        batch = self.in_workflow()
        self.assertEqual(self.approve(self.two, batch), 403)  # step 20 is not yet due
        self.assertEqual(self.approve(self.office.checker_one, batch), 403)  # no approver at all
        self.assertEqual(self.approve(self.one, batch), 200)
        self.assertEqual(self.status(batch), (20, "Workflow"))
        self.assertEqual(self.approve(self.one, batch), 403)
        self.assertEqual(self.approve(self.two, batch), 200)
        self.assertEqual(self.status(batch), (30, "Released"))
        for person in (self.vendor, self.office.checker_two):
            resumed = person.move("resume", batch)
            self.assertEqual(resumed.status, 409, resumed)
            self.assertNotIn("resume", resumed.json()["allowed"])
        dry = self.vendor.call("POST", DELETE, {"batch_id": batch, "dry_run": True})
        if dry.status == 200:
            self.assertEqual(dry.json()["count"], 0)
            self.assertTrue(dry.json()["skipped"])
        else:
            self.assertEqual(dry.status, 409, dry)
        rows = [row for row in self.vendor.history(batch) if row["action"] == "approve"]
        self.assertEqual([(row["actor"], row["workflow_step"]) for row in rows],
                         [("approver-one", 10), ("approver-two", 20)])
        self.assertTrue(all(row["at"] for row in rows))
        self.assertEqual(self.office.checker_one.run([batch])["status"], "Posted")

    def test_amounts_choose_the_rules(self):
        self.office.workflow([
            {"step": 10, "min_amount": Decimal("0.01"), "max_amount": Decimal("100.00"),
             "group": False, "approvers": ["user:approver-one"]},
            {"step": 20, "min_amount": Decimal("100.01"), "max_amount": Decimal("1000.00"),
             "group": False, "approvers": ["user:approver-two"]},
        ])
        for amounts, right, wrong in [
            (("60.00", "40.00"), self.one, self.two), (("60.00", "40.01"), self.two, self.one),
            (("1000.00",), self.two, self.one),
        ]:
            with self.subTest(amounts):
                batch = self.in_workflow(*amounts)
                self.assertEqual(self.approve(wrong, batch), 403)
                self.assertEqual(self.approve(right, batch), 200)
                self.assertEqual(self.status(batch), (30, "Released"))

    def test_an_amount_that_no_rule_matches(self):
        """Approved by itself and audited as such, or waiting, as the workflow is set."""
        rules = [{"step": 10, "min_amount": Decimal("1"), "max_amount": Decimal("5"),
                  "group": False, "approvers": ["user:approver-one"]}]
        self.office.workflow(rules)
        batch = self.in_workflow("10.00")
        self.assertEqual(self.status(batch), (30, "Released"))
        self.assertIn("auto", str(self.vendor.history(batch)).lower())
        self.office.workflow(rules, unmatched="wait")
        batch = self.in_workflow("10.00")
        self.assertEqual(self.status(batch), (20, "Workflow"))
        caught = rules + [{"step": 99, "catch_all": True, "group": False,
                           "approvers": ["user:approver-two"]}]
        self.office.workflow(caught)
        batch = self.in_workflow("10.00")
        self.assertEqual(self.approve(self.one, batch), 403)
        self.assertEqual(self.approve(self.two, batch), 200)

    def test_groups_and_roles(self):
        members = ["user:approver-one", "user:approver-two"]
        self.office.workflow([{"step": 10, "catch_all": True, "group": True, "approvers": members}])
        batch = self.in_workflow()
        self.assertEqual(self.approve(self.two, batch), 200)  # one of a group is enough
        self.assertEqual(self.status(batch), (30, "Released"))
        self.office.workflow([{"step": 10, "catch_all": True, "group": False, "approvers": members}])
        batch = self.in_workflow()
        self.assertEqual(self.approve(self.two, batch), 200)
        self.assertEqual(self.status(batch), (20, "Workflow"))
        self.assertEqual(self.approve(self.one, batch), 200)  # everybody named
        self.assertEqual(self.status(batch), (30, "Released"))
        self.office.workflow([{"step": 10, "catch_all": True, "group": True,
                               "approvers": ["role:T-APPROVER"]}])
        batch = self.in_workflow()
        self.assertEqual(self.approve(self.office.checker_one, batch), 403)
        self.assertEqual(self.approve(self.one, batch), 200)

    def test_a_rejected_batch_goes_back_to_its_clerk(self):
        self.office.workflow(ONE_STEP)
        batch = self.in_workflow()
        self.assertEqual(self.office.checker_one.move("reject", batch).status, 403)
        reply = self.one.move("reject", batch, {"note": "wrong day"})
        self.assertEqual(reply.status, 200, reply)
        self.assertEqual(self.status(batch), (10, "Open"))
        self.assertEqual(self.vendor.close(batch).json()["status"], "Workflow")
        self.assertEqual(self.approve(self.one, batch), 200)  # the rejection is not an approval
        row = [row for row in self.vendor.history(batch) if row["action"] == "reject"][0]
        self.assertEqual((row["actor"], row["note"]), ("approver-one", "wrong day"))

    def test_a_10_the_maker_does_not_approve(self):
        self.office.workflow(ONE_STEP)
        batch = self.in_workflow(person=self.one)
        reply = self.one.move("approve", batch)
        self.assertEqual(reply.status, 403, reply)
        self.assertEqual(self.status(batch), (20, "Workflow"))

    def test_a_10_a_checker_does_not_edit_what_it_approved(self):
        self.office.workflow([
            {"step": 10, "catch_all": True, "group": False, "approvers": ["user:checker-one"]},
            {"step": 20, "catch_all": True, "group": False, "approvers": ["user:approver-two"]},
        ])
        checker = self.office.checker_one
        batch = self.in_workflow("5.00", "6.00")
        payment = self.vendor.payments(batch)[0]["payment_id"]
        self.assertEqual(self.approve(checker, batch), 200)
        refused = checker.call("POST", DELETE, {
            "payment_id": payment, "dry_run": False, "count": 1, "total": Decimal("5.00"),
            "reason": "mine now",
        })
        self.assertEqual(refused.status, 403, refused)
        self.assertEqual(checker.reverse(payment).status, 403)
        self.assertEqual(self.vendor.get(batch)["count"], 2)
        self.assertEqual(self.status(batch), (20, "Workflow"))

    def test_a_10_an_approval_is_bound_to_the_content(self):
        self.office.workflow([
            {"step": 10, "catch_all": True, "group": False, "approvers": ["user:approver-one"]},
            {"step": 20, "catch_all": True, "group": False, "approvers": ["user:approver-two"]},
        ])
        batch = self.in_workflow("5.00", "6.00")
        seen = self.one.get(batch)["content_hash"]
        self.assertEqual(self.approve(self.one, batch, {"content_hash": seen}), 200)
        payment = self.vendor.payments(batch)[0]["payment_id"]
        self.assertEqual(self.vendor.delete(payment_id=payment).status, 200)
        # What the first approver saw is gone: its approval does not carry the batch any further.
        for body in ({"content_hash": seen}, None):
            self.assertIn(self.approve(self.two, batch, body), (403, 409))
        self.assertEqual(self.approve(self.one, batch, {"content_hash": seen}), 409)
        self.assertEqual(self.status(batch), (20, "Workflow"))
        self.assertEqual(self.approve(self.one, batch), 200)
        self.assertEqual(self.approve(self.two, batch), 200)
        self.assertEqual(self.status(batch), (30, "Released"))

    def test_a_reversal_batch_needs_its_approvers_too(self):
        """Its total is below zero; what counts is its size."""
        checker = self.office.checker_one
        batch = self.office.vendor_released.batch(("50.00",))
        self.assertEqual(self.office.vendor_released.close(batch).status, 200)
        self.assertEqual(checker.run([batch])["status"], "Posted")
        payment = self.vendor.payments(batch)[0]["payment_id"]
        reversal = checker.reverse(payment).json()["batch_id"]
        self.office.workflow([{"step": 10, "min_amount": Decimal("0.01"), "max_amount": 1_000_000,
                               "group": False, "approvers": ["user:approver-one"]}])
        self.assertEqual(checker.close(reversal).json()["status"], "Workflow")
        self.assertEqual(self.approve(self.one, reversal), 200)
        self.assertEqual(self.status(reversal), (30, "Released"))

    def test_a_rule_that_goes_away_does_not_open_its_step_to_everybody(self):
        self.office.workflow(ONE_STEP)
        batch = self.in_workflow()
        self.office.workflow([{"step": 10, "min_amount": 500, "max_amount": 600, "group": False,
                               "approvers": ["user:approver-two"]}], unmatched="wait")
        self.assertIn(self.approve(self.office.checker_two, batch), (403, 409))
        self.assertEqual(self.status(batch), (20, "Workflow"))

    def test_rules_are_checked_when_they_are_set(self):
        for rule in [
            {"step": 0, "catch_all": True, "approvers": ["user:x"]},
            {"step": 10, "approvers": []},
            {"step": 10, "catch_all": True, "approvers": ["approver-one"]},
            {"step": 10, "min_amount": 5, "max_amount": 4, "approvers": ["user:approver-one"]},
            {"step": 10, "catch_all": True, "approvers": ["user:approver-one"], "colour": 1},
        ]:
            with self.subTest(rule):
                body = {"enabled": True, "rules": [rule]}
                reply = self.office.settings("PUT", "/workflow", body)
                self.assertIn(reply.status, (400, 422), reply)
                self.assertTrue(reply.json()["errors"])
        self.assertEqual(self.vendor.call("GET", "/api/AR/v1/workflow").json()["enabled"], False)


if __name__ == "__main__":
    unittest.main()
