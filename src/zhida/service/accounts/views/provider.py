"""Log-in at the identity provider, and coming back from it."""

from __future__ import annotations

import logging
from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhida.service.accounts import oidc, services
from zhida.service.accounts.models import User
from zhida.service.accounts.views.entry import BACKEND, first_step, next_of

PENDING, NEXT = "oidc", "oidc_next"
log = logging.getLogger(__name__)


@require_safe
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """To the provider: to log in, or, where somebody is logged in, to link the account with it."""
    _only_where_there_is_one()
    pending = oidc.Pending.new()
    try:
        address = oidc.address_for(pending, _callback(request))
    except oidc.NotVouched as refusal:
        return _refused(request, refusal)
    request.session[PENDING] = asdict(pending)
    request.session[NEXT] = next_of(request)
    return redirect(address)


@require_safe
@never_cache
def come_back(request: HttpRequest) -> HttpResponse:
    _only_where_there_is_one()
    kept = request.session.pop(PENDING, None)
    after = request.session.pop(NEXT, "")
    try:
        pending = oidc.Pending(**kept) if kept else None
        vouched = oidc.vouched_by(request.GET.dict(), pending, _callback(request))
    except oidc.NotVouched as refusal:
        return _refused(request, refusal)
    user = request.user
    return _link(request, user, vouched) if user.is_authenticated else _enter(request, vouched, after)


def _enter(request: HttpRequest, vouched: oidc.Vouched, after: str) -> HttpResponse:
    user, new = services.user_of(vouched)
    if not user.is_active:
        services.note_failed_log_in(user.username)
        return render(request, "accounts/not_vouched.html", {"reason": "inactive"}, status=403)
    services.log_in(request, user, BACKEND)
    return redirect(after or (first_step() if new else reverse(settings.LOGIN_REDIRECT_URL)))


def _link(request: HttpRequest, user: User, vouched: oidc.Vouched) -> HttpResponse:
    if services.link(user, vouched):
        messages.success(request, gettext("已绑定，以后可以用统一身份登录。"))
    else:
        messages.error(request, gettext("这个统一身份已经绑定了另一个账号。"))
    return redirect("accounts:account")


def _refused(request: HttpRequest, refusal: oidc.NotVouched) -> HttpResponse:
    if refusal.reason != "cancelled":
        log.warning("identity provider: %s", refusal)
    status = 502 if refusal.reason == "unreachable" else 403
    if refusal.reason == "cancelled":
        status = 200
    return render(request, "accounts/not_vouched.html", {"reason": refusal.reason}, status=status)


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("accounts:provider-back"))


def _only_where_there_is_one() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404
