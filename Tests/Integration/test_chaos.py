"""Random calls, cancels, deadlines, aborted uploads and slow readers, through the edge and straight
at the RPC ports; afterwards every place, descriptor, arena, body file and byte is back.

Four clients in processes of their own: two at the edge (HTTP/1.1 and HTTP/2), two at the RPC ports,
all in plain Python. BURSAR_CHAOS_CALLS sets how many they make together; a failing run prints its
seed. Each part has a first, shorter run whose end is what the second is measured against.
"""

import json
import multiprocessing
import os
import pathlib
import random
import select
import socket
import ssl
import struct
import time
import traceback
import unittest

from deployment import BATCHES, Deployment, connect, dumps, eventually, posting_set, random_id
from python_client import (CANCEL, DATA, END, FLAG_DOCUMENT, FLAG_END, GOAWAY, PING, PONG, REQUEST,
                           RESPONSE, WINDOW, WINDOW_BYTES)

ROUNDS = int(os.environ.get("BURSAR_CAMPAIGN_ROUNDS", "10"))
CALLS = int(os.environ.get("BURSAR_CHAOS_CALLS", "100000" if ROUNDS >= 60 else "4000"))
SERVICES = ["auth-service", "batch-service", "posting-service", "gateway"]
MEMORY_SLACK_BYTES = 48 << 20
DESCRIPTOR_SLACK = 4
BODY_FILE_BYTES = 64 << 20


