"""Nothing is left behind: the trial runs in a child, and this process ends whatever came of it, by its id."""

import contextlib
import ctypes
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback

from machines import Failed, children, family, run as execute, signal_all

PR_SET_CHILD_SUBREAPER = 36


@contextlib.contextmanager
def folder(namespaces):
    """A folder for everything; in the namespaces it is in memory."""
    if namespaces:
        # Our own /run, so that the namespaces' names are seen by nobody else either.
        execute(["mount", "-t", "tmpfs", "-o", "size=6g", "tmpfs", "/run"])
        path = "/run/trial"
        os.mkdir(path)
    else:
        path = tempfile.mkdtemp(prefix="motherline-ha-")
    os.chmod(path, 0o755)
    try:
        yield path
    finally:
        kept = os.environ.get("MOTHERLINE_HA_KEEP")
        if kept and os.path.isdir(os.path.join(path, "logs")):
            os.makedirs(kept, exist_ok=True)
            for name in os.listdir(os.path.join(path, "logs")):
                shutil.copyfile(os.path.join(path, "logs", name), os.path.join(kept, name))
        shutil.rmtree(path, ignore_errors=True)


def run(action, limit):
    """Runs it in a child for so many seconds at most; gives the exit code."""
    # Orphans become ours. On a real machine its first process waits for the dead; here nobody else does, and
    # Patroni would wait for ever for a PostgreSQL that nobody buried.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = os.fork()
    if child == 0:
        os._exit(attempt(action))
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, lambda number, _: (print(f"ended by signal {number}"), os.kill(child, signal.SIGKILL)))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.alarm(limit)
    try:
        while True:
            pid, status = os.wait()
            if pid == child:
                return os.waitstatus_to_exitcode(status) and 1
    finally:
        signal.alarm(0)
        end_all()


def attempt(action):
    try:
        action()
        return 0
    except Failed as failure:
        print(f"FAILED: {failure}")
    except KeyboardInterrupt:
        print("interrupted")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 1


def end_all():
    for _ in range(100):
        below = family(os.getpid(), children())[1:]
        if not below:
            return
        signal_all(below, signal.SIGKILL)
        time.sleep(0.05)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
