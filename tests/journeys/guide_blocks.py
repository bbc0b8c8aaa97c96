"""The integrator's guide as a program: its shell blocks in order, each with the output that the guide promises."""

import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_END_OF_BLOCK = "--- end of block ---"
BLOCK_SECONDS = 60.0


@dataclass(frozen=True)
class Block:
    """A block to be typed, where it stands, and what it prints; `...` stands for anything."""

    line: int
    commands: str
    output: str | None

    def promises(self, printed: str) -> bool:
        """Whether this output is what the guide shows."""
        if self.output is None:
            return True
        pattern = "".join(_as_pattern(line) for line in self.output.strip().splitlines())
        return re.fullmatch(pattern, printed.strip() + "\n") is not None


def _as_pattern(line: str) -> str:
    """A line of dots stands for any lines, also none; dots within a line for any text."""
    if line.strip() == "...":
        return r"(?:[^\n]*\n)*?"
    return r"[^\n]*?".join(map(re.escape, line.split("..."))) + r"\n"


def blocks_of(guide: Path) -> list[Block]:
    """Every `sh` block, with the `text` block that follows it, if one does before the next."""
    text = guide.read_text(encoding="utf-8")
    fences = [match for match in _FENCE.finditer(text) if match["kind"] in ("sh", "text")]
    found: list[Block] = []
    for match, following in zip(fences, [*fences[1:], None], strict=True):
        if match["kind"] == "sh":
            output = following["body"] if following and following["kind"] == "text" else None
            found.append(Block(text.count("\n", 0, match.start()) + 1, match["body"], output))
    return found


@dataclass
class Shell:
    """One terminal in which the blocks are typed one after another; the first failing command ends it."""

    environment: Mapping[str, str]
    directory: Path
    on_line: Callable[[str], None]
    _process: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> "Shell":
        """Open the terminal."""
        self._process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-e"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            cwd=self.directory,
            env=dict(self.environment),
        )
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it, with whatever still runs in it."""
        self._process.kill()
        self._process.communicate()

    def type(self, block: Block, script: Path) -> str:
        """Return what a block prints. Raises AssertionError where a command fails or does not end."""
        assert self._process.stdin is not None
        script.write_text(block.commands, encoding="utf-8")
        too_late = threading.Timer(BLOCK_SECONDS, self._process.kill)
        too_late.start()
        self._process.stdin.write(f". {script} </dev/null\nprintf '\\n%s\\n' '{_END_OF_BLOCK}'\n")
        self._process.stdin.flush()
        printed = list(self._lines())
        too_late.cancel()
        if printed[-1:] != [_END_OF_BLOCK]:
            raise AssertionError(f"the block at line {block.line} fails:\n" + "\n".join(printed))
        return "\n".join(printed[:-1])

    def _lines(self) -> Iterator[str]:
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            line = raw.rstrip("\n")
            self.on_line(line)
            yield line
            if line == _END_OF_BLOCK:
                return


def provide_curl(directory: Path, python: str, checkout: Path) -> None:
    """Put a stand-in for curl into a folder of the search path, on a machine that has none."""
    directory.mkdir()
    if shutil.which("curl") is None:
        stand_in = directory / "curl"
        stand_in.write_text(
            f'#!/bin/sh\nPYTHONPATH="{checkout}" exec "{python}" -m tests.journeys.guide_curl "$@"\n'
        )
        stand_in.chmod(0o755)
