"""What the tests of payments share: people with roles, reference data, and calls over the edge."""

import atexit
import datetime
import http.client
import sqlite3
import threading
import time
import zoneinfo
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from deployment import Reply, dumps, eventually, random_id

AR = "/api/AR/v1"
PAYMENTS = AR + "/payments"
PAYMENT_BATCHES = AR + "/batches"
CLOSE = AR + "/batches/close"
JOURNAL = AR + "/journal"
DELETE = AR + "/payments/delete"
COMMAND = "/api/commands/StudentAccounts/StudentAccountTransaction/PostAccountTransactionPayment"
VOID = "/api/commands/StudentAccounts/StudentAccountTransaction/voidAccountTransactionPayment"
NEW_TASK = "Student Accounts - Student Account Transaction - New"
EDIT_TASK = "Student Accounts - Student Account Transaction - Edit"
SCOPES = [
    "api:accounts_receivable." + one
    for one in (
        "payments:write", "payments:delete", "payments:reverse", "payments.batches:read",
        "payments.batches:close", "payments.batches:review", "payments.batches:approve",
        "payments.batches:post", "drawers:write", "accounts:read",
    )
] + ["api:student_accounts.payments:write", "api:general_ledger:read", "api:reports:read"]
TODAY = datetime.datetime.now(zoneinfo.ZoneInfo("America/New_York")).date().isoformat()

# role: release_batch_status, batch_posting_level, deposit_number_policy, overrides, for others, tasks
ROLES = {
    "T-RELEASED": ("Released", "Own", "Not Required", False, False, ""),
    "T-REVIEW": ("In Review", "Own", "Not Required", False, False, ""),
    "T-APPROVED": ("Approved", "Own", "Not Required", False, False, ""),
    "T-NONE": ("", "Own", "Not Required", False, False, ""),
    "T-CHECKER": ("Released", "All", "Not Required", False, False, ""),
    "T-WEAK": ("In Review", "All", "Not Required", False, False, ""),
    "T-APPROVER": ("Released", "Own", "Not Required", False, False, ""),
    "T-DEPARTMENT": ("Released", "Department", "Not Required", False, False, ""),
    "T-OVERRIDE": ("Released", "All", "Not Required", True, False, ""),
    "T-ALWAYS": ("In Review", "Own", "Always Required", False, False, ""),
    "T-ON-POST": ("Released", "All", "Required on Post", False, False, ""),
    "T-TELLER": ("In Review", "Own", "Not Required", False, False, f"{NEW_TASK}|{EDIT_TASK}"),
    "T-DEPUTY": ("In Review", "Own", "Not Required", False, True, f"{NEW_TASK}|{EDIT_TASK}"),
    "T-ALL-TASKS": ("Released", "All", "Not Required", True, True, f"{NEW_TASK}|{EDIT_TASK}"),
}

# name: user id, role, department, cashier
PEOPLE = {
    "vendor-released": (7001, "T-RELEASED", "NORTH", False),
    "vendor-review": (7002, "T-REVIEW", "NORTH", False),
    "vendor-approved": (7003, "T-APPROVED", "NORTH", False),
    "vendor-none": (7004, "T-NONE", "NORTH", False),
    "checker-one": (7005, "T-CHECKER", "CENTRAL", False),
    "checker-two": (7006, "T-CHECKER", "CENTRAL", False),
    "checker-three": (7007, "T-CHECKER", "CENTRAL", False),
    "reviewer-weak": (7008, "T-WEAK", "CENTRAL", False),
    "approver-one": (7009, "T-APPROVER", "CENTRAL", False),
    "approver-two": (7010, "T-APPROVER", "CENTRAL", False),
    "poster-department": (7011, "T-DEPARTMENT", "NORTH", False),
    "poster-override": (7012, "T-OVERRIDE", "CENTRAL", False),
    "clerk-always": (7013, "T-ALWAYS", "NORTH", False),
    "poster-deposit": (7014, "T-ON-POST", "CENTRAL", False),
    "teller-one": (7015, "T-TELLER", "NORTH", True),
    "deputy": (7016, "T-DEPUTY", "NORTH", True),
    "clerk-without-task": (7017, "T-REVIEW", "NORTH", True),
    "teller-two": (7018, "T-TELLER", "NORTH", True),
    "boss": (7019, "T-ALL-TASKS", "CENTRAL", True),
}

# Campus 901 has cashiering, 902 has none; every id is beside those of the demo data.
NORTH, SOUTH = 901, 902
FEDERAL, GRANT, OWN_MONEY, LOAN = 9001, 9002, 9003, 9004
FUNDS = {FEDERAL: True, GRANT: True, OWN_MONEY: False, LOAN: False}  # is it federal?
FUND_NAMES = {FEDERAL: "Federal loan", GRANT: "Federal grant", OWN_MONEY: "Cash payment",
              LOAN: "Private loan"}
