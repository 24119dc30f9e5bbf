"""The library of policies that this site serves, loaded once for each process."""

from __future__ import annotations

import os
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from zhida.library import Library
from zhida.library.cache import load_cached
from zhida.library.location import find_library


@cache
def library() -> Library:
    """The library under `ZHIDA_LIBRARY`, or the built-in one. One with errors is not served."""
    folder = find_library(settings.ZHIDA_LIBRARY or None, os.environ)
    loaded, diagnostics = load_cached(folder, os.environ)
    errors = [str(found) for found in diagnostics if found.severity == "error"]
    if errors:
        raise ImproperlyConfigured("The policy library has errors:\n" + "\n".join(errors))
    return loaded
