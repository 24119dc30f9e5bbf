"""The OpenAPI document: what ninja finds in the endpoints, the form of a case, and the problems."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from zhida.service.api.problems import CONTENT_TYPE
from zhida.service.api.vocabulary import DAY, REGION, case_schema
from zhida.service.law import library

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `problems` names everything that is wrong with a request.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    name: {"type": "string"} for name in ("path", "code", "found", "expected", "line")
                },
                "required": ["path", "code", "found", "expected", "line"],
            },
        },
    },
    "required": ["type", "title", "status"],
}
KEYS = {"type": "array", "items": {"type": "string"}}
INTERVIEW: dict[str, Any] = {
    "type": "object",
    "title": "Interview",
    "properties": {"case": {"$ref": "#/components/schemas/Case"}, "refused": KEYS, "measures": KEYS},
    "required": ["case"],
    "additionalProperties": False,
}
TEXT = {"type": "string", "minLength": 1, "maxLength": 200}
APPLICANT = {
    name: {**TEXT, "description": meaning}
    for name, meaning in {
        "name": "单位名称或姓名",
        "number": "统一社会信用代码或公民身份号码",
        "contact": "联系人（单位）",
        "phone": "联系电话",
        "holder": "户名",
        "account": "银行账号",
        "bank": "开户银行",
    }.items()
}
PERSON = {
    "type": "object",
    "properties": {name: APPLICANT[name] for name in ("name", "number")},
    "additionalProperties": False,
}
APPLICATION: dict[str, Any] = {
    "type": "object",
    "title": "Application",
    "description": "`provisions` as measure:row of a decision; `people` by the row they are in: hires.h1.",
    "properties": {
        "case": {"$ref": "#/components/schemas/Case"},
        "applicant": {"type": "object", "properties": APPLICANT, "additionalProperties": False},
        "people": {"type": "object", "additionalProperties": PERSON},
        "provisions": {"type": "array", "minItems": 1, "items": TEXT},
    },
    "required": ["case", "applicant", "provisions"],
    "additionalProperties": False,
}
SUBMISSION: dict[str, Any] = {
    **APPLICATION,
    "title": "Submission",
    "properties": {**APPLICATION["properties"], "commitment": {"type": "string"}, "seen": TEXT},
    "required": [*APPLICATION["required"], "commitment", "seen"],
}
MEANINGS = {
    400: "The request is malformed.",
    401: "A valid token is needed.",
    403: "The token lacks the scope.",
    404: "There is no such thing, or it is not yours to see.",
    409: "It contradicts what is there already.",
    411: "The length of the body is required.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The request is understood, and cannot be carried out: `problems` says all that is wrong.",
    429: "Too many requests in this minute; Retry-After says when to go on.",
    503: "The service cannot read or store data at the moment; Retry-After says when to try again.",
}
ALWAYS = (400, 404, 422, 429, 503)
WITH_TOKEN, WITH_BODY = (401, 403), (411, 413, 415)


class Api(NinjaAPI):
    """The interface, described whole."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        described = schema["components"]["schemas"]
        described |= {"Problem": PROBLEM, "Interview": INTERVIEW, "Case": case_schema(library())}
        described |= {"Application": APPLICATION, "Submission": SUBMISSION}
        for methods in schema["paths"].values():
            for operation in methods.values():
                _add_problems(operation)
                _add_values(operation)
        return schema


def _add_problems(operation: dict[str, Any]) -> None:
    statuses = list(ALWAYS)
    statuses += WITH_TOKEN if operation.get("security") else ()
    statuses += (*WITH_BODY, 409) if "requestBody" in operation else ()
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        operation["responses"].setdefault(status, {"description": MEANINGS[status], "content": content})


def _add_values(operation: dict[str, Any]) -> None:
    """What parameters may be; the keys of measures are those of the library that is served."""
    keys = {"type": "array", "items": {"type": "string", "enum": list(library().measures)}}
    forms = {"region": REGION, "on": DAY, "measure": keys}
    for parameter in operation["parameters"]:
        if parameter["in"] == "query" and parameter["name"] in forms:
            parameter["schema"] = forms[parameter["name"]]