STUDENTS = range(60001, 60061)


def account_of(student):
    return str(103000 + student - STUDENTS[0])


def period_of(student):
    return 10_000 + student


def year_of(student, sequence=1):
    return 100_000 * sequence + student


def campus_of(student):
    """The first half of the students is in the north."""
    return NORTH if student < STUDENTS[0] + 30 else SOUTH


def bank_account_of(campus):
    return {NORTH: 9311, SOUTH: 9321}[campus]


def table(columns, rows):
    """CSV text."""
    def cell(value):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text
    lines = [",".join(columns)] + [",".join(cell(one) for one in row) for row in rows]
    return "\n".join(lines) + "\n"


class Line:
    """One kept connection to the edge: what a client that sends many requests has."""

    def __init__(self, bursar):
        self.bursar = bursar
        self.link = None
        self.used = 0

    def request(self, method, path, body, headers, timeout=60):
        if self.link is None:
            host, port = self.bursar.address
            self.link = http.client.HTTPSConnection(
                host, port, context=self.bursar.tls(), timeout=timeout
            )
        try:
            self.link.request(method, path, body=body, headers=headers)
            answer = self.link.getresponse()
            self.used = time.monotonic()
            return Reply(
                answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
            )
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self):
        if self.link is not None:
            self.link.close()
        self.link = None


class Lines:
    """Connections that are not in use; one that has idled for long may be closed by the edge."""

    def __init__(self, bursar):
        self.bursar = bursar
        self.idle = []
        self.lock = threading.Lock()
        atexit.register(self.close)

    def request(self, *arguments):
        with self.lock:
            line = self.idle.pop() if self.idle else Line(self.bursar)
        if time.monotonic() - line.used > 5:
            line.close()
        try:
            return line.request(*arguments)
        finally:
            with self.lock:
                self.idle.append(line)

    def close(self):
        with self.lock:
            for line in self.idle:
                line.close()


class Person:
    """Somebody with a service account, a key, a staff user and a role."""

    def __init__(self, bursar, lines, name, key, user_id):
        self.bursar = bursar
        self.lines = lines
        self.name = name
        self.key = key
        self.user_id = user_id

    @property
    def token(self):
        return self.bursar.token(self.key, " ".join(SCOPES))

    def call(self, method, path, body=None, key=None, timeout=60, **headers):
        """A request over a kept connection; `key` is an idempotency key."""
        sent = {"Authorization": "Bearer " + self.token, **headers}
        if body is None and method == "POST":
            body = "{}"
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, (bytes, str)) else dumps(body)
        if key is not None:
            sent["Idempotency-Key"] = key
        return self.lines.request(method, path, body, sent, timeout)

    # What a payment desk does

    def payment(self, username, amount="10.00", date=TODAY, account="100001", **more):
        """The body of a payment."""
        body = {
            "username": username, "date": date, "account_id": account,
            "amount": Decimal(amount), "payment_type": "C",
        }
        body.update(more)
        return body

    def pay(self, username, amount="10.00", key=None, **more):
        """Adds a payment; the answer of its acceptance."""
        reply = self.call("POST", PAYMENTS, self.payment(username, amount, **more), key=key)
        assert reply.status == 201, reply
        return reply.json()

    def batch(self, amounts=("10.00",), username=None, **more):
        """A new open batch with these payments; its number."""
        username = username or random_id("clerk-")
        made = {self.pay(username, amount, **more)["batch_id"] for amount in amounts}
        assert len(made) == 1, made
        return made.pop()

    def close(self, batch, **options):
        return self.call("POST", CLOSE, {"batch_id": batch}, **options)

    def move(self, action, batch, body=None, **options):
        """A step of a batch: release, return, resume, approve or reject."""
        return self.call("POST", f"{PAYMENT_BATCHES}/{batch}/{action}", body or {}, **options)

    def get(self, batch):
        reply = self.call("GET", f"{PAYMENT_BATCHES}/{batch}")
        assert reply.status == 200, reply
        return reply.json()

    def payments(self, batch):
        """Every payment of a batch, page after page."""
        return self.all(f"{PAYMENT_BATCHES}/{batch}/payments")

    def history(self, batch):
        reply = self.call("GET", f"{PAYMENT_BATCHES}/{batch}/history")
        assert reply.status == 200, reply
        return reply.json()

    def all(self, path):
        """Every row of a list, page after page."""
        path += ("&" if "?" in path else "?") + "pagesize=200"
        reply = self.call("GET", path)
        count, rows = int(reply.headers.get("x-count", 0)), []
        while True:
            assert reply.status == 200, reply
            page = reply.json()
            rows += page
            if not page or len(rows) >= count:
                return rows
            key = reply.headers["x-request-id"]
            reply = self.call("GET", f"{path}&continuation_key={key}")

    def journal(self, batches, key=None, **more):
        return self.call("POST", JOURNAL, {"batch_ids": list(batches), **more}, key=key)

    def run(self, batches, seconds=60, **more):
        """A journal run once it has ended."""
        reply = self.journal(batches, **more)
        assert reply.status == 202, reply
        return self.ended(reply.headers["location"], seconds)

    def ended(self, location, seconds=60):
        def found():
            run = self.call("GET", location).json()
            return run if run["status"] != "Running" else None
        return eventually(found, seconds)

    def reverse(self, payment, reason="ERROR", **more):
        options = {name: more.pop(name) for name in ("key",) if name in more}
        body = {"reason_code": reason, **more}
        return self.call("POST", f"{PAYMENTS}/{payment}/reverse", body, **options)

    def delete(self, key=None, **selection):
        """Deletes as the rules want it: a dry run first, its count and total repeated."""
        reason = selection.pop("reason", "entered in error")
        dry = self.call("POST", DELETE, {**selection, "dry_run": True})
        assert dry.status == 200, dry
        seen = dry.json()
        return self.call("POST", DELETE, {
            **selection, "dry_run": False, "count": seen["count"], "total": seen["total"],
            "reason": reason,
        }, key=key)

    def balance(self, account):
        reply = self.call("GET", f"/api/accounts_receivable/accounts/{account}")
        assert reply.status == 200, reply
        return Decimal(reply.json()["balance"])

    def settles(self, account, balance):
        """What was accepted reaches the ledger by itself, moments later."""
        eventually(lambda: self.balance(account) == balance, 10)


