"""What people see when something fails: a page that needs neither database nor session.

It holds what they had just typed, so that trying again loses nothing.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhida.service.config.logs import REQUEST_ID

RETRY_AFTER_SECONDS = 30
NO_STORE = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE,
    errno.ENFILE, errno.ENOMEM,
}  # fmt: skip
"""How the system says that a file cannot be kept: full, read-only, not allowed, broken."""
API = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: 503 where the site waits for something outside of it, 500 where it is at fault."""
    error = sys.exc_info()[1]
    if isinstance(error, RequestDataTooBig):
        return too_large(request, None)
    if is_outage(error):
        return unavailable(request)
    return _answer(
        request,
        500,
        _("出错了"),
        (
            _("这一步没有办成，也没有保存任何内容。问题已经记下，我们会处理。"),
            _("您可以回到首页，或者过一会儿再试。"),
        ),
    )


def is_outage(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is the database's or the file store's being away or full."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError | InternalError):
            return True
        if isinstance(error, OSError) and not isinstance(error, DatabaseError) and error.errno in NO_STORE:
            return True
        error = error.__cause__ or error.__context__
    return False


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, with the form to send again."""
    response = _answer(
        request,
        503,
        _("暂时办不了"),
        (_("系统暂时存取不了数据，这一步没有保存。请过一会儿再试。"),),
        retry=True,
    )
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def too_large(request: HttpRequest, most: int | None) -> HttpResponse:
    """413: nothing of it was read."""
    limit = _("一次最多可以上传 %(most)d MB。") % {"most": most // 1024**2} if most else ""
    lines = (_("上传的内容太大，没有接收。"), limit, _("请返回上一页，压缩或拆分文件后再上传。"))
    return _answer(request, 413, _("文件太大"), tuple(line for line in lines if line))


def length_required(request: HttpRequest) -> HttpResponse:
    """411: a body of unknown length."""
    return _answer(
        request, 411, _("没有说明内容的长度"), (_("请求没有说明内容的长度（Content-Length），没有接收。"),)
    )


def _answer(
    request: HttpRequest, status: int, title: str, lines: tuple[str, ...], *, retry: bool = False
) -> HttpResponse:
    if request.path.startswith(API):
        return problem_of(status)
    context = {
        "title": title,
        "lines": lines,
        "language": get_language(),
        "retry": retry,
        "again": Again(request) if retry else None,
        "request_id": REQUEST_ID.get(),
    }
    response = HttpResponse(render_to_string("config/failure.html", context), status=status)
    response["Cache-Control"] = "no-store"
    return response


TITLES = {
    411: "the length of the body is required",
    413: "the body is too large",
    500: "internal error",
    503: "temporarily unavailable",
}


def problem_of(status: int) -> HttpResponse:
    """The same for programs (RFC 9457)."""
    found: dict[str, Any] = {"type": "about:blank", "title": TITLES[status], "status": status}
    response = JsonResponse(found, status=status, content_type="application/problem+json")
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


class Again:
    """The request once more, as a form: its address, and what was typed if it was typed on this site."""

    def __init__(self, request: HttpRequest) -> None:
        own = request.method == "POST" and _is_own(request)
        self.method = "post" if own else "get"
        self.action = request.get_full_path() if own else request.path
        self.fields = tuple(typed_fields(request))
        self.token = get_token(request) if own else ""
        self.is_partial = own and (bool(request.FILES) or any(map(_is_secret, request.POST)))


def typed_fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Names and values of a form; never a password, a token, or what another site sent."""
    if request.method == "GET":
        sent = request.GET
    elif _is_own(request):
        sent = request.POST
    else:
        return
    for name, values in sent.lists():
        if name != "csrfmiddlewaretoken" and not _is_secret(name):
            yield from ((name, value) for value in values)


def _is_secret(name: str) -> bool:
    return "password" in name.lower()


def _is_own(request: HttpRequest) -> bool:
    """Whether the form was checked to be this site's own: nobody else's goes back with a fresh token."""
    return bool(getattr(request, "csrf_processing_done", False))
