"""Become another program that ends when its parent does: run as a script between a fork and that program.

Asking the kernel in the forked child of a process with threads could lock up, so a fresh interpreter asks,
changes to the given account, and is then replaced by the program, which keeps its pid.

    python leash.py PARENT_PID SIGNAL ACCOUNT|- PROGRAM [ARGUMENT…]

Linux only: elsewhere a child outlives a parent that is killed outright.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def become(account: str) -> None:
    """Give up root for good."""
    entry = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def tie(parent: int, signal: int) -> None:
    """Ask to be sent `signal` when the parent dies; to be done after a change of account, which unties."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal)
    if os.getppid() != parent:
        sys.exit("The parent died before its child began.")


def main() -> None:
    """Tie this process to its parent and become the program."""
    parent, signal, account, *command = sys.argv[1:]
    if account != "-":
        become(account)
    tie(int(parent), int(signal))
    os.execv(command[0], command)  # noqa: S606 - becoming another program is what this is for


if __name__ == "__main__":
    main()
