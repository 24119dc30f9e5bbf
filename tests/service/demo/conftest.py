"""A small demo county."""

import pytest

from zhida.service.config import demo


@pytest.fixture
def county(db, settings, tmp_path):
    """What `build` returned for forty employers."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return demo.build(employers=40, seed=1)