class Office:
    """People and reference data in a deployment, beside its demo data."""

    def __init__(self, bursar):
        self.bursar = bursar
        self.lines = Lines(bursar)
        self.people = {}

    def __getattr__(self, name):
        try:
            return self.people[name.replace("_", "-")]
        except KeyError:
            raise AttributeError(name) from None

    def load(self):
        self.reference_data()
        self.staff()
        return self

    def load_file(self, kind, columns, rows):
        done = self.bursar.bursar("import", kind, "-", "--format", "csv", stdin=table(columns, rows))
        assert done.returncode == 0, (kind, done.stdout, done.stderr)

    def staff(self):
        self.load_file(
            "roles",
            ["role", "release_batch_status", "batch_posting_level", "deposit_number_policy",
             "overrides_gl_periods", "acts_for_others", "tasks"],
            [(role, *values) for role, values in ROLES.items()],
        )
        manage = self.bursar.admin_token("api:auth.keys:manage")

        def account(name):
            scopes = [word for one in SCOPES for word in ("--scope", one)]
            done = self.bursar.bursar("accounts", "put", name, *scopes)
            assert done.returncode == 0, (done.stdout, done.stderr)
            made = self.bursar.call(
                "POST", "/api/auth/keys", {"account": name, "note": "test"}, token=manage
            )
            assert made.status == 201, made
            return Person(self.bursar, self.lines, name, made.json()["key"], PEOPLE[name][0])

        with ThreadPoolExecutor(4) as pool:
            for person in pool.map(account, PEOPLE):
                self.people[person.name] = person
        self.load_file(
            "users",
            ["user_id", "username", "account", "role", "department", "cashier", "active"],
            [(user_id, name, name, role, department, cashier, True)
             for name, (user_id, role, department, cashier) in PEOPLE.items()],
        )
        for person in self.people.values():
            eventually(
                lambda: person.call("GET", PAYMENT_BATCHES + "?pagesize=1").status == 200, 10
            )

    def reference_data(self):
        self.load_file("campuses", ["campus_id", "name", "cashiering"],
                       [(NORTH, "North", True), (SOUTH, "South", False)])
        self.load_file("banks", ["bank_id", "campus_id", "name"],
                       [(931, NORTH, "First of the North"), (932, SOUTH, "First of the South")])
        self.load_file("bank-accounts", ["bank_account_id", "bank_id", "name", "gl_account"],
                       [(9311, 931, "North operating", "1000-0901"),
                        (9321, 932, "South operating", "1000-0902")])
        self.load_file("fund-sources", ["fund_source_id", "name", "kind"],
                       [(fund, name, "federal" if FUNDS[fund] else "non_federal")
                        for fund, name in FUND_NAMES.items()])
        self.load_file("students", ["student_id", "account_id", "name", "campus_id"],
                       [(one, account_of(one), f"Student {one}", campus_of(one))
                        for one in STUDENTS])
        self.load_file("enrollment-periods",
                       ["student_enrollment_period_id", "student_id", "campus_id", "name"],
                       [(period_of(one), one, campus_of(one), "Fall") for one in STUDENTS])
        self.load_file("academic-years",
                       ["student_academic_year_id", "student_id", "sequence"],
                       [(year_of(one, number), one, number)
                        for one in STUDENTS for number in (1, 2)])

        # Once there are periods, every day that is posted must be in one.
        year = int(TODAY[:4])
        self.load_file(
            "gl-periods", ["year", "period", "first_day", "last_day", "closed"],
            [(2019, 1, "2019-01-01", "2019-01-31", False),
             (2019, 2, "2019-02-01", "2019-02-28", True)]
            + [(one, 1, f"{one}-01-01", f"{one}-12-31", False) for one in range(2020, year + 1)],
        )

    def drawer(self, drawer_id, warning="", restrict="", campus=NORTH):
        self.load_file("drawers", ["cash_drawer_id", "name", "campus_id", "warning_amount",
                                   "restrict_amount"],
                       [(drawer_id, f"Drawer {drawer_id}", campus, warning, restrict)])
        return drawer_id

    def session(self, drawer_id, cashier):
        """Opens a session; its number."""
        reply = cashier.call("POST", f"{AR}/drawers/{drawer_id}/sessions",
                             {"cashier_user_id": cashier.user_id})
        assert reply.status == 201, reply
        return reply.json()["cash_drawer_session_id"]

    # What an administrator sets

    def settings(self, method, path, body=None):
        token = self.bursar.admin_token(
            "api:accounts_receivable.settings:write "
            "api:accounts_receivable.payments.batches:read"
        )
        return self.bursar.call(method, AR + path, body, token=token)

    def set(self, name, value):
        reply = self.settings("PUT", f"/settings/{name}", {"value": value})
        assert reply.status == 200, reply

    def workflow(self, rules=(), enabled=True, unmatched="approve"):
        body = {"enabled": enabled, "unmatched": unmatched, "rules": list(rules)}
        reply = self.settings("PUT", "/workflow", body)
        assert reply.status == 200, reply

    def audit(self, found, seconds=20):
        """Rows of the audit for which `found` holds, once there is one."""
        token = self.bursar.admin_token("api:audit:read")

        def rows():
            reply = self.bursar.call("GET", "/api/audit?outcome=allowed", token=token)
            return [row for row in reply.json() if found(row)]
        return eventually(rows, seconds, 0.2)

    # Independent views of what is stored

    def ledger(self):
        """Ledger entries by number."""
        return {row["entry_id"]: row for row in self.bursar.entries()}

    def awards(self, **where):
        """Awards as posting-service has them stored."""
        rows = query(self.bursar, "posting-service", "SELECT * FROM student_award")
        return [row for row in rows if all(row[name] == value for name, value in where.items())]


