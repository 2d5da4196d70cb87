"""The fork server: imports what notebooks use once, and forks a fresh kernel per notebook.

A notebook needs some six seconds of imports before its first line of work; a fork of a process
that has done them needs none. A kernel is never used twice: a forked child starts from the state
right after the imports and hands nothing back, so that one notebook cannot change the figures of
the next. Forking a process with threads is unsafe, hence one thread here, and none in libraries.

The server lives as long as its standard input is open, and a kernel as long as its connection:
whatever ends the runner ends them all. Per connection a runner sends one line of JSON (arguments,
working directory, environment) with the file that takes the kernel's output; it gets back the
process id and, when the kernel has ended, its exit code.
"""

import atexit
import gc
import json
import os
import random
import select
import shutil
import signal
import socket
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

STACK = (
    # what an ordinary kernel imports when it starts
    "IPython.core.completerlib",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "sqlite3",
    "tornado.platform.asyncio",
    # what packages import where it is used
    "PIL.JpegImagePlugin",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.io.formats.csvs",
    "pyarrow.dataset",
    "pyarrow.parquet",
)
NUMBER = struct.Struct("!i")  # a process id, or an exit code
PAUSE = 0.02  # seconds between two looks at whether a kernel has ended
RECEIVE_TIMEOUT = 10  # seconds; a runner sends its order at once


@dataclass(frozen=True)
class Order:
    """What one kernel must become; `output` takes its standard output and error."""

    arguments: list[str]
    cwd: str
    env: dict[str, str]
    output: int


def preload(modules: Iterable[str]) -> None:
    """Import the stack and some modules; what is none fails where it is asked for, if at all."""
    for name in (*STACK, *sorted(modules)):
        if select.select([sys.stdin], [], [], 0)[0]:  # the runner is gone: a delivery was refused
            return
        with suppress(ImportError):
            import_module(name)


def serve(listener: socket.socket) -> Order | None:
    """
    Fork a kernel per connection until standard input closes.

    Returns
    -------
    Order or None
        In a forked child what it must become; None in the server, when all kernels have ended.
    """
    kernels: dict[socket.socket, int] = {}
    while True:
        wanted = [sys.stdin, listener, *kernels]
        ready, _, _ = select.select(wanted, [], [], PAUSE if kernels else None)
        if sys.stdin in ready:
            break
        for link in kernels.keys() & ready:
            _kill_group(kernels[link])  # nobody waits for this kernel any more
        if listener in ready:
            link, _ = listener.accept()
            order = _receive(link)
            if order and (pid := os.fork()) == 0:
                for inherited in (listener, link, *kernels):
                    inherited.close()
                return order
            if order:
                os.close(order.output)
                os.setpgid(pid, pid)  # before the runner can send a signal to its group
                kernels[link] = pid
                _send(link, pid)
        for link in [link for link, pid in kernels.items() if _has_ended(pid)]:
            _finish(link, kernels.pop(link))
    for link, pid in kernels.items():
        _finish(link, pid)
    return None


def _receive(link: socket.socket) -> Order | None:
    """Read one order; None when the runner went away before it was complete."""
    link.settimeout(RECEIVE_TIMEOUT)
    files: list[int] = []
    try:
        data, files, _, _ = socket.recv_fds(link, 65_536, 1)
        while more := b"" if data.endswith(b"\n") else link.recv(65_536):
            data += more
        return Order(**json.loads(data), output=files[0])
    except (OSError, ValueError, IndexError):
        for file in files:
            os.close(file)
        link.close()
        return None


def _has_ended(pid: int) -> bool:
    """Tell whether a kernel has ended; its id stays taken until it is collected."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _finish(link: socket.socket, pid: int) -> None:
    """End a kernel's whole group, with the processes that it left behind, and report."""
    _kill_group(pid)
    _, status = os.waitpid(pid, 0)
    _send(link, os.waitstatus_to_exitcode(status))
    link.close()


def _send(link: socket.socket, value: int) -> None:
    with suppress(OSError):  # the runner may be gone
        link.sendall(NUMBER.pack(value))


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def become_kernel(order: Order) -> None:
    """Turn this forked child into the kernel of one notebook, and run it to its end."""
    import numpy as np

    server = os.getppid()
    with suppress(PermissionError):  # the server was first
        os.setpgid(0, 0)
    os.dup2(order.output, 1)
    os.dup2(order.output, 2)
    os.close(order.output)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(order.env)
    os.chdir(order.cwd)
    random.seed()
    np.random.seed()  # the global state, which two forks would share
    gc.enable()
    _start_ipykernel([*order.arguments, f"--IPKernelApp.parent_handle={server}"])


def _start_ipykernel(arguments: list[str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", *arguments]
    app: Any = IPKernelApp.instance()
    app.initialize(arguments)
    app.start()


def _leave(server: int) -> None:
    """End a kernel at once: taking its modules apart would first copy all that it shares."""
    if os.getpid() != server:
        os._exit(0)


def main() -> None:
    """Serve kernels on the socket and in the folder that the runner passed."""
    descriptor, folder, *modules = sys.argv[1:]
    atexit.register(_leave, os.getpid())  # the first to be registered is the last to run
    sys.path.pop(0)  # `-m` put the working directory first, as it does for an ordinary kernel
    gc.disable()
    preload(modules)
    gc.freeze()  # what is shared with the children stays shared: no collection touches it
    order = serve(socket.socket(fileno=int(descriptor)))
    if order:
        become_kernel(order)
    else:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
