"""The RPC ports, by a Python client that was written from PROTOCOL.md alone."""

import json
import unittest

from deployment import WRITE, connect, eventually, posting_set, dumps, random_id, shared
from python_client import RPCFault  # found by way of deployment


class Protocol(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bursar = shared()

    def connect(self, word):
        connection = connect(self.bursar, word)
        self.addCleanup(connection.close)
        return connection

    def token(self, scope, key="BURSAR_API_KEY"):
        reply = self.connect("auth").call(
            "auth.tokens.issue", {"api_key": self.bursar.demo[key], "scopes": [scope]}
        ).json()
        self.assertEqual(reply["accepted_scopes"], [scope])
        return reply["jwt"]

    def test_every_service_describes_itself_and_is_well(self):
        for word in ("auth", "batch", "posting", "ach"):
            with self.subTest(word):
                connection = self.connect(word)
                described = connection.call("bursar.describe").json()
                self.assertEqual(described["service"], f"{word}-service")
                names = [method["name"] for method in described["methods"]]
                self.assertIn("bursar.health", names)
                health = connection.call("bursar.health").json()
                self.assertEqual((health["status"], health["reasons"]), ("serving", []))

    def test_a_set_is_submitted_and_read_over_rpc(self):
        token = self.token(WRITE)
        batch = self.connect("batch")
        rows = [(random_id(), "100020", "A484", "2.50")]
        body = dumps(posting_set(rows)).encode()
        key = random_id("RPC")
        first = batch.call("batch.sets.submit", body=body, token=token, key=key)
        self.assertEqual(first.json(), {"status": "accepted"})
        again = batch.call("batch.sets.submit", body=body, token=token, key=key)
        self.assertEqual(again.metadata["task_id"], first.metadata["task_id"])
        self.assertEqual((first.metadata["replayed"], again.metadata["replayed"]), (False, True))
        with self.assertRaises(RPCFault) as fault:
            other = dumps(posting_set([(random_id(), "100020", "A484", "1")])).encode()
            batch.call("batch.sets.submit", body=other, token=token, key=key)
        self.assertEqual(fault.exception.status, 9)
        def ended():
            task = batch.call("batch.tasks.get", {"id": first.metadata["task_id"]}, token=token)
            return task.json() if task.json()["status"] == "complete" else None
        task = eventually(ended)
        self.assertEqual(task["message"]["transactions_loaded"], 1)
        with self.assertRaises(RPCFault) as fault:
            twice = b'{"id":"%s","id":"x"}' % first.metadata["task_id"].encode()
            batch.call("batch.tasks.get", body=twice, token=token)
        self.assertEqual(fault.exception.status, 3, "a parameter that stands twice")
        account = self.connect("posting").call(
            "posting.accounts.get", {"account_id": "100020"},
            token=self.token("api:accounts_receivable.accounts:read"),
        ).json()
        self.assertEqual(account["account_id"], "100020")

    def test_a_large_set_goes_up_in_pieces(self):
        rows = [(random_id(), str(100000 + i), "A484", "0.01") for i in range(4_000)]
        reply = self.connect("batch").call(
            "batch.sets.submit", body=dumps(posting_set(rows, "TRIAL")).encode(),
            token=self.token(WRITE),
        )
        task = self.bursar.finish("/api/tasks/" + reply.metadata["task_id"])
        self.assertEqual(task["message"]["transactions_loaded"], 4_000)

    def test_s_03_methods_of_services_refuse_a_client_and_audit_it(self):
        for word, method in [("auth", "auth.snapshot"), ("auth", "auth.audit.record"),
                             ("posting", "posting.sets.post"), ("posting", "posting.anchor"),
                             ("auth", "auth.tokens.issue_service")]:
            with self.subTest(method), self.assertRaises(RPCFault) as fault:
                self.connect(word).call(method, {})
            self.assertEqual(fault.exception.status, 7, method)
        audit = self.bursar.admin_token("api:audit:read")
        def recorded():
            rows = self.bursar.call("GET", "/api/audit?outcome=refused", token=audit).json()
            return [row for row in rows if row["action"] == "posting.sets.post"
                    and row["peer"] == "bursar://client/demo"]
        self.assertTrue(eventually(recorded, 10))

    def test_tokens_are_judged_by_every_service(self):
        for word, method, parameters in [
            ("batch", "batch.tasks.get", {"id": "0" * 24}),
            ("posting", "posting.trial_balance", {}),
            ("auth", "auth.me", {}),
        ]:
            for token in (None, "x", "a.b.c"):
                with self.subTest(f"{method} {token}"), self.assertRaises(RPCFault) as fault:
                    self.connect(word).call(method, parameters, **({"token": token} if token else {}))
                self.assertEqual(fault.exception.status, 16)
                self.assertEqual(fault.exception.error["message"], "Unauthorized")
        with self.assertRaises(RPCFault) as fault:
            self.connect("posting").call("posting.trial_balance", {}, token=self.token(WRITE))
        self.assertEqual(fault.exception.status, 7)

    def test_r_05_an_unknown_method_is_named(self):
        with self.assertRaises(RPCFault) as fault:
            self.connect("ach").call("ach.no_such_method", {})
        self.assertEqual(fault.exception.status, 12)
        self.assertNotIn("Traceback", json.dumps(fault.exception.error))


if __name__ == "__main__":
    unittest.main()
