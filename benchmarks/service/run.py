"""The service over 20,000 employers and 100,000 cases: medians of its pages, decisions a second over the API.

    make bench-service CASES=100000

A production site (gunicorn, 2 workers) in processes of its own, on a PostgreSQL server started for it, or on
SQLite where none can be started. Pages are asked for one after the other; the API by several clients at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import pytest  # noqa: E402
from ruamel.yaml import YAML  # noqa: E402
from tests.postgresql import USER, postgresql_server  # noqa: E402
from tests.service.site import Site, environment, running, zhida  # noqa: E402

WARM, ASKED = 5, 40
EXAMPLE = ROOT / "examples" / "1-restaurant.yaml"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--employers", type=int, default=20_000)
    options.add_argument("--cases", type=int, default=100_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--clients", type=int, default=4)
    options.add_argument("--seconds", type=float, default=10)
    order = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhida-bench-") as name, database() as address:
        folder = Path(name)
        more = {"ZHIDA_WORKERS": str(order.workers), "ZHIDA_THREADS": str(order.threads)}
        env = environment(folder, ZHIDA_LOG_LEVEL="INFO", **more, **address)
        for command in (("migrate", "--verbosity", "0"), ("collectstatic", "--no-input", "--verbosity", "0")):
            run = zhida("manage", *command, env=env, cwd=folder)
            assert run.returncode == 0, run.stderr
        made = fill(env, order.employers, order.cases)
        with running(folder, env) as site:
            print("\n| page | median ms | p95 ms | KB |\n| --- | ---: | ---: | ---: |")
            for user, label, path in pages(made):
                measure(site, made, user, label, path)
            print("\n| API | clients | requests a second | median ms | p95 ms |")
            print("| --- | ---: | ---: | ---: | ---: |")
            decide(site, made, order.clients, order.seconds)


@contextlib.contextmanager
def database() -> Iterator[dict[str, str]]:
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(postgresql_server())
        except (pytest.skip.Exception, pytest.fail.Exception) as reason:
            print(f"On SQLite: {reason}", file=sys.stderr)
            yield {}
            return
        subprocess.run([sys.executable, "-c", CREATE, str(folder), USER], check=True)
        yield {"DATABASE_URL": f"postgres://{USER}@/zhida_bench?host={quote(str(folder), safe='')}"}


CREATE = """
import psycopg, sys
with psycopg.connect(host=sys.argv[1], user=sys.argv[2], dbname="postgres", autocommit=True) as connection:
    connection.execute("CREATE DATABASE zhida_bench")
"""


def fill(env: dict[str, str], employers: int, cases: int) -> dict[str, str]:
    """The rows, made in this process; what the pages need to be asked for."""
    os.environ.update(env)
    import django

    django.setup()
    import making
    from django.db import connection

    from zhida.service.api import tokens
    from zhida.service.api.models import Scope

    started = time.perf_counter()
    official = making.person("bench-official", "审核", "first-review")
    auditor = making.person("bench-auditor", "审计", "audit")
    applicants = [
        making.person(f"bench-{n}", f"申请人{n}", "applicant")
        for n in range(max(1, cases // 2 // making.PACKAGES_PER_USER // 20))
    ]
    making.employers(employers)
    package = making.template(applicants[0])
    making.copies(package, applicants, cases)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    token = tokens.issue(applicants[0], "bench", Scope.values, days=1, per_minute=1_000_000, by="bench")[1]
    connection.close()
    seconds = time.perf_counter() - started
    print(f"{employers:,} employers, {cases:,} cases made in {seconds:.0f} s ({connection.display_name})")
    return {
        "official": official.username, "auditor": auditor.username, "applicant": applicants[0].username,
        "package": package.number, "case": package.cases.all()[0].number, "uscc": making.uscc(77),
        "password": making.PASSWORD, "token": token,
    }  # fmt: skip


def pages(made: dict[str, str]) -> list[tuple[str, str, str]]:
    """Who asks, what it is called, where it is."""
    from django.urls import reverse

    return [
        ("", "home", reverse("portal:home")),
        ("", "catalogue", reverse("portal:measures")),
        ("", "search", reverse("portal:measures") + "?q=" + quote("稳岗")),
        ("", "guide", reverse("portal:measure", args=["job-retention-refund"])),
        ("", "three lists: measures", reverse("registry:measures")),
        ("", "three lists: who is served", reverse("registry:served")),
        ("applicant", "own packages", reverse("applications:packages")),
        ("applicant", "package and its progress", reverse("applications:package", args=[made["package"]])),
        ("official", "employers", reverse("registry:employers")),
        ("official", "employers, found by name", reverse("registry:employers") + "?q=" + quote("第1777餐厅")),
        ("official", "an employer", reverse("registry:employer", args=[made["uscc"]])),
        ("official", "the desk", reverse("casework:bench")),
        ("official", "a case", reverse("casework:case", args=[made["case"]])),
        ("auditor", "the audit", reverse("accounts:trail")),
    ]


def measure(site: Site, made: dict[str, str], user: str, label: str, path: str) -> None:
    """One page by one visitor, again and again."""
    visitor = Site(site.port, site.process, site.output)
    if user:
        form = {"username": made[user], "password": made["password"]}
        answer = visitor.post("/login/", form)
        assert answer.status_code == 302, answer.text
    seen = []
    for _ in range(WARM + ASKED):
        started = time.perf_counter()
        answer = visitor.get(path)
        seen.append((time.perf_counter() - started) * 1000)
    if answer.status_code != 200:
        print(f"| {label} | status {answer.status_code} | | |")
        return
    cuts = statistics.quantiles(seen[WARM:], n=20)
    print(f"| {label} | {cuts[9]:.1f} | {cuts[18]:.1f} | {len(answer.content) / 1024:.0f} |", flush=True)


def decide(site: Site, made: dict[str, str], clients: int, seconds: float) -> None:
    """The example over the whole of the county's catalogue."""
    from tests.service.site import HOST

    body = json.dumps(YAML(typ="safe").load(EXAMPLE), default=str, ensure_ascii=False)
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Authorization": f"Bearer {made['token']}",
               "Content-Type": "application/json"}  # fmt: skip
    order = {
        "port": site.port,
        "path": "/api/v1/decide",
        "body": body,
        "headers": headers,
        "clients": clients,
    }
    for length in (1.0, seconds):
        run = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("load.py"))],
            input=json.dumps({**order, "seconds": length}), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    print(
        f"| decide, all of 正宁 | {clients} | {told['rate']:.0f} | {told['median']:.1f} | {told['p95']:.1f} |"
    )


if __name__ == "__main__":
    main()
