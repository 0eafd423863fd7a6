"""Who is let in: every refusal has its form, is audited, and tells nothing else."""

import base64
import hashlib
import hmac
import json
import ssl
import socket
import subprocess
import tempfile
import time
import unittest

from deployment import BATCHES, WRITE, eventually, posting_set, random_id, shared

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils


def encode(data):
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bursar = shared()

    def submit(self, authorization):
        headers = {"Content-Type": "application/json"}
        if authorization is not None:
            headers["Authorization"] = authorization
        body = json.dumps({"x": 1})
        return self.bursar.request("POST", BATCHES, body, headers)

    def assert_unauthorized(self, reply):
        self.assertEqual((reply.status, reply.body), (401, b'{"message":"Unauthorized"}'))
        self.assertIn("x-request-id", reply.headers)

    def assert_forbidden(self, reply):
        self.assertEqual((reply.status, reply.body), (403, b'{"message":"Forbidden"}'))

    def audit(self, request_id):
        token = self.bursar.admin_token("api:audit:read")
        def found():
            rows = self.bursar.call("GET", "/api/audit?outcome=refused", token=token).json()
            return [row for row in rows if row["request_id"] == request_id]
        return eventually(found, 10)

    def test_no_token_and_garbage(self):
        for value in [None, "", "Bearer", "Bearer x", "Bearer a.b.c", "Basic Zm9vOmJhcg==",
                      "Bearer " + "A" * 9000, self.bursar.demo["BURSAR_API_KEY"]]:
            with self.subTest(str(value)[:20]):
                reply = self.submit(value)
                self.assertIn(reply.status, (401, 431))
                if reply.status == 401:
                    self.assert_unauthorized(reply)
        self.assertTrue(self.audit(self.submit(None).headers["x-request-id"]))

    def test_a_01_algorithms_that_are_not_ours(self):
        head, payload, signature = self.bursar.token().split(".")
        for algorithm in ["none", "None", "NONE", "nOnE", ""]:
            header = dict(decode(head), alg=algorithm)
            self.assert_unauthorized(self.submit(f"Bearer {encode(header)}.{payload}."))
            self.assert_unauthorized(self.submit(f"Bearer {encode(header)}.{payload}.{signature}"))
        keys = self.bursar.request("GET", "/.well-known/jwks.json").json()["keys"]
        kid = decode(head)["kid"]
        key = next(one for one in keys if one["kid"] == kid)
        number = lambda name: int.from_bytes(
            base64.urlsafe_b64decode(key[name] + "=="), "big"
        )
        public = ec.EllipticCurvePublicNumbers(number("x"), number("y"), ec.SECP256R1())
        pem = public.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        header = dict(decode(head), alg="HS256")
        for secret in (pem, pem.strip(), json.dumps(key).encode()):
            signed = f"{encode(header)}.{payload}"
            mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
            self.assert_unauthorized(self.submit(f"Bearer {signed}.{encode(mac)}"))

    def test_a_02_broken_signatures(self):
        head, payload, signature = self.bursar.token().split(".")
        raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
        flipped = bytes([raw[0] ^ 1]) + bytes(raw[1:])
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        for bad in [b"", b"\0" * 64, flipped, utils.encode_dss_signature(r, s), bytes(raw[:63])]:
            self.assert_unauthorized(self.submit(f"Bearer {head}.{payload}.{encode(bad)}"))
        own = ec.generate_private_key(ec.SECP256R1())
        der = own.sign(f"{head}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
        r, s = utils.decode_dss_signature(der)
        forged = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        self.assert_unauthorized(self.submit(f"Bearer {head}.{payload}.{encode(forged)}"))

    def test_a_07_wrong_scope(self):
        other = self.bursar.token(scope="api:accounts_receivable.accounts:read")
        reply = self.submit("Bearer " + other)
        self.assert_forbidden(reply)
        rows = self.audit(reply.headers["x-request-id"])
        self.assertEqual(rows[0]["outcome"], "refused")
        self.assertEqual(rows[0]["scope"], WRITE)

    def test_a1_12_an_auditor_reads_what_others_submitted(self):
        reply = self.bursar.submit(posting_set([(random_id(), "99999", "A484", "1")]))
        auditor = self.bursar.admin_token("api:audit:read")
        task = self.bursar.finish(reply.headers["location"], token=auditor)
        for path in (BATCHES, "/api" + task["path"], reply.headers["location"] + "/progress"):
            with self.subTest(path):
                self.assertEqual(self.bursar.call("GET", path, token=auditor).status, 200)

    def test_d1_a_new_policy_holds_from_its_answer_on(self):
        admin = self.bursar.admin_token("api:auth.keys:manage")
        token = self.bursar.token()
        def put(policy):
            body = {"account": "system-xyz", "commit_policy": policy}
            reply = self.bursar.call("PUT", "/api/auth/sources/SYSTEM_XYZ", body, token=admin)
            self.assertEqual((reply.status, reply.json()["commit_policy"]), (200, policy))
        for policy, loaded in (("all_or_nothing", 0), ("per_transaction", 1)):
            put(policy)
            rows = [(random_id(), "99999", "A484", "1"), (random_id(), "99999", "AX84", "1")]
            result = self.bursar.post(posting_set(rows, "TRIAL"), token=token)["message"]
            self.assertEqual(result["transactions_loaded"], loaded)

    def test_2b_only_granted_scopes_are_accepted(self):
        ask = f"{WRITE}%20api:audit:read%20{WRITE}x"
        reply = self.bursar.request(
            "POST", f"/api/jwt?scope={ask}", headers={"Authorization": self.bursar.demo["BURSAR_API_KEY"]}
        )
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.json()["accepted_scopes"], [WRITE])
        none = self.bursar.request(
            "POST", "/api/jwt", headers={"Authorization": self.bursar.demo["BURSAR_API_KEY"]}
        )
        self.assertEqual(none.json()["accepted_scopes"], [])
        bad = self.bursar.request("POST", "/api/jwt?scope=a", headers={"Authorization": "nonsense"})
        self.assert_unauthorized(bad)
        verb = self.bursar.request("GET", "/api/jwt")
        self.assertEqual((verb.status, verb.json()), (405, {"detail": "Method Not Allowed"}))

    def test_s1_8_a_source_of_somebody_else(self):
        rows = [(random_id(), "99999", "A484", "1")]
        for source in ("SYSTEM_ABC", "NO_SUCH_SOURCE"):
            reply = self.bursar.submit(posting_set(rows, source=source))
            self.assert_forbidden(reply)
            self.assertTrue(self.audit(reply.headers["x-request-id"]))

    def test_a_11_a_revoked_key_ends_its_tokens_within_five_seconds(self):
        manage = self.bursar.admin_token("api:auth.keys:manage")
        account = self.bursar.call("GET", "/api/me").json()["account"]
        made = self.bursar.call(
            "POST", "/api/auth/keys", {"account": account, "note": "to be revoked"}, token=manage
        )
        self.assertEqual(made.status, 201, made)
        key = made.json()
        token = self.bursar.token(key["key"])
        rows = [(random_id(), "99999", "A484", "1")]
        self.assertEqual(self.bursar.submit(posting_set(rows, "TRIAL"), token=token).status, 202)
        gone = self.bursar.call("DELETE", "/api/auth/keys/" + key["key_id"], token=manage)
        self.assertIn(gone.status, (200, 204))
        started = time.monotonic()
        eventually(
            lambda: self.bursar.submit(posting_set(rows, "TRIAL"), token=token).status == 401, 5
        )
        self.assertLess(time.monotonic() - started, 5)
        bad = self.bursar.request(
            "POST", "/api/jwt?scope=" + WRITE, headers={"Authorization": key["key"]}
        )
        self.assert_unauthorized(bad)
        self.assertEqual(self.bursar.submit(posting_set(rows, "TRIAL")).status, 202)

    def test_rotation_refuses_no_token(self):
        manage = self.bursar.admin_token("api:auth.keys:manage")
        old = self.bursar.token()
        reply = self.bursar.call("POST", "/api/auth/signing-keys/rotate", {}, token=manage)
        self.assertIn(reply.status, (200, 201), reply)

        def signed_by_another_key():
            self.bursar.tokens.pop((self.bursar.demo["BURSAR_API_KEY"], WRITE), None)
            new = self.bursar.token()
            for token in (old, new):
                self.assertEqual(self.bursar.call("GET", "/api/me", token=token).status, 200)
            return decode(old.split(".")[0])["kid"] != decode(new.split(".")[0])["kid"]

        # The new key is published at once and signs six seconds later.
        eventually(signed_by_another_key, 15)

    def test_a_13_introspection(self):
        scope = "api:auth.tokens:introspect"
        token = self.bursar.admin_token(scope)
        live = self.bursar.call("POST", "/api/introspect", {"token": self.bursar.token()}, token=token)
        self.assertEqual(live.json()["active"], True)
        dead = self.bursar.call("POST", "/api/introspect", {"token": "nonsense"}, token=token)
        self.assertEqual(dead.json(), {"active": False})
        self.assert_forbidden(
            self.bursar.call("POST", "/api/introspect", {"token": "nonsense"})
        )

    def test_every_money_changing_call_is_audited(self):
        reply = self.bursar.submit(posting_set([(random_id(), "99999", "A484", "1")]))
        self.bursar.finish(reply.headers["location"])
        identifier = reply.headers["location"].rsplit("/", 1)[1]
        token = self.bursar.admin_token("api:audit:read")
        def found():
            rows = self.bursar.call("GET", "/api/audit?outcome=allowed", token=token).json()
            return [row for row in rows if identifier in row["subject"] + row["change"]]
        rows = eventually(found, 15)
        self.assertEqual(rows[0]["actor"], self.bursar.call("GET", "/api/me").json()["account"])

    def test_i_10_errors_name_no_internals(self):
        for method, path in [("GET", "/api/nothing"), ("GET", "/api/tasks/%00"), ("GET", "//api"),
                             ("PUT", BATCHES), ("GET", "/api/tasks/" + "x" * 5000)]:
            reply = self.bursar.call(method, path)
            self.assertGreaterEqual(reply.status, 400)
            for word in (b"sqlite", b"SELECT", b"swift", b".swift", b"/root", b"Error("):
                self.assertNotIn(word, reply.body)


