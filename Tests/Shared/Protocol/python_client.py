#!/usr/bin/env python3
"""A client of Bursar's RPC, written from Shared/Protocol/PROTOCOL.md alone.

Standard library only. As a program:

    python_client.py HOST:PORT SERVICE CERT KEY CA METHOD [JSON] [--token T] [--body FILE]

prints the reply's metadata and body as JSON lines; exit code 0, or the status of the error.
As a module: Connection(...).call("bursar.health").
"""

import argparse
import json
import socket
import ssl
import struct
import sys

HELLO, REQUEST, RESPONSE, DATA, END, CANCEL, WINDOW, PING, PONG, GOAWAY = range(1, 11)
FLAG_DOCUMENT, FLAG_END = 1, 2
INLINE_BYTES, PIECE_BYTES = 65536, 131072
WINDOW_BYTES = 524288


class RPCFault(Exception):
    """An error of a call (section 9)."""

    def __init__(self, status, error):
        super().__init__(f"{status}: {error.get('reason')}: {error.get('message')}")
        self.status, self.error = status, error


class ConnectionFault(Exception):
    """The end of the connection."""


class Reply:
    def __init__(self, metadata, body):
        self.metadata, self.body = metadata, body

    def json(self):
        return json.loads(self.body)


class Connection:
    """One connection; one call at a time."""

    def __init__(self, host, port, service, certificate, key, authority, timeout=30):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(authority)
        if certificate:
            context.load_cert_chain(certificate, key)
        context.set_alpn_protocols(["bursar/1"])
        raw = socket.create_connection((host, port), timeout=timeout)
        self.socket = context.wrap_socket(raw, server_hostname=host)
        uris = [v for k, v in self.socket.getpeercert().get("subjectAltName", ()) if k == "URI"]
        if uris != [f"bursar://service/{service}"]:
            raise ConnectionFault(f"the server is {uris}, not {service}")
        self.next_id = 1
        hello = {"protocol": [1], "service": "python",
                 "limits": {"frame": 1048576, "calls": 1, "window": WINDOW_BYTES,
                            "ping_interval_ms": 10000}}
        self.send(HELLO, code=1, content=json.dumps(hello).encode())
        kind, _, _, _, _, content = self.receive()
        if kind != HELLO:
            raise ConnectionFault(f"frame kind {kind} came before HELLO")
        self.hello = json.loads(content)
        self.places = {name: i + 1 for i, name in enumerate(self.hello["methods"])}

    # Frames

    def send(self, kind, flags=0, code=0, call=0, value=0, content=b""):
        header = struct.pack(">IBBHII", 12 + len(content), kind, flags, code, call, value)
        self.socket.sendall(header + content)

    def receive(self):
        length, kind, flags, code, call, value = struct.unpack(">IBBHII", self.exactly(16))
        return kind, flags, code, call, value, self.exactly(length - 12)

    def exactly(self, count):
        parts = []
        while count:
            part = self.socket.recv(min(count, 1 << 18))
            if not part:
                raise ConnectionFault("the connection ended")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    # Calls

    def call(self, method, parameters=None, body=None, timeout_ms=30000, **document):
        """document: token, key, request_id, params. Raises RPCFault for every status but 0."""
        if body is None:
            body = json.dumps(parameters or {}).encode()
        call, self.next_id = self.next_id, self.next_id + 2
        place = self.places.get(method, 0)
        if not place:
            document["method"] = method
        whole = len(body) <= INLINE_BYTES
        if not whole:
            document["length"] = len(body)
        text = json.dumps({k: v for k, v in document.items() if v is not None}).encode()
        content = struct.pack(">H", len(text)) + text + (body if whole else b"")
        flags = FLAG_DOCUMENT | (FLAG_END if whole else 0)
        self.send(REQUEST, flags, place, call, timeout_ms, content)
        return self.exchange(call, memoryview(b"" if whole else body), not whole)

    def exchange(self, call, rest, is_sending):
        credit = self.hello["limits"]["window"]
        status, metadata, pieces, unreturned = None, {}, [], 0
        while True:
            while is_sending and credit > 0:
                size = min(len(rest), credit, PIECE_BYTES)
                piece, rest = rest[:size], rest[size:]
                self.send(DATA, 0 if rest else FLAG_END, call=call, content=bytes(piece))
                credit -= size
                is_sending = bool(rest)
            kind, flags, code, of, value, content = self.receive()
            if kind == PING:
                self.send(PONG, value=value)
            elif kind == GOAWAY:
                if code:
                    raise ConnectionFault(content.decode())
            elif kind & 0x80 or of != call:
                continue
            elif kind == WINDOW:
                credit += value
            elif kind == RESPONSE:
                status = code
                if flags & FLAG_DOCUMENT:
                    (size,) = struct.unpack(">H", content[:2])
                    metadata, content = json.loads(content[2:2 + size]), content[2 + size:]
                pieces.append(content)
            elif kind == DATA:
                pieces.append(content)
                unreturned += len(content)
                if unreturned >= WINDOW_BYTES // 4:
                    self.send(WINDOW, call=call, value=unreturned)
                    unreturned = 0
            elif kind == END:
                status = code
                if code:
                    pieces = [content]
            if kind == END or (kind in (RESPONSE, DATA) and flags & FLAG_END):
                break
        if is_sending:
            self.send(CANCEL, call=call)
        whole = b"".join(pieces)
        if status:
            raise RPCFault(status, json.loads(whole))
        return Reply(metadata, whole)

    def close(self):
        try:
            self.socket.unwrap()
        except (OSError, ssl.SSLError):
            pass
        self.socket.close()


def main():
    parser = argparse.ArgumentParser()
    for name in ("address", "service", "certificate", "key", "authority", "method"):
        parser.add_argument(name)
    parser.add_argument("parameters", nargs="?", default="{}")
    parser.add_argument("--token")
    parser.add_argument("--idempotency-key")
    parser.add_argument("--params")
    parser.add_argument("--body", help="file whose bytes are the body")
    given = parser.parse_args()
    host, port = given.address.rsplit(":", 1)
    connection = Connection(host, int(port), given.service, given.certificate, given.key,
                            given.authority)
    body = given.parameters.encode()
    if given.body:
        with open(given.body, "rb") as file:
            body = file.read()
    try:
        reply = connection.call(given.method, body=body, token=given.token,
                                key=given.idempotency_key,
                                params=json.loads(given.params) if given.params else None)
    except RPCFault as fault:
        print(json.dumps(fault.error))
        return fault.status
    finally:
        connection.close()
    print(json.dumps(reply.metadata))
    sys.stdout.flush()
    sys.stdout.buffer.write(reply.body + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
