"""`zhida tck`: the DMN conformance tests, by folder."""

from __future__ import annotations

import json
from pathlib import Path

from zhida.cli import inputs, streams
from zhida.dmn.tck import format_report
from zhida.dmn.tck import run as run_tests


def run(directory: str, as_json: bool) -> None:
    root = Path(directory)
    if not root.is_dir():
        inputs.fail_missing_directory(directory)
    report = run_tests(root)
    if as_json:
        streams.write_utf8(json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n")
        return
    for failure in report.failures:
        print(failure)
    print(format_report(report))
