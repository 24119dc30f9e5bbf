"""The hook for a scanner of malware: `ZHIDA_SCAN` is a command that gets the file's path, or a callable.

A command says by its exit status 0 that a file is clean (`clamdscan --no-summary --fdpass`); a callable
`package.module:function` gets the path and returns whether it is. Whatever else happens, the file is refused.
"""

from __future__ import annotations

import logging
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhida.service.applications.files.refusal import FileRefused

LONGEST_SECONDS = 60
log = logging.getLogger(__name__)


def scan(path: Path) -> bool:
    """Whether the file was looked at; False where no scanner is configured. Raises FileRefused."""
    scanner: str | Callable[[Path], bool] = settings.ZHIDA_SCAN
    if not scanner:
        return False
    try:
        clean = _clean(scanner, path)
    except Exception:
        # Nobody knows what a scanner that fails would have found.
        log.exception("the scanner failed")
        raise FileRefused(_("现在不能检查这个文件，没有接收。请稍后再试，或打电话给经办机构。")) from None
    if not clean:
        raise FileRefused(_("这个文件没有通过安全检查，没有接收。"))
    return True


def _clean(scanner: str | Callable[[Path], bool], path: Path) -> bool:
    if callable(scanner):
        return scanner(path) is True
    if ":" in scanner.split()[0] and "/" not in scanner:
        function: Callable[[Path], bool] = import_string(scanner.replace(":", "."))
        return function(path) is True
    command = [*shlex.split(scanner), str(path)]
    done = subprocess.run(command, capture_output=True, timeout=LONGEST_SECONDS, check=False)
    if done.returncode > 1:
        raise RuntimeError(f"the scanner ended with {done.returncode}")
    return done.returncode == 0


@register(deploy=True)
def tell_without_scanner(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.ZHIDA_SCAN:
        return []
    hint = "Set ZHIDA_SCAN, for example to `clamdscan --no-summary --fdpass`."
    return [Warning("Uploaded files are not scanned for malware.", hint=hint, id="applications.W001")]