def query(bursar, service, sql, *values):
    """Rows of a service's store, read only: what an auditor with a shell sees."""
    path = bursar.state / "data" / (service.removesuffix("-service") + ".db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20) as link:
        link.row_factory = sqlite3.Row
        rows = [dict(row) for row in link.execute(sql, values)]
    link.close()
    return rows


def unscheduled(student, amount="100.00", fund=OWN_MONEY, award_year="2023-24", date="2024-03-15",
                sequence=1, drawer=None, session=None, cashier=None, **more):
    """The payload of an unscheduled payment that every rule allows."""
    campus = campus_of(student)
    payload = {
        "academicYearSequence": sequence,
        "awardYear": award_year,
        "bankAccountId": bank_account_of(campus),
        "description": "Student payment received",
        "fundSourceId": fund,
        "paymentMode": 2,
        "paymentType": "C",
        "studentAcademicYearId": year_of(student, sequence),
        "studentEnrollmentPeriodId": period_of(student),
        "studentId": student,
        "transactionAmount": Decimal(amount),
        "transactionDate": date.replace("-", "/") + " 00:00:00",
        "isNewPaymentSuccessful": True,
    }
    if drawer is not None:
        payload.update(cashDrawerId=drawer, cashDrawerSessionId=session, cashierUserId=cashier)
    payload.update(more)
    return {name: value for name, value in payload.items() if value is not None}


def at_once(jobs, threads=16):
    """Runs the jobs in threads that all begin at one moment; their results in order."""
    threads = min(threads, len(jobs))
    barrier = threading.Barrier(threads)
    begun = threading.local()

    def run(job):
        if not getattr(begun, "yes", False):
            begun.yes = True
            barrier.wait(60)
        return job()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, jobs))


_office = None


def shared_office():
    """The people and data of the shared deployment, loaded once."""
    global _office
    if _office is None:
        from deployment import shared
        _office = Office(shared()).load()
    return _office
