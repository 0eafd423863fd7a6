"""D-05: the disk under the stores fails for good; nothing more is acknowledged, and it heals.

The data folder lies on XFS in a file of its own, which is shut down under load: from then on every
read and write of it fails. Services must not claim health or accept anything; once the file system
is mounted again, everything that was accepted is there, once.

Needs root, loop devices and xfsprogs: Tests/Integration/run campaign_disk
"""

import os
import pathlib
import shutil
import subprocess
import time
import unittest

from deployment import ROOT, Deployment, eventually, posting_set, random_id
from test_crash import Client, Ledger


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


class FailingDisk(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0 or shutil.which("mkfs.xfs") is None:
            self.skipTest("needs root and xfsprogs")
        self.bursar = Deployment().start()
        self.bursar.token()
        self.before = {row["entry_id"] for row in self.bursar.entries()}
        self.bursar.run([str(ROOT / "deploy/down")], check=True)
        self.data = self.bursar.state / "data"
        self.image = pathlib.Path(str(self.bursar.state) + ".img")
        run("truncate", "-s", "2G", str(self.image))
        run("mkfs.xfs", "-q", str(self.image))
        kept = self.data.rename(self.bursar.state / "kept")
        self.data.mkdir(mode=0o700)
        self.mount()
        run("cp", "-a", f"{kept}/.", str(self.data))
        os.chmod(self.data, 0o700)
        self.bursar.start()

    def tearDown(self):
        self.bursar.run([str(ROOT / "deploy/down")])
        subprocess.run(["umount", "-l", str(self.data)], capture_output=True)
        self.bursar.stop()
        self.image.unlink(missing_ok=True)

    def mount(self):
        run("mount", "-o", "loop", str(self.image), str(self.data))

    def test_d_05_a_disk_that_fails_is_not_healthy_and_loses_nothing(self):
        clients = [Client(self.bursar, number) for number in range(4)]
        for client in clients:
            client.start()
        eventually(lambda: all(client.sets for client in clients), 30)
        run("xfs_io", "-x", "-c", "shutdown", str(self.data))
        eventually(lambda: not self.bursar.ready("batch-service"), 20)
        eventually(lambda: not self.bursar.ready("posting-service"), 20)
        accepted = [len(client.sets) for client in clients]
        time.sleep(5)
        self.assertEqual([len(client.sets) for client in clients], accepted)
        self.assertFalse(self.bursar.ready("batch-service"))
        for client in clients:
            client.stopped.set()
        for client in clients:
            client.join(60)
            self.assertFalse(client.is_alive(), "a client hangs")
            self.assertIsNone(client.failure)
        self.bursar.run([str(ROOT / "deploy/down")])
        run("umount", str(self.data))
        self.mount()
        self.bursar.start()
        sets = [one for client in clients for one in client.sets]
        Ledger(self, self.bursar).check(sets, self.before, at_least=True)
        rows = [(random_id(), "100001", "A484", "1")]
        self.assertEqual(self.bursar.post(posting_set(rows))["status"], "complete")


if __name__ == "__main__":
    unittest.main()