class Certificates(unittest.TestCase):
    """S-02, S-03: what a service says to a stranger on its RPC port."""

    @classmethod
    def setUpClass(cls):
        cls.bursar = shared()

    def greet(self, port, certificate=None, authority=None, minimum=None):
        """Connects and reads; returns the bytes, or raises ssl.SSLError / ConnectionError."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(authority or self.bursar.demo["BURSAR_CA"])
        context.set_alpn_protocols(["bursar/1"])
        if minimum:
            context.maximum_version = minimum
        if certificate:
            context.load_cert_chain(*certificate)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as tls:
                return tls.recv(16)

    def ports(self):
        return [
            int(self.bursar.demo[name].rsplit(":", 1)[1])
            for name in ("BURSAR_AUTH", "BURSAR_BATCH", "BURSAR_POSTING", "BURSAR_ACH")
        ]

    def test_s_02_no_certificate(self):
        for port in self.ports():
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.greet(port)

    def test_s_02_a_foreign_certificate(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{folder}/key", "-out",
                 f"{folder}/crt", "-days", "2", "-subj", "/CN=stranger", "-addext",
                 "subjectAltName=URI:bursar://service/batch-service"],
                check=True, capture_output=True,
            )
            for port in self.ports():
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    self.greet(port, (f"{folder}/crt", f"{folder}/key"))

    def test_the_right_certificate_is_greeted(self):
        own = (self.bursar.demo["BURSAR_CLIENT_CERT"], self.bursar.demo["BURSAR_CLIENT_KEY"])
        for port in self.ports():
            hello = self.greet(port, own)
            self.assertEqual(hello[4], 1)

    def test_s_01_old_versions_are_refused(self):
        own = (self.bursar.demo["BURSAR_CLIENT_CERT"], self.bursar.demo["BURSAR_CLIENT_KEY"])
        for port in self.ports():
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.greet(port, own, minimum=ssl.TLSVersion.TLSv1_2)

    def test_plain_text_is_refused(self):
        host, port = self.bursar.address
        for one in [port, *self.ports()]:
            with socket.create_connection((host, one), timeout=10) as plain:
                plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                data = plain.recv(100)
                self.assertNotIn(b"HTTP/", data)


if __name__ == "__main__":
    unittest.main()
