"""Running a program that refuses to be root, when we are root."""

import os
import pwd
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local.refusals import Refused

UNPRIVILEGED_USER: Final = "nobody"


@dataclass(frozen=True)
class Demotion:
    """How to start a child process as nobody; empty when we are not root anyway."""

    owner: tuple[int, int] | None = None
    prefix: tuple[str, ...] = ()

    @property
    def user(self) -> int | None:
        return self.owner[0] if self.owner and not self.prefix else None

    @property
    def group(self) -> int | None:
        return self.owner[1] if self.owner and not self.prefix else None

    @property
    def extra_groups(self) -> list[int] | None:
        return None if self.user is None else []

    def give(self, path: Path) -> None:
        if self.owner:
            os.chown(path, *self.owner)


def demotion(must_reach: Iterable[Path]) -> Demotion:
    """`nobody` exists everywhere, so that no user need be added to the machine.

    Where a folder above `must_reach` is closed to others (a checkout below /root), it stays closed: the
    program gets the one capability to pass it (`setpriv` of util-linux) instead.
    Raises: Refused where neither is possible.
    """
    if os.geteuid() != 0:
        return Demotion()
    entry = pwd.getpwnam(UNPRIVILEGED_USER)
    owner = (entry.pw_uid, entry.pw_gid)
    closed = [path for path in must_reach if not _may_pass(path)]
    if not closed:
        return Demotion(owner)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Refused(
            f"as root PostgreSQL runs as {UNPRIVILEGED_USER!r}, which may not pass to {closed[0]}; "
            "put checkout and --data directory where others may pass, or run as an ordinary user"
        )
    capability = ("--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override")
    return Demotion(
        owner, (setpriv, f"--reuid={owner[0]}", f"--regid={owner[1]}", "--clear-groups", *capability)
    )


def _may_pass(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
