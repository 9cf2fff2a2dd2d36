"""Leads the generated requests to resources that exist, and tells what was answered.

Schemathesis invents ids; nearly all of them are unknown, so that nothing behind a 404 would ever be tried. Before each
call the program that started this one is asked for a resource in a state that the operation works on. What was
invalid on purpose is left as it is.
"""

import json
import os
import urllib.request

import schemathesis

FIXTURES = os.environ["LOOM_FUZZ_FIXTURES"]
LIMIT_SECONDS = 60
NULL_LISTS = {"candidates", "steps", "files", "overview", "requiredInputs"}


def ask(path, body):
    data = json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(FIXTURES + path, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
        return json.loads(answer.read() or b"null")


def operation_of(case):
    return case.operation.definition.raw["operationId"]


def negated(case):
    """Names of the request's parts that are invalid on purpose."""
    if case.meta is None:
        return set()
    return {
        getattr(location, "value", str(location))
        for location, part in case.meta.components.items()
        if getattr(part.mode, "value", str(part.mode)) == "negative"
    }


def has_null_list(body):
    """Whether `body` has a null in the place of a list, which the contract takes as an empty one."""
    if isinstance(body, dict):
        return any(
            (value is None and key in NULL_LISTS) or has_null_list(value) for key, value in body.items()
        )
    return isinstance(body, list) and any(map(has_null_list, body))


@schemathesis.hook
def filter_case(context, case):
    """Invalid by the schema, but spoken by migrators and documented under x-loom-dialects."""
    return "body" not in negated(case) or not has_null_list(case.body)


@schemathesis.hook
def before_call(context, case, kwargs):
    bad = negated(case)
    if case.method != case.operation.method.upper():
        return
    fixture = ask("/prepare", {"operation": operation_of(case)})
    if "path" not in bad and case.path_parameters:
        # Another name beside them would make the whole path an invalid one.
        path = fixture.get("path", {}).items()
        case.path_parameters.update({name: value for name, value in path if name in case.path_parameters})
    if "query" not in bad and case.query is not None:
        case.query.update(fixture.get("query", {}))
    if "body" not in bad and "body" in fixture:
        case.body = fixture["body"]


@schemathesis.hook
def after_call(context, case, response):
    ask("/answered", {"operation": operation_of(case), "method": case.method, "status": response.status_code})
