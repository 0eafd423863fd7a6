"""A deployment of its own for a test: temporary state, free ports, real processes.

Everything here is plain Python and curl, so that what is proven does not lean on Bursar's own code.
"""

import contextlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGURATION = os.environ.get("BURSAR_CONFIGURATION", "debug")
SERVICES = ["auth-service", "posting-service", "batch-service", "ach-service", "gateway"]
sys.path.insert(0, str(ROOT / "Tests/Shared/Protocol"))
from python_client import Connection  # noqa: E402

BATCHES = "/api/accounts_receivable/postings/batches"
WRITE = "api:accounts_receivable.postings.batches:write"


def free_ports(count):
    """Ports that nobody listens on now, and that no connection is given as its own end.

    A service that was killed must get its port again: one of the range for outgoing connections
    may be another process's by then.
    """
    path = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(path.read_text().split()[0]) if path.exists() else 32768
    found = []
    for port in random.SystemRandom().sample(range(10_000, max(first, 20_000)), 1_000):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise AssertionError("no free ports")


def eventually(check, seconds=30, step=0.02):
    """The first true value of `check`, asked again and again within a bound."""
    end = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not become true within {seconds} s: {check}")
        time.sleep(step)


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body, parse_float=Decimal)

    def __repr__(self):
        return f"Reply({self.status}, {self.body[:500]!r})"


class Deployment:
    """All five services with a state folder and ports of their own."""

    def __init__(self, state=None):
        self.state = pathlib.Path(state or tempfile.mkdtemp(prefix="bursar-test-"))
        names = ["EDGE", "AUTH", "BATCH", "POSTING", "ACH"]
        admin = ["GATEWAY", "AUTH", "BATCH", "POSTING", "ACH"]
        ports = free_ports(10)
        self.environment = dict(os.environ, BURSAR_STATE_DIR=str(self.state))
        self.environment["BURSAR_CONFIGURATION"] = CONFIGURATION
        for name, port in zip(names, ports):
            self.environment[f"BURSAR_{name}_PORT"] = str(port)
        for name, port in zip(admin, ports[5:]):
            self.environment[f"BURSAR_{name}_ADMIN_PORT"] = str(port)
        self.admin_ports = dict(zip(admin, ports[5:]))
        self.tokens = {}
        self.local = {}

    def start(self):
        self.run([str(ROOT / "deploy/up"), "--detach"], check=True, timeout=300)
        self.demo = dict(
            line.split("=", 1)
            for line in (self.state / "demo.env").read_text().splitlines()
            if "=" in line
        )
        return self

    def stop(self):
        with contextlib.suppress(Exception):
            self.run([str(ROOT / "deploy/down")], timeout=60)
        if os.environ.get("BURSAR_KEEP_STATE") != "1":
            shutil.rmtree(self.state, ignore_errors=True)

    def run(self, command, check=False, timeout=120, stdin=None):
        done = subprocess.run(
            command,
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            input=stdin,
        )
        if check and done.returncode != 0:
            raise AssertionError(
                f"{command} ended with {done.returncode}:\n{done.stdout[-4000:]}\n"
                f"{done.stderr[-4000:]}"
            )
        return done

    def bursar(self, *arguments, **options):
        """Runs the command line of this build against this deployment."""
        binary = ROOT / ".build" / CONFIGURATION / "bursar"
        environment = dict(self.environment, **self.demo)
        return subprocess.run(
            [str(binary), *arguments],
            env=environment,
            cwd=self.state,
            capture_output=True,
            text=True,
            timeout=options.get("timeout", 120),
            input=options.get("stdin"),
        )

    # Processes

    def pid(self, service):
        path = self.state / "run" / f"{service}.pid"
        try:
            return int(path.read_text().strip())
        except (FileNotFoundError, ValueError):
            return None

    def kill(self, service, number=signal.SIGKILL):
        """Kills a service; the supervisor starts it again."""
        pid = self.pid(service)
        if pid is None:
            return None
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return None
        return pid

    def ready(self, service):
        word = service.removesuffix("-service").upper()
        try:
            link = http.client.HTTPConnection("127.0.0.1", self.admin_ports[word], timeout=5)
            link.request("GET", "/readyz")
            status = link.getresponse().status
            link.close()
            return status == 200
        except OSError:
            return False

    def wait_ready(self, seconds=60):
        for service in SERVICES:
            eventually(lambda: self.ready(service), seconds)

    # HTTP/1.1 through Python's own client

    @property
    def address(self):
        host, port = self.demo["BURSAR_URL"].removeprefix("https://").rsplit(":", 1)
        return host, int(port)

    def tls(self):
        context = ssl.create_default_context(cafile=self.demo["BURSAR_CA"])
        context.set_alpn_protocols(["http/1.1"])
        return context

    def request(self, method, path, body=None, headers=None, link=None, timeout=60):
        own = link is None
        if own:
            host, port = self.address
            link = http.client.HTTPSConnection(host, port, context=self.tls(), timeout=timeout)
        try:
            link.request(method, path, body=body, headers=headers or {})
            answer = link.getresponse()
            return Reply(answer.status, dict((k.lower(), v) for k, v in answer.getheaders()),
                         answer.read())
        finally:
            if own:
                link.close()

    def token(self, key=None, scope=WRITE):
        key = key or self.demo["BURSAR_API_KEY"]
        if (key, scope) not in self.tokens:
            reply = self.request(
                "POST", "/api/jwt?scope=" + scope.replace(" ", "%20"), headers={"Authorization": key}
            )
            if reply.status != 200:
                raise AssertionError(f"no token: {reply}")
            self.tokens[(key, scope)] = reply.json()["jwt"]
        return self.tokens[(key, scope)]

    def admin_token(self, scope):
        return self.token(self.demo["BURSAR_ADMIN_KEY"], scope)

    def call(self, method, path, body=None, token=None, headers=None, **options):
        """A request with a bearer token; `body` may be bytes, text or an object."""
        sent = {"Authorization": "Bearer " + (token or self.token())}
        if body is not None:
            sent["Content-Type"] = "application/json"
            if not isinstance(body, (bytes, str)):
                body = dumps(body)
        sent.update(headers or {})
        return self.request(method, path, body, sent, **options)

    def submit(self, document, **options):
        return self.call("POST", BATCHES, document, **options)

    def task(self, location, token=None):
        return self.call("GET", location, token=token).json()

    def finish(self, location, token=None, seconds=60):
        """The task once it has ended."""
        def ended():
            task = self.task(location, token)
            return task if task["status"] in ("complete", "error") else None
        return eventually(ended, seconds)

    def post(self, document, **options):
        """Submits a set and waits for its end."""
        reply = self.submit(document, **options)
        assert reply.status == 202, reply
        return self.finish(reply.headers["location"])

    def balance(self, account):
        token = self.token(scope="api:accounts_receivable.accounts:read")
        reply = self.call("GET", f"/api/accounts_receivable/accounts/{account}", token=token)
        assert reply.status == 200, reply
        return Decimal(reply.json()["balance"])

    def trial_balance(self):
        token = self.token(scope="api:general_ledger:read")
        reply = self.call("GET", "/api/general_ledger/trial_balance", token=token)
        assert reply.status == 200, reply
        return reply.json()

    def entries(self):
        """Every ledger entry, by the command line's export."""
        done = self.bursar("export", "ledger")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]

    # curl: another client, over HTTP/2 as well

    def curl(self, version, method, path, *arguments, body=None):
        done = subprocess.run(
            ["curl", "-sS", "--cacert", self.demo["BURSAR_CA"], f"--http{version}", "-i",
             "-X", method, self.demo["BURSAR_URL"] + path, *arguments],
            input=body, capture_output=True, timeout=60,
        )
        assert done.returncode == 0, done.stderr
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        while head.startswith(b"HTTP/1.1 100"):
            head, _, rest = rest.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        status = int(lines[0].split()[1])
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        return Reply(status, {k.lower(): v for k, v in headers.items()}, rest), lines[0]


