"""The service's tests on a PostgreSQL server started for them: `python -m tests.service.on_postgresql`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.postgresql import USER, postgresql_server

WITHOUT = ("-m", "not browser")


def main() -> int:
    try:
        with postgresql_server() as folder:
            address = f"postgres://{USER}@/zhida?host={quote(str(folder), safe='')}"
            given = sys.argv[1:]
            tests = [] if any(Path(part.split("::")[0]).exists() for part in given) else ["tests/service"]
            command = [sys.executable, "-m", "pytest", *WITHOUT, *tests, *given]
            return subprocess.run(
                command, env={**os.environ, "DATABASE_URL": address}, check=False
            ).returncode
    except pytest.skip.Exception as reason:
        print(f"The service's tests were not run on PostgreSQL: {reason}", file=sys.stderr)
        return 0
    except pytest.fail.Exception as reason:
        print(f"The service's tests could not be run on PostgreSQL: {reason}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
