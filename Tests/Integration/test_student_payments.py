"""Seed 002: unscheduled payments tied to their fund source (rows S2-1 to S2-25, A2-1 to A2-18)."""

import json
import unittest
from decimal import Decimal

import ninety_ten
from deployment import eventually, random_id
from payments import (COMMAND, DELETE, FEDERAL, FUND_NAMES, FUNDS, GRANT, LOAN, OWN_MONEY,
                      PAYMENT_BATCHES, SOUTH, STUDENTS, VOID, account_of, at_once, period_of,
                      shared_office, unscheduled, year_of)

# The contract's 3b, byte for byte.
SAMPLE = b"""{"payload": {"academicYearSequence": 2, "awardYear": "2023-24", "bankAccountId": 1,
  "description": "Student payment received", "fundSourceId": 11, "paymentMode": 2, "paymentType": "H",
  "checkNumber": "2345", "studentAcademicYearId": 719, "studentEnrollmentPeriodId": 264, "studentId": 50090,
  "transactionAmount": 250.00, "transactionDate": "2024/09/01 00:00:00", "isNewPaymentSuccessful": true,
  "ignoreTermRequired": false, "termId": 61, "cashDrawerId": 15, "cashDrawerSessionId": 20, "cashierUserId": 3186}}
"""
FLAGS = ["hasError", "hasFault", "hasWarning", "hasValidationError", "hasValidationWarning",
         "hasValidationInformation", "hasSecurityError"]
REQUIRED = ["academicYearSequence", "awardYear", "bankAccountId", "description", "fundSourceId",
            "paymentMode", "paymentType", "studentAcademicYearId", "studentEnrollmentPeriodId",
            "studentId", "transactionAmount", "transactionDate"]
TERM_SETTING = "require_term_codes"


def properties(reply):
    """The properties that an answer's notifications name, one for each notification."""
    return sorted(one["property"] or "" for one in reply.json()["notifications"])


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = shared_office()
        cls.office.workflow(enabled=False)
        cls.teller = cls.office.teller_one
        cls.boss = cls.office.boss

    def post(self, payload, person=None, path=COMMAND, envelope=True, **options):
        body = {"payload": payload} if envelope else payload
        return (person or self.teller).call("POST", path, body, **options)

    def check_success(self, reply):
        self.assertEqual(reply.status, 200, reply)
        answer = reply.json()
        self.assertEqual(set(answer), {"payload", "notifications", *FLAGS})
        self.assertEqual([answer[flag] for flag in FLAGS], [False] * len(FLAGS), reply)
        self.assertEqual(answer["notifications"], [])
        data = answer["payload"]["data"]
        self.assertGreater(data["id"], 0)
        self.assertEqual(data["entityState"], 0)
        self.assertTrue(data["rowVersion"])
        return data

    def check_refusal(self, reply, expected):
        """A validation error that names these properties, and says something about each."""
        self.assertEqual(reply.status, 400, reply)
        answer = reply.json()
        self.assertEqual(set(answer), {"payload", "notifications", *FLAGS})
        self.assertEqual(
            {flag for flag in FLAGS if answer[flag]}, {"hasError", "hasValidationError"}, reply
        )
        self.assertEqual(properties(reply), sorted(expected), reply)
        for one in answer["notifications"]:
            self.assertTrue(one["message"], one)

    def picture(self):
        """What a refused payment may not change: entries, awards, batches, drawers."""
        drawers = self.teller.call("GET", "/api/AR/v1/drawers").body
        batches = self.teller.all(PAYMENT_BATCHES)
        return self.office.ledger(), self.office.awards(), batches, drawers

    def payment_of(self, entry, username):
        """The payment that batch-service made of a ledger entry."""
        def found():
            for batch in self.teller.all(f"{PAYMENT_BATCHES}?username={username}"):
                for row in self.teller.payments(batch["batch_id"]):
                    if row["ledger_entry_id"] == entry:
                        return row, batch
            return None
        return eventually(found, 10)


