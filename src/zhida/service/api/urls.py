"""The interface, version 1."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET
from ninja.errors import HttpError, ValidationError

from zhida.decide import Problem
from zhida.decide.input import shown
from zhida.service.api.description import Api
from zhida.service.api.endpoints import router
from zhida.service.api.packages import router as packages
from zhida.service.api.problems import Refusal, problem

api = Api(
    title="Zhida 直达",
    version="1.0.0",
    description="Local employment-support documents as executable policy: what is a case entitled to?",
    docs_url=None,
    docs_decorator=require_GET,
    urls_namespace="api",
)
api.add_router("", router)
api.add_router("", packages)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    response: HttpResponse = refusal.response()
    return response


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja itself finds wrong with parameters."""
    problems = [
        Problem(".".join(map(str, e["loc"][1:])), f"parameter/{e['type']}", shown(e.get("input")), e["msg"])
        for e in error.errors
    ]
    return problem(422, "the request cannot be read", problems)


@api.exception_handler(HttpError)
def failed(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, str(error))


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404)


urlpatterns = [path("api/v1/", api.urls)]