def connect(bursar, word):
    """A connection to a service's RPC port, by the client written from PROTOCOL.md alone."""
    host, port = bursar.demo[f"BURSAR_{word.upper()}"].rsplit(":", 1)
    return Connection(host, int(port), f"{word}-service", bursar.demo["BURSAR_CLIENT_CERT"],
                      bursar.demo["BURSAR_CLIENT_KEY"], bursar.demo["BURSAR_CA"])


def dumps(value):
    """JSON text with Decimals as plain numbers."""
    def default(one):
        raise TypeError(repr(one))
    marker = "\u0001"
    def mark(one):
        if isinstance(one, Decimal):
            return f"{marker}{one}{marker}"
        if isinstance(one, dict):
            return {key: mark(item) for key, item in one.items()}
        if isinstance(one, list):
            return [mark(item) for item in one]
        return one
    text = json.dumps(mark(value), default=default)
    return text.replace('"\\u0001', "").replace('\\u0001"', "")


def random_id(prefix="T"):
    return f"{prefix}{random.getrandbits(64):016x}"


def posting_set(transactions, posting_type="COMMIT", source="SYSTEM_XYZ", **header):
    """A valid set around (source_transaction_id, account, code, amount) rows."""
    rows = [
        {
            "source_transaction_id": identifier,
            "source_transaction_date": "2026-06-30T04:00:00Z",
            "account_id": account,
            "detail_code": code,
            "description": "integration",
            "amount": Decimal(amount),
        }
        for identifier, account, code, amount in transactions
    ]
    document = {
        "source_batch_id": "RUN",
        "billing_type": "BANNER",
        "posting_type": posting_type,
        "source_name": source,
        "batch_name": "integration",
        "accounting_date": "2026-07-01",
        "record_count": len(rows),
        "total_amount": sum((row["amount"] for row in rows), Decimal(0)),
        "transactions": rows,
    }
    document.update(header)
    return document


_shared = None


def shared():
    """One deployment for all tests that do not break anything."""
    global _shared
    if _shared is None:
        _shared = Deployment().start()
        import atexit
        atexit.register(_shared.stop)
    return _shared
