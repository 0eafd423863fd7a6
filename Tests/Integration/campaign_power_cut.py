"""C-13: the plug is pulled under a stream of COMMIT sets; every accepted set survives.

The state folder lies on ext4 in a file on XFS. While every process is stopped, the file is copied
by reference: the copy is the disk as a power cut would leave it, with everything that was not
flushed gone. A deployment on the copy must then know every set that was accepted.

Needs root, loop devices and xfsprogs: Tests/Integration/run campaign_power_cut
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from deployment import SERVICES, Deployment
from test_crash import Client, Ledger

CUTS = int(os.environ.get("BURSAR_CAMPAIGN_CUTS", "3"))


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


class Disk:
    """An ext4 file system whose unflushed bytes can be thrown away."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bursar-disk-"))
        self.back, self.data = self.folder / "back", self.folder / "data"
        self.back.mkdir()
        self.data.mkdir()
        image = self.folder / "back.img"
        run("truncate", "-s", "3G", str(image))
        run("mkfs.xfs", "-q", "-m", "reflink=1", str(image))
        run("mount", "-o", "loop", str(image), str(self.back))
        run("truncate", "-s", "1G", str(self.back / "disk.img"))
        run("mkfs.ext4", "-q", "-F", str(self.back / "disk.img"))
        run("mount", "-o", "loop", str(self.back / "disk.img"), str(self.data))

    def cut(self):
        run("cp", "--reflink=always", str(self.back / "disk.img"), str(self.back / "cut.img"))

    def restore(self):
        run("umount", str(self.data))
        os.replace(self.back / "cut.img", self.back / "disk.img")
        run("mount", "-o", "loop", str(self.back / "disk.img"), str(self.data))

    def remove(self):
        for place in (self.data, self.back):
            subprocess.run(["umount", str(place)], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class PowerCut(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0 or shutil.which("mkfs.xfs") is None:
            self.skipTest("needs root and xfsprogs")
        self.disk = Disk()
        self.bursar = Deployment(state=self.disk.data / "state").start()

    def tearDown(self):
        self.bursar.stop()
        self.disk.remove()

    def test_c_13_every_accepted_set_survives_a_power_cut(self):
        before = {row["entry_id"] for row in self.bursar.entries()}
        accepted = []
        for cut in range(CUTS):
            self.bursar.token()
            clients = [Client(self.bursar, 100 * cut + number) for number in range(4)]
            for client in clients:
                client.start()
            time.sleep(2)
            self.pull_the_plug(clients)
            accepted += [one for client in clients for one in client.sets]
            self.bursar.start()
            Ledger(self, self.bursar).check(accepted, before, at_least=True)

    def pull_the_plug(self, clients):
        """Stops everything at one moment, keeps the disk of that moment, kills everything."""
        supervisor = int((self.bursar.state / "run" / "supervisor.pid").read_text())
        pids = [supervisor] + [self.bursar.pid(service) for service in SERVICES]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        for client in clients:
            client.stopped.set()
        self.disk.cut()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for client in clients:
            client.join(60)
        self.disk.restore()


if __name__ == "__main__":
    unittest.main()
