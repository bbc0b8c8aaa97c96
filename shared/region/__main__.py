"""Check a region pack: `python -m shared.region DIRECTORY`."""

import sys
from pathlib import Path

from shared.region.faults import BrokenRegionPack
from shared.region.loader import SECTIONS, load_region_pack


def main(arguments: list[str]) -> int:
    """Print `ok`, what the pack holds and what must be confirmed; or the faults, with exit code 1."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m shared.region DIRECTORY\n")
        return 2
    try:
        pack = load_region_pack(Path(arguments[0]))
    except BrokenRegionPack as broken:
        sys.stderr.write(f"{broken}\n{len(broken.faults)} faults\n")
        return 1
    held = ((name, getattr(pack, name)) for name in SECTIONS)
    counts = ", ".join(f"{name} {len(section)}" for name, section in held if isinstance(section, tuple))
    marks = pack.unconfirmed()
    lines = ["ok", f"{pack.region.code} {pack.region.name.zh}: {counts}", f"version {pack.version}"]
    lines += [f"to be confirmed: {len(marks)}", *map(str, marks)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
