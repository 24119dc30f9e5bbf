"""Asking as fast as a number of clients can: a process of its own, so that it does not slow the server's."""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import threading
import time


def client(
    port: int, path: str, body: bytes, headers: dict[str, str], until: float, seen: list[float]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while (now := time.perf_counter()) < until:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200 or not content.endswith(b"}"):
            raise SystemExit(f"{answer.status}: {content[:300]!r}")
        seen.append(time.perf_counter() - now)


def main() -> None:
    """Reads what to ask, how many clients, how long; prints requests a second and times in ms."""
    order = json.load(sys.stdin)
    seen: list[float] = []
    started = time.perf_counter()
    until = started + order["seconds"]
    arguments = (order["port"], order["path"], order["body"].encode(), order["headers"], until, seen)
    threads = [threading.Thread(target=client, args=arguments) for _ in range(order["clients"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    cuts = statistics.quantiles(seen, n=100)
    told = {"rate": len(seen) / elapsed, "median": cuts[49] * 1000, "p95": cuts[94] * 1000}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
