"""Commands of the service. Django is imported only inside them: deciding a case must not wait for it."""

from __future__ import annotations

import getpass
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

SETTINGS = "DJANGO_SETTINGS_MODULE"
PACKAGE = "zhida.service.config.settings"
FAILED, MISUSED = 1, 2
LOCAL = "127.0.0.1"

audit = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Check the chain of the audit.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Register the service's commands."""
    app.command()(serve)
    app.command()(worker)
    app.command()(doctor)
    app.command()(administrator)
    app.command(
        add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}
    )(manage)
    app.add_typer(audit, name="audit")


def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="An invented county, in this folder; the day is 2022-10-10.")
    ] = False,
    development: Annotated[
        bool, typer.Option("--development", help="Settings for a desk: never for the public.")
    ] = False,
    host: Annotated[str, typer.Option(metavar="H", help="Address to listen at.")] = LOCAL,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Port to listen at.")] = 8000,
) -> None:
    """Serve the site. Production settings come from the environment: see docs/operations.md."""
    from zhida.service.config import serving

    if demo and development:
        refuse("--demo and --development exclude each other", MISUSED)
    try:
        listener = serving.listen(host, port)
    except serving.AddressTaken:
        refuse(f"port {port} of {host} is taken: stop what listens there, or choose another with --port")
    except serving.AddressRefused as error:
        refuse(f"cannot listen at {host}, port {port}: {error.strerror}")
    if demo:
        _make_demo_secrets()
    start_django("demo" if demo else "development" if development else None, asked=development)
    with listener:
        _run(listener, demo, development)


def _run(listener: object, demo: bool, development: bool) -> None:
    from contextlib import nullcontext
    from socket import socket

    from zhida.service.config import premises, serving

    assert isinstance(listener, socket)
    host, port = listener.getsockname()[:2]
    accounts: Sequence[premises.Account] = ()
    if demo:
        print("Preparing the demo county …", file=sys.stderr, flush=True)
        accounts = premises.here().prepare()
    elif development:
        premises.migrate()
    shown = f"[{host}]" if ":" in host else host

    def ready() -> None:
        if demo or development:
            _welcome(f"http://{shown}:{port}/", accounts, demo)

    beside = serving.background_worker() if demo or development else nullcontext()
    with beside:
        serving.Site(listener, serving.Workers.from_environment(), ready).run()


def _welcome(address: str, accounts: Iterable[Sequence[str]], demo: bool) -> None:
    """Where the site is and who can log in; on standard output, for people."""
    lines = [f"\nZhida 直达 is at {address}"]
    if demo:
        lines.append("Invented people and employers; the day is held at 2022-10-10.")
    rows = [tuple(map(str, account)) for account in accounts]
    if rows:
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        lines.append("Log in as (user, password):")
        lines += [f"  {user:<{widths[0]}}  {password:<{widths[1]}}  {role}" for user, password, role in rows]
    print("\n".join([*lines, "Ctrl-C stops it.\n"]), flush=True)


def _make_demo_secrets() -> None:
    from zhida.service.config import premises

    premises.here().make_secrets()


def worker() -> None:
    """Do the service's background work until stopped."""
    start_django()
    from zhida.service.config.serving import warm_up
    from zhida.service.work.worker import run

    warm_up()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(stop)


def doctor(as_json: AsJson = False) -> None:
    """Look whether this installation has what it needs, and say what to do; exit 1 if something lacks."""
    start_django()
    from dataclasses import asdict

    from zhida.service.config.doctor import examine

    findings = examine()
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(str, findings)))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


def administrator(
    user: Annotated[str, typer.Argument(metavar="USER", help="A new user name.")],
    name: Annotated[str, typer.Option(metavar="TEXT", help="The person's name.")],
    region: Annotated[str, typer.Option(metavar="CODE", help="Region, six digits, with all below it.")],
) -> None:
    """Create a user who may manage accounts, and print the password for the first log-in."""
    from zhida.standards.regions import is_region_code

    if not is_region_code(region):
        refuse(f"--region: found {region!r}, expected six digits of GB/T 2260 such as 621025", MISUSED)
    start_django()
    from zhida.service.config.administrators import Taken, create

    try:
        print(create(user, name, region, by=operator()))
    except Taken as error:
        refuse(str(error), MISUSED)


def operator() -> str:
    """Who sits at the machine, as the audit names them."""
    try:
        return f"operator {getpass.getuser()}"
    except (KeyError, OSError):
        return "operator"


def manage(context: typer.Context) -> None:
    """Run one of Django's own commands (migrate, collectstatic, shell …) with the site's settings."""
    start_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["zhida manage", *context.args])


@audit.command()
def verify(
    head: Annotated[
        str | None, typer.Option(metavar="NUMBER:LINK", help="A head noted earlier; it must be in the chain.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read the audit and the chains of money and of 公示; name what was altered, removed or moved; exit 1."""
    start_django()
    from zhida.service.audit import verification

    try:
        anchor = verification.Anchor.parse(head) if head else None
    except ValueError as error:
        refuse(str(error), MISUSED)
    findings = list(verification.verify(anchor))
    if as_json:
        rows = [
            {"chain": f.chain, "first": f.first, "last": f.last, "problem": f.problem.name.lower()}
            for f in findings
        ]
        print(json.dumps({"head": str(verification.head()), "findings": rows}, indent=2))
    else:
        print("\n".join(map(str, findings)) or f"The chain is whole. Head: {verification.head()}")
    if findings:
        raise typer.Exit(FAILED)


@audit.command("head")
def print_head() -> None:
    """Print the head of the chain, to be kept outside of the database and given to `verify` later."""
    start_django()
    from zhida.service.audit.verification import head

    print(head())


def start_django(wanted: str | None = None, *, asked: bool = False) -> None:
    """Django with the settings that are `wanted`, or the environment's, or this folder's demonstration's,
    or else those of production; development's only where they were asked for."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    module = f"{PACKAGE}.{wanted}" if wanted else os.environ.get(SETTINGS) or default_settings()
    if wanted is None and module.endswith(".development") and "serve" in sys.argv[1:2] and not asked:
        refuse(f"{SETTINGS} names the development settings: say --development if you mean it", MISUSED)
    os.environ[SETTINGS] = module
    try:
        django.setup()
    except ImproperlyConfigured as error:
        refuse(f"{error} (docs/operations.md lists what production needs; or try: zhida serve --demo)")


def default_settings() -> str:
    """Those of the demonstration in a folder that holds one."""
    folder = Path(os.environ.get("ZHIDA_DATA") or ".")
    return f"{PACKAGE}.{'demo' if (folder / 'secrets.env').exists() else 'production'}"


def refuse(reason: str, status: int = FAILED) -> NoReturn:
    """One line on standard error, and the exit."""
    print(f"zhida: {' '.join(reason.split())}", file=sys.stderr)
    raise typer.Exit(status)
