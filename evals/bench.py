"""``make bench``: how fast the service answers and what it needs, measured from outside over HTTP.

Starts the real service on a new home and a free port, asks for suggestions one after the other, and reads the
resident memory of its process. Nothing is asserted: figures belong to the machine they were measured on.
"""

import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import psutil
from rich.console import Console
from rich.table import Table

from evals.bench_rules import rows
from evals.data import demo_messages

SUGGESTIONS = 100
COMMAND = (str(Path(sys.executable).with_name("replydesk")),)


def main() -> None:
    """Measure and print one table."""
    console = Console(width=110)
    table = Table("what", "figure", title="Benchmarks")
    for what, figure in rows():
        table.add_row(what, figure)
    table.add_row("replydesk --help", f"{_help_seconds():.2f} s")
    with tempfile.TemporaryDirectory() as folder, _service(Path(folder)) as (url, key, pid, ready):
        table.add_row("start on an empty home until /readyz answers 200", f"{ready:.1f} s")
        times = _suggestions(url, key)
        memory = psutil.Process(pid).memory_info().rss / 2**20
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    table.add_row(
        f"suggestion with the composer over HTTP, p50 / p95 of {len(times)}", f"{p50:.0f} / {p95:.0f} ms"
    )
    table.add_row(f"resident memory after {len(times)} suggestions", f"{memory:.0f} MiB")
    console.print(table)


def _help_seconds() -> float:
    runs = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([*COMMAND, "--help"], check=True, capture_output=True)  # noqa: S603
        runs.append(time.perf_counter() - started)
    return statistics.median(runs)


@contextlib.contextmanager
def _service(folder: Path) -> Iterator[tuple[str, str, int, float]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"REPLYDESK_HOME": str(folder / "home"), "REPLYDESK_LLM": "composer"}
    log = folder / "serve.log"
    started = time.perf_counter()
    with log.open("w") as output:
        service = subprocess.Popen(  # noqa: S603
            [*COMMAND, "serve", "--demo", "--port", str(port)], stdout=output, stderr=output, env=environment
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, service, log)
        ready = time.perf_counter() - started
        yield url, _agent_key(log), service.pid, ready
    finally:
        service.terminate()
        service.wait(timeout=20)


def _wait_until_ready(url: str, service: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if service.poll() is not None:
            raise SystemExit(f"the service ended: {log.read_text()[-2000:]}")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    raise SystemExit("the service was not ready within a minute")


def _agent_key(log: Path) -> str:
    found = re.search(r"agent\W+(rd_\S+)", log.read_text())
    if not found:
        raise SystemExit("the service printed no key for an agent")
    return found[1]


def _suggestions(url: str, key: str) -> list[float]:
    """Milliseconds of each suggestion, one client, after the demo's own drafts are done."""
    cases = [case.model_dump(mode="json", by_alias=True) for case in demo_messages()]
    for case in cases:
        case["message"].pop("thread_id", None)
    times = []
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        _wait_for_demo(client, len(cases))
        for number in range(SUGGESTIONS):
            case = cases[number % len(cases)]
            text = f"({number}) {case['message']['text']}"  # a new text: nothing is answered from a cache
            asked = case | {"message": case["message"] | {"text": text}}
            started = time.perf_counter()
            client.post("/v1/suggestions", json=asked).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
    return times


def _wait_for_demo(client: httpx.Client, wanted: int) -> None:
    for _ in range(300):
        items = client.get("/v1/suggestions", params={"limit": 100}).json()["items"]
        if len(items) >= wanted:
            return
        time.sleep(0.2)


if __name__ == "__main__":
    main()