class RPCChaos:
    """Many calls at once on one connection, most of them left in some rude way."""

    def __init__(self, bursar, word, facts, seed):
        self.bursar, self.word, self.facts = bursar, word, facts
        self.dice = random.Random(seed)
        self.made = 0
        self.link = None

    def open(self):
        self.link = connect(self.bursar, self.word)
        self.link.socket.settimeout(30)
        self.calls = {}  # id -> {"reads": bool, "size": int}
        self.next_id = 1

    def run(self, count):
        try:
            self.calls_to(count)
        except OSError:
            self.pump(1)  # the connection's last words are a better failure
            raise

    def calls_to(self, count):
        self.open()
        while self.made < count:
            if self.dice.random() < 0.002:
                self.link.socket.close()  # everything in flight is abandoned
                self.open()
            self.begin()
            self.pump()
            while len(self.calls) > 40:
                self.leave(self.dice.choice(list(self.calls)))
                self.pump(0.05)
        for call in list(self.calls):
            self.leave(call)
        end = time.monotonic() + 30
        while self.calls and time.monotonic() < end:
            self.pump(0.1)
        assert not self.calls, f"{len(self.calls)} calls were never ended"
        self.link.close()

    def begin(self):
        kind = self.dice.choice(["small", "small", "big", "big", "upload", "refused", "unknown"])
        milliseconds = self.dice.choice([1, 2, 5, 20, 100, 30_000, 30_000])
        document = {"token": self.facts[self.word]["token"]}
        method, body, whole = "bursar.health", b"{}", True
        if kind == "big":
            method, body = self.facts[self.word]["big"]
            body = dumps(body).encode()
        elif kind == "upload" and self.word == "batch":
            method, whole = "batch.sets.submit", False
            document.update(length=self.facts["upload_bytes"], key=random_id("CHAOS"))
            body = b""
        elif kind == "refused":
            method, body = self.facts[self.word]["big"]
            body, whole = b"", False
            document["token"] = "no.token.atall"
        elif kind == "unknown":
            method, whole, body = "no.such.method", self.dice.random() < 0.5, b""
        self.request(method, document, body, whole, milliseconds)
        call = self.next_id - 2
        if kind == "upload" and not whole:
            window = self.link.hello["limits"]["window"]  # no credit is waited for
            for _ in range(self.dice.randrange(window // 60_000 + 1)):
                if not self.calls[call].get("left"):
                    self.link.send(DATA, call=call, content=b" " * 60_000)

    def request(self, method, document, body, whole, milliseconds):
        call, self.next_id = self.next_id, self.next_id + 2
        place = self.link.places.get(method, 0)
        if not place:
            document["method"] = method
        text = json.dumps(document).encode()
        flags = FLAG_DOCUMENT | (FLAG_END if whole else 0)
        self.calls[call] = {"reads": self.dice.random() < 0.6, "ended": whole}
        self.made += 1
        self.link.send(REQUEST, flags, place, call, milliseconds,
                       struct.pack(">H", len(text)) + text + body)
        if self.dice.random() < 0.25:
            self.leave(call)

    def leave(self, call):
        """CANCELs once; the service ends the reply in its own time."""
        if not self.calls[call].get("left"):
            self.calls[call]["left"] = True
            self.calls[call]["reads"] = True
            self.link.send(CANCEL, call=call)

    def pump(self, seconds=0.0):
        while self.link.socket.pending() or select.select([self.link.socket], [], [], seconds)[0]:
            seconds = 0.0
            kind, flags, code, call, value, content = self.link.receive()
            if kind == PING:
                self.link.send(PONG, value=value)
            elif kind == GOAWAY:
                raise AssertionError(f"the connection was ended: {code} {content!r}")
            elif call in self.calls:
                self.frame(kind, flags, call, content)

    def frame(self, kind, flags, call, content):
        state = self.calls[call]
        if kind == DATA and state["reads"]:
            if self.dice.random() < 0.3:
                time.sleep(0.001)  # a slow reader
            self.link.send(WINDOW, call=call, value=len(content))
        if kind == END or (kind in (RESPONSE, DATA) and flags & FLAG_END):
            if not state["ended"] and not state.get("left"):
                self.link.send(CANCEL, call=call)  # the reply came before the request's end
            del self.calls[call]


class HTTP1Chaos:
    """Requests that are dropped, half sent, half read or read slowly."""

    def __init__(self, bursar, facts, seed):
        self.bursar, self.facts, self.made = bursar, facts, 0
        self.dice = random.Random(seed)
        self.link = None

    def open(self):
        host, port = self.bursar.address
        raw = socket.create_connection((host, port), 30)
        self.host = f"{host}:{port}"
        self.link = self.bursar.tls().wrap_socket(raw, server_hostname=host)

    def run(self, count):
        while self.made < count:
            if self.link is None:
                self.open()
            self.made += 1
            try:
                self.one()
            except (OSError, ssl.SSLError, ValueError):
                self.drop()
        self.drop()

    def drop(self):
        if self.link is not None:
            self.link.close()
        self.link = None

    def send(self, method, path, *headers, body=b""):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}",
                 "Authorization: Bearer " + self.facts["token"], *headers, "", ""]
        self.link.sendall("\r\n".join(lines).encode() + body)

    def one(self):
        kind = self.dice.choice(["small", "big", "slow", "half", "upload", "bad", "gone"])
        if kind == "upload":
            size = self.facts["upload_bytes"]
            self.send("POST", BATCHES, "Content-Type: application/json", f"Content-Length: {size}",
                      body=b" " * self.dice.randrange(200_000))
            return self.drop()
        if kind == "bad":
            body = b'{"source_name": ' + b" " * self.dice.randrange(100_000)
            self.send("POST", BATCHES, "Content-Type: application/json",
                      f"Content-Length: {len(body)}", body=body)
            return self.read()
        path = self.facts["big_path"] if kind in ("big", "slow", "half") else self.facts["small_path"]
        self.send("GET", path)
        if kind == "gone":
            return self.drop()
        if kind == "half":
            self.link.recv(self.dice.randrange(1, 100_000))
            return self.drop()
        return self.read(kind == "slow")

    def read(self, slowly=False):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.link.recv(4_096)
            if not piece:
                raise ValueError("closed")
            data += piece
        head, _, rest = data.partition(b"\r\n\r\n")
        length = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                  if line.startswith(b"content-length")]
        if length:
            left = length[0] - len(rest)
            while left > 0:
                piece = self.link.recv(min(left, 8_192 if slowly else 262_144))
                if not piece:
                    raise ValueError("closed")
                left -= len(piece)
                if slowly:
                    time.sleep(0.0005)
        elif b"transfer-encoding: chunked" in head.lower():
            while not rest.endswith(b"0\r\n\r\n"):
                piece = self.link.recv(8_192 if slowly else 262_144)
                if not piece:
                    raise ValueError("closed")
                rest = (rest + piece)[-64:]


