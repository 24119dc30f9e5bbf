"""Standard streams: written in any locale, and silent when the reader has gone."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper


def prepare() -> None:
    """What a terminal's encoding lacks (GBK has no ✓) is replaced instead of failing."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def write_utf8(text: str) -> None:
    """Output for programs is UTF-8 whatever the locale."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(text)
    sys.stdout.flush()


def abandon_stdout() -> None:
    """After a broken pipe, keep Python from complaining about it once more while it shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def was_interrupted(error: Exception) -> bool:
    """Whether it is how DuckDB says that Ctrl-C stopped a query."""
    return isinstance(error, RuntimeError) and str(error) == "Query interrupted"


def one_line(error: Exception) -> str:
    """What went wrong outside the program, or in it, on one line."""
    if isinstance(error, OSError):
        named = f": {error.filename}" if error.filename else ""
        return f"zhida: {error.strerror or error}{named}"
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return f"zhida: internal error, please report it: {text} (ZHIDA_TRACEBACK=1 shows where)"
