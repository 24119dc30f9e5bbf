"""What only a process of its own shows: what start-up imports, streams, the module, the version."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import zhida

from .conftest import ROOT

EXAMPLE = str(ROOT / "examples" / "1-restaurant.yaml")


def zhida_process(*arguments: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "zhida", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, **more)  # type: ignore[call-overload,no-any-return]


def test_json_is_printed_without_importing_rich_or_dmn() -> None:
    code = (
        "import sys; sys.argv[1:] = ['decide', '--json', sys.argv[1]]\n"
        "from zhida.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "slow = {'rich.console', 'zhida.dmn', 'hypothesis'} & set(sys.modules)\n"
        "sys.exit(f'imported {slow}' if slow else 0)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, EXAMPLE], capture_output=True, check=False, timeout=60
    )
    assert found.returncode == 0, found.stderr.decode()
    assert found.stdout.startswith(b"{")


def test_it_works_from_any_folder(tmp_path: Path) -> None:
    assert zhida_process("decide", EXAMPLE, cwd=tmp_path).returncode == 0


def test_json_is_utf_8_and_tables_print_in_any_locale() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert "稳岗".encode() in zhida_process("decide", EXAMPLE, "--json", env=environment).stdout
    explained = zhida_process("explain", EXAMPLE, "hiring-subsidy", env=environment)
    assert (explained.returncode, explained.stderr) == (0, b"")


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -m zhida decide {EXAMPLE} --json | head -c 10"
    found = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False, timeout=60
    )
    assert found.stderr == b""


def test_version_and_help() -> None:
    assert zhida_process("--version").stdout.decode() == f"zhida {zhida.__version__}\n"
    text = zhida_process("--help").stdout.decode()
    for command in ("decide", "explain", "ask", "catalogue", "show", "check", "format", "tck"):
        assert f"\n  {command} " in text


def test_an_unknown_option_is_refused_without_a_traceback() -> None:
    found = zhida_process("decide", EXAMPLE, "--jsonn")
    assert found.returncode == 2
    assert b"Traceback" not in found.stderr


def test_an_interrupted_query_is_an_interruption_and_no_error() -> None:
    code = (
        "from zhida.cli import app\n"
        "def work(**options):\n"
        "    raise RuntimeError('Query interrupted')\n"  # so DuckDB tells of Ctrl-C
        "app.app = work\n"
        "app.main()"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert (found.returncode, found.stderr) == (130, b"")