class HTTP2Chaos:
    """Streams that are reset, starved of window or fed half a body, by Debian's python3-h2."""

    def __init__(self, bursar, facts, seed):
        self.bursar, self.facts, self.made = bursar, facts, 0
        self.dice = random.Random(seed)
        self.link = None

    def open(self):
        from h2.config import H2Configuration
        from h2.connection import H2Connection
        host, port = self.bursar.address
        context = ssl.create_default_context(cafile=self.bursar.demo["BURSAR_CA"])
        context.set_alpn_protocols(["h2"])
        raw = socket.create_connection((host, port), 30)
        self.authority = f"{host}:{port}"
        self.link = context.wrap_socket(raw, server_hostname=host)
        self.h2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.streams = {}
        self.resets = 0
        self.flush()

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.link.sendall(data)

    def run(self, count):
        from h2.exceptions import ProtocolError
        self.open()
        while self.made < count:
            self.made += 1
            try:
                self.one()
                self.pump(0.02 if len(self.streams) > 20 else 0)
                # The edge's budget of resets is for attackers: an honest client starts anew.
                if self.resets > 60:
                    self.link.close()
                    self.open()
            except (OSError, ssl.SSLError, ProtocolError, EOFError):
                self.link.close()
                self.open()
        self.link.close()

    def one(self):
        kind = self.dice.choice(["small", "big", "big", "starved", "reset", "upload"])
        stream = self.h2.get_next_available_stream_id()
        post = kind == "upload"
        path = {"small": self.facts["small_path"], "upload": BATCHES}.get(kind, self.facts["big_path"])
        headers = [(":method", "POST" if post else "GET"), (":scheme", "https"), (":path", path),
                   (":authority", self.authority), ("authorization", "Bearer " + self.facts["token"])]
        if post:
            headers += [("content-type", "application/json"),
                        ("content-length", str(self.facts["upload_bytes"]))]
        self.h2.send_headers(stream, headers, end_stream=not post)
        self.streams[stream] = kind
        if post:
            for _ in range(self.dice.randrange(3)):
                self.h2.send_data(stream, b" " * 16_000)
        if kind in ("reset", "upload"):
            self.flush()
            self.reset(stream)
        self.flush()

    def reset(self, stream):
        self.h2.reset_stream(stream, 8)
        self.streams.pop(stream, None)
        self.resets += 1

    def pump(self, seconds):
        from h2.events import (ConnectionTerminated, DataReceived, StreamEnded, StreamReset)
        while self.link.pending() or select.select([self.link], [], [], seconds)[0]:
            seconds = 0
            data = self.link.recv(65_536)
            if not data:
                raise EOFError
            for event in self.h2.receive_data(data):
                if isinstance(event, ConnectionTerminated):
                    raise EOFError
                if isinstance(event, DataReceived):
                    starved = self.streams.get(event.stream_id) == "starved"
                    if not starved:
                        self.h2.acknowledge_received_data(
                            event.flow_controlled_length, event.stream_id)
                    elif self.dice.random() < 0.2:
                        self.reset(event.stream_id)
                elif isinstance(event, (StreamEnded, StreamReset)):
                    self.streams.pop(event.stream_id, None)
            self.flush()
        for stream in [one for one, kind in self.streams.items() if kind == "starved"][:-5]:
            self.reset(stream)
        self.flush()


def client(number, bursar, facts, seed, count, failures):
    """The whole life of one client, in a process of its own."""
    try:
        made = [
            lambda: RPCChaos(bursar, "batch", facts, seed),
            lambda: RPCChaos(bursar, "posting", facts, seed),
            lambda: HTTP1Chaos(bursar, facts, seed),
            lambda: HTTP2Chaos(bursar, facts, seed),
        ][number]()
        made.run(count)
    except BaseException:
        failures.put(f"client {number}: {traceback.format_exc()}")


