"""`zhida token`: keys for programs that use the API of the service."""

from __future__ import annotations

from typing import Annotated

import typer

from zhida.cli.service import MISUSED, operator, refuse, start_django

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Issue, list and revoke keys of the API.")


@app.command()
def create(
    user: Annotated[str, typer.Argument(metavar="USER", help="Whose rights the token has: a user name.")],
    name: Annotated[str, typer.Option(metavar="TEXT", help="What it is for, to tell it from others.")],
    scope: Annotated[list[str], typer.Option(metavar="SCOPE", help="decide, submit or status; repeatable.")],
    days: Annotated[int, typer.Option(metavar="N", min=1, max=3650, help="Good for so many days.")] = 365,
    per_minute: Annotated[
        int, typer.Option(metavar="N", min=1, max=1_000_000, help="Requests a minute.")
    ] = 600,
) -> None:
    """Issue a token and print it: it is not kept, and cannot be shown again."""
    start_django()
    from zhida.service.accounts.models import User
    from zhida.service.api import tokens

    owner = User.objects.filter(username=user, is_active=True).first()
    if owner is None:
        refuse(f"found no active user {user!r}", MISUSED)
    try:
        token, text = tokens.issue(owner, name, scope, days=days, per_minute=per_minute, by=operator())
    except tokens.UnknownScope as error:
        refuse(f"--scope: {error}", MISUSED)
    print(text)
    typer.echo(f"Token {token.pk}, good until {token.expires_at:%Y-%m-%d}. Keep it now.", err=True)


@app.command("list")
def list_tokens() -> None:
    """List the tokens: number, start, state, until when, for whom, what for."""
    start_django()
    from zhida.service.api.models import Token

    for token in Token.objects.select_related("user"):
        state = "revoked" if token.revoked_at else "good until"
        until = token.revoked_at or token.expires_at
        used = f"used {token.last_used_on}" if token.last_used_on else "never used"
        cells = (
            token.pk,
            f"{token.start}…",
            f"{state} {until:%Y-%m-%d}",
            used,
            token.user.username,
            ",".join(token.scopes),
            token.name,
        )
        print("\t".join(map(str, cells)))


@app.command()
def revoke(number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `list` shows it.")]) -> None:
    """Take a token back: it opens nothing from the next request on."""
    start_django()
    from zhida.service.api import tokens
    from zhida.service.api.models import Token

    token = Token.objects.filter(pk=number).first()
    if token is None:
        refuse(f"found no token {number}", MISUSED)
    tokens.revoke(token, by=operator())
