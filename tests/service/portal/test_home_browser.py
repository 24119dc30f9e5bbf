"""The front page in a browser."""

import pytest
from tests.service.browser import DESK, PHONE, TABLET

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_it_looks_right_at_every_width(visit, width):
    visitor = visit(width=width)
    visitor.go("/")
    visitor.looks_right("home")