class Chaos(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bursar = Deployment().start()

    @classmethod
    def tearDownClass(cls):
        cls.bursar.stop()

    def setUp(self):
        # One account has enough entries for a long card.
        rows = [(random_id(), str(100_000 + n % 3), "A484", "1") for n in range(3_000)]
        document = posting_set(rows)
        task = self.bursar.post(document)
        number = task["message"]["batch_id"]
        reader = self.bursar.token(scope="api:accounts_receivable.accounts:read")
        self.facts = {
            "token": self.bursar.token(),
            "small_path": BATCHES + "?pagesize=1&batch_id=999999999",
            "big_path": "/api" + task["path"],
            "upload_bytes": 3 << 20,
            "batch": {
                "big": ("batch.sets.get", {"batch_id": number}), "token": self.bursar.token(),
            },
            "posting": {
                "big": ("posting.accounts.ledger", {"account_id": "100000", "pagesize": "1000"}),
                "token": reader,
            },
        }

    def test_everything_is_given_back(self):
        seed = random.SystemRandom().randrange(1 << 32)
        with self.subTest(seed=seed):
            self.storm(seed, max(CALLS // 4, 1_000))  # caches, pools and heaps find their sizes
            before = self.measure()
            self.storm(seed + 10, CALLS)
            self.one_more_of_each_kind()
            self.compare(before)

    def storm(self, seed, count):
        failures = multiprocessing.Queue()
        clients = [
            multiprocessing.Process(
                target=client,
                args=(number, self.bursar, self.facts, seed + number, count // 4, failures),
            )
            for number in range(4)
        ]
        for one in clients:
            one.start()
        for one in clients:
            one.join(1_800)
            self.assertFalse(one.is_alive(), "a client hangs")
        self.assertTrue(failures.empty(), failures.empty() or failures.get())

    def one_more_of_each_kind(self):
        rows = [(random_id(), "100000", "A484", "1")]
        self.assertEqual(self.bursar.post(posting_set(rows))["status"], "complete")
        self.assertEqual(self.bursar.call("GET", self.facts["big_path"]).status, 200)
        self.assertEqual(self.bursar.call("GET", self.facts["small_path"]).status, 200)
        large = posting_set([(random_id(), "100001", "A484", "1") for _ in range(3_000)], "TRIAL")
        self.assertEqual(self.bursar.post(large)["status"], "complete")
        for word in ("auth", "batch", "posting"):
            connection = connect(self.bursar, word)
            self.assertEqual(connection.call("bursar.health").json()["status"], "serving")
            if word in self.facts:
                method, parameters = self.facts[word]["big"]
                connection.call(method, parameters, token=self.facts[word]["token"])
            connection.close()

    def measure(self):
        """What each process holds once nobody asks it for anything."""
        eventually(self.is_quiet, 60)
        held = {}
        for service in SERVICES:
            pid = self.bursar.pid(service)
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            held[service] = {
                "pid": pid,
                "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
                "memory": int(status.split("VmRSS:")[1].split()[0]) << 10,
            }
        held["bodies"] = sum(
            one.stat().st_blocks * 512 for one in (self.bursar.state / "data/bodies").iterdir()
        )
        return held

    def is_quiet(self):
        """No call in flight on any connection but the one that asks, and no stranger connected."""
        for word in ("auth", "batch", "posting"):
            connection = connect(self.bursar, word)
            try:
                for one in connection.call("bursar.connections").json():
                    own = 1 if one["peer"].startswith("bursar://client/") else 0
                    if one["calls_in_flight"] > own:
                        return False
            finally:
                connection.close()
        return True

    def compare(self, before):
        def is_back():
            after = self.measure()
            return all(
                after[service]["descriptors"] <= before[service]["descriptors"] + DESCRIPTOR_SLACK
                for service in SERVICES
            ) and after
        after = eventually(is_back, 60, 1)
        for service in SERVICES:
            was, now = before[service], after[service]
            self.assertEqual(now["pid"], was["pid"], f"{service} died")
            self.assertLess(now["memory"], was["memory"] + MEMORY_SLACK_BYTES, service)
        # The sets of `one_more_of_each_kind`, and at most one file made ahead.
        self.assertLessEqual(after["bodies"], before["bodies"] + (2 << 20) + BODY_FILE_BYTES)


if __name__ == "__main__":
    unittest.main()
