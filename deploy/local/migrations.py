"""Brings databases to head, in a process of its own because Alembic's context is global.

Input: one JSON object of package to database URL; passwords stay out of arguments and environment.
"""

import json
import sys

from shared.database.migrate import upgrade


def main() -> None:
    for package, url in json.load(sys.stdin).items():
        upgrade(package, url)


if __name__ == "__main__":
    main()