class Unscheduled(Base):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drawer = cls.office.drawer(8001)
        cls.session = cls.office.session(cls.drawer, cls.teller)
        cls.other_drawer = cls.office.drawer(8002)
        cls.other_session = cls.office.session(cls.other_drawer, cls.office.teller_two)
        cls.closed_drawer = cls.office.drawer(8003)
        cls.closed_session = cls.office.session(cls.closed_drawer, cls.teller)
        path = f"/api/AR/v1/drawers/{cls.closed_drawer}/sessions/{cls.closed_session}/close"
        assert cls.teller.call("POST", path, {}).status == 200

    def good(self, student=STUDENTS[0], **more):
        values = {"drawer": self.drawer, "session": self.session, "cashier": self.teller.user_id}
        values.update(more)
        return unscheduled(student, **values)

    def test_3b_the_sample_verbatim(self):
        bursar = self.office.bursar
        token = bursar.token(scope="api:student_accounts.payments:write")
        for authorization in ("Bearer " + token, "ApplicationKey " + bursar.demo["BURSAR_API_KEY"]):
            with self.subTest(authorization[:10]):  # A2-16
                reply = bursar.request("POST", COMMAND, SAMPLE, {
                    "Authorization": authorization, "Content-Type": "application/json",
                })
                data = self.check_success(reply)
                _, batch = self.payment_of(data["id"], "cashier1")
                self.assertEqual((batch["username"], batch["date"]), ("cashier1", "2024-09-01"))

    def test_s2_5_entry_award_and_payment_belong_together(self):
        student = STUDENTS[1]
        before = self.teller.balance(account_of(student))
        data = self.check_success(self.post(self.good(student, amount="123.45", paymentType="H",
                                                      checkNumber="881")))
        self.assertEqual(self.teller.balance(account_of(student)), before - Decimal("123.45"))
        entry = self.office.ledger()[data["id"]]
        self.assertEqual(Decimal(entry["amount"]), Decimal("123.45"))
        self.assertEqual(entry["account_id"], account_of(student))
        award, = self.office.awards(student_enrollment_period_id=period_of(student))
        self.assertEqual(
            (award["fund_source_id"], award["award_year"], award["student_academic_year_id"]),
            (OWN_MONEY, "2023-24", year_of(student)),
        )
        row, batch = self.payment_of(data["id"], self.teller.name)
        self.assertEqual(
            (Decimal(row["amount"]), row["payment_type"], row["check_number"], row["account_id"],
             row["student_award_id"], row["cash_drawer_session_id"], row["cashier_user_id"]),
            (Decimal("123.45"), "H", "881", account_of(student), award["id"], self.session,
             self.teller.user_id),
        )
        self.assertEqual((batch["date"], batch["life_cycle_step"]), ("2024-03-15", 10))

    def test_a2_1_to_a2_4_forms_of_one_request(self):
        head, last = COMMAND.rsplit("/", 1)
        for word in (last, last[0].lower() + last[1:], last.lower(), last.upper()):
            with self.subTest(word):
                self.check_success(self.post(self.good(), path=f"{head}/{word}"))
        pascal = {name[0].upper() + name[1:]: value for name, value in self.good().items()}
        for name, body, envelope in [
            ("bare", self.good(), False), ("Pascal", pascal, True),
            ("upper", {name.upper(): value for name, value in self.good().items()}, True),
            ("1 for true", self.good(isNewPaymentSuccessful=1, ignoreTermRequired=0), True),
            ("ISO date", self.good(transactionDate="2024-03-15"), True),
            ("ISO time", self.good(transactionDate="2024-03-15T00:00:00"), True),
            ("no success flag", {name: value for name, value in self.good().items()
                                 if name != "isNewPaymentSuccessful"}, True),
        ]:
            with self.subTest(name):
                self.check_success(self.post(body, envelope=envelope))
        twice = {**self.good(), "StudentID": STUDENTS[0]}
        self.assertEqual(self.post(twice).status, 400)

    def test_s2_8_each_of_the_twelve_fields_missing(self):
        before = self.picture()
        for name in REQUIRED:
            for value in (None, "absent"):
                with self.subTest(name, value=value):
                    body = self.good()
                    if value is None:
                        text = json.dumps({"payload": {**body, name: None}},
                                          default=lambda one: float(one))
                    else:
                        del body[name]
                        text = json.dumps({"payload": body}, default=lambda one: float(one))
                    self.check_refusal(self.teller.call("POST", COMMAND, text), [name])
        self.assertEqual(self.post(1).status, 400)
        reply = self.post({})
        self.check_refusal(reply, REQUIRED)
        self.assertEqual(self.picture(), before)

    def broken(self):
        """Every rule broken singly: a name, the change, and the property that is named."""
        stranger = STUDENTS[2]
        other = self.office.teller_two
        return [
            ("S2-10", {"academicYearSequence": 2}, "academicYearSequence"),
            ("S2-11 no year after", {"awardYear": "2023-25"}, "awardYear"),
            ("S2-11 short", {"awardYear": "23-24"}, "awardYear"),
            ("S2-11 slash", {"awardYear": "2023/24"}, "awardYear"),
            ("S2-11 century", {"awardYear": "2099-01"}, "awardYear"),
            ("S2-12 other campus", {"bankAccountId": 9321}, "bankAccountId"),
            ("S2-12 unknown", {"bankAccountId": 987654}, "bankAccountId"),
            ("S2-13", {"fundSourceId": 987654}, "fundSourceId"),
            ("S2-14", {"paymentMode": 1}, "paymentMode"),
            ("S2-15", {"paymentType": "X"}, "paymentType"),
            ("S2-15 case", {"paymentType": "h"}, "paymentType"),
            ("S2-16 unknown", {"studentAcademicYearId": 987654}, "studentAcademicYearId"),
            ("S2-16 stranger", {"studentAcademicYearId": year_of(stranger)},
             "studentAcademicYearId"),
            ("S2-17 unknown", {"studentEnrollmentPeriodId": 987654}, "studentEnrollmentPeriodId"),
            ("S2-17 stranger", {"studentEnrollmentPeriodId": period_of(stranger)},
             "studentEnrollmentPeriodId"),
            ("S2-17 student", {"studentId": 987654}, "studentId"),
            ("A2-13 zero", {"transactionAmount": 0}, "transactionAmount"),
            ("A2-13 negative", {"transactionAmount": -1}, "transactionAmount"),
            ("three decimals", {"transactionAmount": Decimal("1.001")}, "transactionAmount"),
            ("text", {"transactionAmount": "1.00"}, "transactionAmount"),
            ("S2-18 time", {"transactionDate": "2024/03/15 10:00:00"}, "transactionDate"),
            ("S2-18 no day", {"transactionDate": "2024/02/30 00:00:00"}, "transactionDate"),
            ("A2-5", {"isNewPaymentSuccessful": False}, "isNewPaymentSuccessful"),
            ("description", {"description": ""}, "description"),
            ("S2-9 drawer", {"cashDrawerId": None}, "cashDrawerId"),
            ("S2-9 session", {"cashDrawerSessionId": None}, "cashDrawerSessionId"),
            ("S2-9 cashier", {"cashierUserId": None}, "cashierUserId"),
            ("S2-21 closed", {"cashDrawerId": self.closed_drawer,
                              "cashDrawerSessionId": self.closed_session}, "cashDrawerSessionId"),
            ("S2-21 unknown", {"cashDrawerSessionId": 987654}, "cashDrawerSessionId"),
            ("A2-11", {"cashDrawerSessionId": self.other_session}, "cashDrawerSessionId"),
            ("S2-21 no cashier", {"cashierUserId": self.office.checker_one.user_id},
             "cashierUserId"),
            ("A2-10 another", {"cashierUserId": other.user_id, "cashDrawerId": self.other_drawer,
                               "cashDrawerSessionId": self.other_session}, "cashierUserId"),
            ("A2-18", {"colour": "red"}, "colour"),
        ]

    def test_s2_10_to_s2_21_each_rule_broken_by_itself(self):
        before = self.picture()
        for name, change, expected in self.broken():
            with self.subTest(name):
                body = {**self.good(), **change}
                body = {key: value for key, value in body.items() if value is not None}
                self.check_refusal(self.post(body), [expected])
        self.assertEqual(self.picture(), before)

    def test_s2_10_to_s2_21_all_rules_broken_at_once(self):
        before = self.picture()
        body = self.good(
            academicYearSequence=2, awardYear="2023-25", bankAccountId=9321, fundSourceId=987654,
            paymentMode=1, paymentType="X", transactionAmount=0,
            transactionDate="2024/03/15 10:00:00", isNewPaymentSuccessful=False, description="",
            cashDrawerSessionId=self.other_session, cashierUserId=self.office.checker_one.user_id,
            colour="red",
        )
        reply = self.post(body)
        self.check_refusal(reply, [
            "academicYearSequence", "awardYear", "bankAccountId", "fundSourceId", "paymentMode",
            "paymentType", "transactionAmount", "transactionDate", "isNewPaymentSuccessful",
            "description", "cashDrawerSessionId", "cashierUserId", "colour",
        ])
        self.assertEqual(self.picture(), before)

    def test_s2_20_terms(self):
        self.office.set(TERM_SETTING, True)
        try:
            for ignored, term, accepted in [
                (False, None, False), (None, None, False), (False, 61, True), (True, None, True),
                (1, None, True),
            ]:
                with self.subTest(ignored=ignored, term=term):
                    reply = self.post(self.good(ignoreTermRequired=ignored, termId=term))
                    if accepted:
                        self.check_success(reply)
                    else:
                        self.check_refusal(reply, ["termId"])
        finally:
            self.office.set(TERM_SETTING, False)
        self.check_success(self.post(self.good(ignoreTermRequired=False)))

    def test_a2_9_and_a2_17_a_campus_without_cashiering(self):
        student = STUDENTS[30]
        data = self.check_success(self.post(unscheduled(
            student, drawer=self.closed_drawer, session=self.closed_session,
            cashier=self.office.checker_one.user_id,
        )))
        row, batch = self.payment_of(data["id"], self.teller.name)
        self.assertEqual((row.get("cash_drawer_session_id"), row.get("cashier_user_id")),
                         (None, None))
        self.assertEqual(batch["username"], self.teller.name)

    def test_a2_10_who_may_name_another_cashier(self):
        body = self.good(cashier=self.office.teller_two.user_id, drawer=self.other_drawer,
                         session=self.other_session)
        data = self.check_success(self.post(body, self.office.deputy))
        _, batch = self.payment_of(data["id"], "teller-two")
        self.assertEqual(batch["username"], "teller-two")
        rows = self.office.audit(
            lambda row: row["actor"] == "deputy" and str(data["id"]) in row["subject"] + str(row["change"])
        )
        self.assertTrue(rows)

    def test_s2_23_the_named_task(self):
        before = self.picture()
        reply = self.post(self.good(), self.office.clerk_without_task)
        self.assertEqual(reply.status, 403, reply)
        answer = reply.json()
        self.assertEqual({flag for flag in FLAGS if answer[flag]}, {"hasError", "hasSecurityError"})
        weak = self.office.bursar.token(self.teller.key, "api:accounts_receivable.accounts:read")
        reply = self.office.bursar.call("POST", COMMAND, {"payload": self.good()}, token=weak)
        self.assertEqual(reply.status, 403, reply)
        nobody = self.office.bursar.request("POST", COMMAND, SAMPLE, {
            "Authorization": "ApplicationKey nonsense", "Content-Type": "application/json",
        })
        self.assertEqual(nobody.status, 401, nobody)
        self.assertEqual(self.picture(), before)

    def test_a2_15_retries_with_a_key(self):
        key, body = random_id("K"), self.good(STUDENTS[3], amount="7.00")
        before = self.teller.balance(account_of(STUDENTS[3]))
        replies = at_once([lambda: self.post(body, key=key)] * 10, 10)
        for reply in replies:
            self.assertIn(reply.status, (200, 409), reply)
        made = {reply.body for reply in replies if reply.status == 200}
        self.assertEqual(len(made), 1)
        again = self.post(body, key=key)
        self.assertEqual((again.status, again.body), (200, made.pop()))
        other = self.post({**body, "transactionAmount": Decimal("8.00")}, key=key)
        self.assertEqual(other.status, 422, other)
        self.assertEqual(self.teller.balance(account_of(STUDENTS[3])), before - 7)

    def test_s2_13_one_award_under_fifty_first_payments(self):
        student = STUDENTS[31]
        before = self.boss.balance(account_of(student))
        replies = at_once(
            [lambda: self.post(unscheduled(student, "2.00", GRANT, "2024-25"), self.boss)] * 50, 50
        )
        entries = [self.check_success(reply)["id"] for reply in replies]
        self.assertEqual(len(set(entries)), 50)
        award, = self.office.awards(student_enrollment_period_id=period_of(student))
        self.assertEqual((award["fund_source_id"], award["award_year"]), (GRANT, "2024-25"))
        self.assertEqual(award["amount_received"], 10_000)
        self.assertEqual(self.boss.balance(account_of(student)), before - 100)
        def arrived():
            rows = [
                row for batch in self.boss.all(f"{PAYMENT_BATCHES}?username=boss&date=2024-03-15")
                for row in self.boss.payments(batch["batch_id"]) if row["ledger_entry_id"] in entries
            ]
            return rows if len(rows) == 50 else None
        rows = eventually(arrived, 20)
        self.assertEqual({row["student_award_id"] for row in rows}, {award["id"]})
        self.assertEqual(len({row["payment_id"] for row in rows}), 50)
        # Another source or award year is another award.
        self.check_success(self.post(unscheduled(student, "1.00", LOAN, "2024-25"), self.boss))
        self.check_success(self.post(unscheduled(student, "1.00", GRANT, "2025-26"), self.boss))
        self.assertEqual(len(self.office.awards(student_enrollment_period_id=period_of(student))), 3)

    def test_an_account_that_takes_no_transactions(self):
        self.office.load_file(
            "accounts", ["account_id", "name", "inactive", "alert_code", "warning_code"],
            [("880011", "Inactive", True, "", "")],
        )
        self.office.load_file("students", ["student_id", "account_id", "name", "campus_id"],
                              [(60990, "880011", "Left", SOUTH)])
        self.office.load_file(
            "enrollment-periods",
            ["student_enrollment_period_id", "student_id", "campus_id", "name"],
            [(70990, 60990, SOUTH, "Fall")],
        )
        self.office.load_file("academic-years",
                              ["student_academic_year_id", "student_id", "sequence"],
                              [(160990, 60990, 1)])
        body = {**unscheduled(STUDENTS[30]), "studentId": 60990,
                "studentEnrollmentPeriodId": 70990, "studentAcademicYearId": 160990}
        self.check_refusal(self.post(body), ["studentId"])


    def test_reference_data_comes_whole_or_not_at_all(self):
        """Every fault of a file is told at once, and nothing of it is there."""
        columns = "student_id,account_id,name,campus_id\n"
        rows = ["60991,103900,Good,901", "x,103901,No number,901", "60993,no-account,Nobody,901",
                "60994,103902,No campus,98765", "60991,103903,Twice,901"]
        done = self.office.bursar.bursar("import", "students", "-",
                                         stdin=columns + "\n".join(rows) + "\n")
        self.assertEqual(done.returncode, 2, done)
        for line, column in ((3, "student_id"), (4, "account_id"), (5, "campus_id"),
                             (6, "student_id")):
            self.assertRegex(done.stderr, f"line {line}, .*{column}")
        body = {**unscheduled(STUDENTS[0]), "studentId": 60991}
        self.assertIn("studentId", properties(self.post(body)))
        again = self.office.bursar.bursar("import", "students", "-", "--json",
                                          stdin=columns + rows[0] + "\n")
        self.assertEqual(again.returncode, 0, again)
        self.assertEqual(json.loads(again.stdout)["created"], 1)


