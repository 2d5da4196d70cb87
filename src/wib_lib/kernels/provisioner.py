"""Warm kernels as Jupyter sees them: a provisioner whose kernels come from a fork server."""

import json
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from wib_lib.kernels.server import NUMBER


class Forked:
    """A kernel that the server forked, as far as a provisioner needs a `Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, link: socket.socket) -> None:
        self.link, self.returncode = link, cast("int | None", None)
        self.pid = self._number()
        link.setblocking(False)

    def _number(self) -> int:
        data = self.link.recv(NUMBER.size)
        if not data:
            raise EOFError
        return int(NUMBER.unpack(data)[0])

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
        if self.returncode is None:
            try:
                self.returncode = self._number()
            except BlockingIOError:
                return None
            except (EOFError, ConnectionError):  # the server is gone; so must the kernel be
                self.returncode = -signal.SIGKILL
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.link.close()
        return self.returncode

    def wait(self) -> int | None:
        """Return the exit code of a kernel that `poll` saw end."""
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """
    Starts kernels from a fork server; everything after the start is as for a local process.

    When the server is gone, or does not answer, the kernel is an ordinary one.
    """

    def __init__(self, address: Path, timeout: float, **traits: Any) -> None:
        super().__init__(**traits)
        self.address, self.timeout = address, timeout

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch a kernel with the arguments of a command for an ordinary one."""
        try:
            forked = self._fork(cmd, **kwargs)
        except (OSError, EOFError):
            return await super().launch_kernel(cmd, **kwargs)
        self.process = cast(Any, forked)
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

    def _fork(self, cmd: list[str], **how: Any) -> Forked:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        order = {"arguments": arguments, "cwd": how["cwd"], "env": how["env"]}
        data = json.dumps(order).encode() + b"\n"
        link = socket.socket(socket.AF_UNIX)
        try:
            link.settimeout(self.timeout)
            link.connect(str(self.address))
            n_sent = socket.send_fds(link, [data], [how["stderr"].fileno()])
            link.sendall(data[n_sent:])
            return Forked(link)
        except BaseException:
            link.close()
            raise
