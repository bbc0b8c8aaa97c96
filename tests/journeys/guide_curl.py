"""A stand-in for curl on machines without it: the options that the guide uses, and no other."""

import argparse
import sys
import time
from collections.abc import Sequence

import httpx


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="curl", allow_abbrev=False)
    for flag in ("-s", "-S", "-N", "-i"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="parts", action="append", default=[])
    parser.add_argument("--max-time", type=float, default=60.0)
    parser.add_argument("url")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Make one request and print its answer; exit code 28 where the time is over."""
    wanted = _arguments(given)
    headers = {"Accept": "*/*"} | {
        name: value.strip() for name, _, value in (each.partition(":") for each in wanted.headers)
    }
    content = "&".join(wanted.parts).encode() if wanted.parts else None
    if content is not None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    method = wanted.method or ("GET" if content is None else "POST")
    deadline = time.monotonic() + wanted.max_time
    try:
        with httpx.stream(
            method, wanted.url, headers=headers, content=content, timeout=wanted.max_time
        ) as answer:
            if wanted.i:
                status = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}"
                lines = [status, *(f"{name}: {value}" for name, value in answer.headers.items()), "", ""]
                sys.stdout.buffer.write("\r\n".join(lines).encode())
            for chunk in answer.iter_bytes():
                sys.stdout.buffer.write(chunk)
                if time.monotonic() > deadline:
                    return 28
    except httpx.TimeoutException:
        return 28
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