class NinetyTen(Base):
    """A campus of its own, so that every payment of it is known here."""

    CAMPUS, BANK, ACCOUNT = 905, 935, 9351
    PEOPLE = range(61001, 61006)
    YEAR = 2024

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        office = cls.office
        office.load_file("campuses", ["campus_id", "name", "cashiering"],
                         [(cls.CAMPUS, "Ratio & <Sons>", False)])
        office.load_file("banks", ["bank_id", "campus_id", "name"], [(cls.BANK, cls.CAMPUS, "B")])
        office.load_file("bank-accounts", ["bank_account_id", "bank_id", "name", "gl_account"],
                         [(cls.ACCOUNT, cls.BANK, "Operating", "1000-0905")])
        office.load_file("students", ["student_id", "account_id", "name", "campus_id"],
                         [(one, 104_000 + one - 61_000, f"S {one}", cls.CAMPUS) for one in cls.PEOPLE])
        office.load_file(
            "enrollment-periods",
            ["student_enrollment_period_id", "student_id", "campus_id", "name"],
            [(one + 10_000, one, cls.CAMPUS, "Fall") for one in cls.PEOPLE],
        )
        office.load_file("academic-years",
                         ["student_academic_year_id", "student_id", "sequence"],
                         [(one + 100_000, one, 1) for one in cls.PEOPLE])

    def pay(self, student, amount, fund, date="2024-03-15"):
        body = unscheduled(STUDENTS[30], amount, fund, date=date)
        body.update(studentId=student, studentEnrollmentPeriodId=student + 10_000,
                    studentAcademicYearId=student + 100_000, bankAccountId=self.ACCOUNT)
        return self.check_success(self.post(body, self.boss))["id"]

    def report(self, form, year=None):
        path = f"/api/reports/90-10?campus_id={self.CAMPUS}&fiscal_year={year or self.YEAR}"
        return self.boss.call("GET", path + ("" if form is None else f"&format={form}"))

    def test_s2_1_the_report_equals_an_independent_sum(self):
        own = ninety_ten.Account(FUNDS)
        plan = [
            (0, "333.33", FEDERAL), (0, "0.01", FEDERAL), (1, "250.10", GRANT),
            (2, "100.00", OWN_MONEY), (2, "33.33", OWN_MONEY), (3, "66.67", LOAN),
            (4, "19.99", OWN_MONEY),
        ]
        entries = []
        for place, amount, fund in plan:
            entries.append(self.pay(self.PEOPLE[place], amount, fund))
            own.take(fund, amount)
        self.pay(self.PEOPLE[0], "1000.00", FEDERAL, date="2021-03-15")  # another fiscal year
        # A void takes its payment out again; so does a deletion before posting.
        self.payment_of(entries[0], "boss")
        void = self.boss.call("POST", VOID, {"payload": {
            "studentAccountTransactionId": entries[0], "studentId": self.PEOPLE[0],
            "studentEnrollmentPeriodId": self.PEOPLE[0] + 10_000, "note": "paid twice",
        }})
        self.assertEqual(void.status, 200, void)
        own.undo(FEDERAL, "333.33")
        row, _ = self.payment_of(entries[3], "boss")
        gone = self.boss.call("POST", DELETE, {
            "payment_id": row["payment_id"], "dry_run": False, "count": 1,
            "total": Decimal("100.00"), "reason": "wrong student",
        })
        self.assertEqual(gone.status, 200, gone)
        own.undo(OWN_MONEY, "100.00")
        # Paid at the desk onto a student's account: nobody knows of which source.
        account = str(104_000 + self.PEOPLE[1] - 61_000)
        loose = self.office.vendor_review.pay(random_id("clerk-"), "44.00", date="2024-03-15",
                                              account=account)
        own.lacks_source(loose["payment_id"], "44.00")

        def agrees():
            report = self.report("json").json()
            return report if self.sums(report) == dict(own.sums) else None
        report = eventually(agrees, 10)
        self.check_json(report, own)
        self.check_forms(report, own)
        other = self.report("json", 2021).json()
        self.assertEqual(self.sums(other), {FEDERAL: Decimal("1000.00")})

    @staticmethod
    def sums(report):
        return {row["fund_source_id"]: Decimal(row["net"]) for row in report["fund_sources"]}

    def check_json(self, report, own):
        self.assertEqual((report["campus_id"], report["fiscal_year"]), (self.CAMPUS, self.YEAR))
        for row in report["fund_sources"]:
            self.assertEqual(row["kind"] == "federal", FUNDS[row["fund_source_id"]])
        self.assertEqual(Decimal(report["federal"]["net"]), own.federal)
        self.assertEqual(Decimal(report["non_federal"]["net"]), own.non_federal)
        # M-06: the parts of a hundred are a hundred, to two places, however they are rounded.
        parts = [Decimal(report[side]["percent"]) for side in ("federal", "non_federal")]
        self.assertEqual(sum(parts), 100)
        self.assertEqual(sum(Decimal(row["percent"]) for row in report["fund_sources"]), 100)
        whole = own.federal + own.non_federal
        self.assertLessEqual(abs(parts[0] - 100 * own.federal / whole), Decimal("0.01"))
        findings = report["findings"]
        self.assertEqual(len(findings), len(own.without_source))
        self.assertEqual(sum(Decimal(one["amount"]) for one in findings),
                         sum(own.without_source.values()))

    def check_forms(self, report, own):
        """Every amount of the JSON stands in the CSV and on the page too."""
        text = self.report("csv")
        self.assertEqual(text.status, 200, text)
        self.assertTrue(text.headers["content-type"].startswith("text/csv"), text.headers)
        page = self.report("html")
        self.assertEqual(page.status, 200, page)
        self.assertTrue(page.headers["content-type"].startswith("text/html"), page.headers)
        self.assertNotIn(b"<Sons>", page.body)
        forms = {
            "csv": ninety_ten.csv_rows(text.body.decode()),
            "html": ninety_ten.Tables(page.body.decode()).rows,
        }
        for name, rows in forms.items():
            with self.subTest(name):
                numbers = {ninety_ten.number(cell) for row in rows for cell in row}
                for fund, amount in own.sums.items():
                    found = [row for row in rows if FUND_NAMES[fund] in row]
                    self.assertEqual(len(found), 1, (fund, rows))
                    self.assertIn(amount, [ninety_ten.number(cell) for cell in found[0]])
                for amount in (own.federal, own.non_federal, Decimal("44.00"),
                               Decimal(report["total"])):
                    self.assertIn(amount, numbers)
                percent = report["federal"]["percent"]
                self.assertIn(str(percent), (text if name == "csv" else page).body.decode())

    def test_s2_1_the_report_reconciles_to_the_ledger(self):
        """What the report counts and finds is what stands on the students' ledger cards."""
        report = self.report(None).json()
        counted = sum(self.sums(report).values()) + sum(
            Decimal(one["amount"]) for one in report["findings"]
        )
        cards = Decimal(0)
        for one in self.PEOPLE:
            path = f"/api/accounts_receivable/accounts/{104_000 + one - 61_000}/ledger"
            for row in self.boss.call("GET", path).json():
                if row["date"].startswith("2024-"):
                    cards += Decimal(row["amount"])
        self.assertEqual(counted, abs(cards))
        self.assertEqual(Decimal(report["total"]), counted)
        self.assertEqual(Decimal(report["reconciliation"]["difference"]), 0)

    def test_faults_of_the_report(self):
        for query in ("", "campus_id=905", "fiscal_year=2024", "campus_id=x&fiscal_year=2024",
                      "campus_id=905&fiscal_year=24x", "campus_id=905&fiscal_year=2024&format=pdf"):
            with self.subTest(query):
                reply = self.boss.call("GET", "/api/reports/90-10?" + query)
                self.assertEqual(reply.status, 400, reply)
        unknown = self.boss.call("GET", "/api/reports/90-10?campus_id=987654&fiscal_year=2024")
        self.assertIn(unknown.status, (404, 422), unknown)


if __name__ == "__main__":
    unittest.main()
