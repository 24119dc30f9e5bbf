"""`/healthz`: this process answers. `/readyz`: it can serve, with the database and its migrations.

Answered before anything else looks at the request: a probe comes over plain HTTP, without a host name.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

Next = Callable[[HttpRequest], HttpResponse]


class ProbeMiddleware:
    """The two probes."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match request.path:
            case "/healthz":
                return JsonResponse({"status": "ok"})
            case "/readyz":
                return _readiness()
        return self.get_response(request)


def _readiness() -> JsonResponse:
    try:
        waiting = unapplied_migrations()
    except Error:
        return _answer(database=False, migrations=False)
    return _answer(database=True, migrations=not waiting)


def _answer(**checks: bool) -> JsonResponse:
    ready = all(checks.values())
    found = {name: "ok" if good else "failed" for name, good in checks.items()}
    return JsonResponse(
        {"status": "ok" if ready else "failed", "checks": found}, status=200 if ready else 503
    )


def unapplied_migrations() -> list[str]:
    """`app.name` of each migration that the database lacks; raises django.db.Error without a database."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
