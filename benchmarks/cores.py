"""A core for the program that is measured, the others for everything else of the run."""

import contextlib
from collections.abc import Collection, Iterator

import psutil


@contextlib.contextmanager
def own_core(measured: Collection[psutil.Process]) -> Iterator[bool]:
    """Keep the measured programs, of which one works at a time, on one core, and this run's others off it.

    What a proxy adds can then be told from what it waits for others to let it work. False where the machine has one
    core, or its system cannot do it: then nothing is changed.
    """
    if not hasattr(psutil.Process, "cpu_affinity") or (psutil.cpu_count() or 1) < 2:
        yield False
        return
    me = psutil.Process()
    first, *others = me.cpu_affinity()
    apart = {process.pid for process in measured}
    rest = [me, *(child for child in me.children(recursive=True) if child.pid not in apart)]
    try:
        for process in measured:
            process.cpu_affinity([first])
        _place(rest, others)
        yield True
    finally:
        _place([*measured, *rest, *me.children(recursive=True)], [first, *others])


def _place(processes: Collection[psutil.Process], cores: list[int]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.cpu_affinity(cores)
