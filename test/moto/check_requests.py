"""Checks every request to AWS against AWS's own models, as botocore has them.

`checked(application)` stands before a WSGI application. It finds out which operation of which service a request is, and
whether it could be one: the operation exists, what is required is there, nothing is there that the model does not know,
and values have the types, sizes, patterns and words that the model has for them; tags have what the service takes besides
(`request_models/aws_tags.py`). Patterns cover the whole of a value, as the services take them.
What could not be is answered with 400 and noted. `GET /_requests/violations` lists what was noted, `GET
/_requests/checked` how often each operation was checked; `DELETE` on either forgets both. `GET /_requests/permissions` says what
those that were signed by a role or a user take of IAM (`required_permissions/record_permissions.py`).

Requests without a signature are not AWS's: tests put things into moto by them. They pass.
"""
import io
import json
import sys
import threading
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent / folder) for folder in ("request_models", "required_permissions")]

import record_permissions  # noqa: E402
from aws_models import model_of  # noqa: E402
from aws_tags import tag_mistakes  # noqa: E402
from aws_wire import Unreadable, read  # noqa: E402
from aws_values import mistakes  # noqa: E402

lock = threading.Lock()
violations: list[dict] = []
counts: Counter = Counter()


def checked(application):
    def serve(environ, start_response):
        if environ["PATH_INFO"].startswith("/_requests/"):
            return report(environ, start_response)
        found, recorded = check(environ)
        if found is None:
            return answered(application, environ, start_response, recorded)
        with lock:
            violations.append(found)
        print(f"VIOLATION {json.dumps(found)}", file=sys.stderr, flush=True)
        return refuse(found, start_response)

    return serve


def answered(application, environ, start_response, recorded):
    """The application's answer; what the request takes of IAM is kept when it was let through."""

    def start(status, headers, *rest):
        if recorded:
            recorded.answered(status)
        return start_response(status, headers, *rest)

    return application(environ, start)


def check(environ) -> tuple[dict | None, record_permissions.RecordedRequest | None]:
    """What is wrong with a request, None when nothing is; and what it takes of IAM."""
    signed_for = signing_name(environ)
    if signed_for is None:
        return None, None
    service = model_of(signed_for)
    if service is None:
        return {"operation": signed_for, "mistakes": [f"there is no service {signed_for}"]}, None
    try:
        operation, values = read(service, environ, body_of(environ))
    except Unreadable as problem:
        return {"operation": f"{signed_for}:?", "mistakes": [str(problem)]}, None
    except ConnectionError:  # Whoever sent it was gone before the end of it.
        raise
    except Exception as problem:  # Whatever it is, nobody has checked the request.
        return {"operation": f"{signed_for}:?", "mistakes": [f"cannot be checked: {problem!r}"]}, None
    name = f"{signed_for}:{operation.name}"
    with lock:
        counts[name] += 1
    shape = operation.input_shape
    wrong = mistakes(values, shape) if shape else [f"takes nothing, got {key}" for key in values]
    wrong += tag_mistakes(signed_for, values)
    if wrong:
        return {"operation": name, "mistakes": wrong}, None
    try:
        return None, record_permissions.RecordedRequest(signed_for, operation, values, environ)
    except Exception as problem:  # Whatever it is, nobody can judge the request.
        return {"operation": name, "mistakes": [f"cannot be judged: {problem!r}"]}, None


def signing_name(environ) -> str | None:
    """The service that the request is signed for."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    query = environ.get("QUERY_STRING", "").replace("%2F", "/")
    for text, mark in ((header, "Credential="), (query, "X-Amz-Credential=")):
        if mark in text:
            scope = text.split(mark, 1)[1].split(",")[0].split("&")[0].split("/")
            if len(scope) >= 5:
                return scope[3]
    return None


def body_of(environ) -> bytes:
    """The body, which stays readable for the application."""
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = stream.read()
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def refuse(found: dict, start_response):
    """The same in JSON and in XML would need the protocol; SDKs show the text of either."""
    text = "; ".join(found["mistakes"])
    body = json.dumps({"__type": "RequestViolation", "message": f"{found['operation']}: {text}"}).encode()
    headers = [("content-type", "application/json"), ("x-amzn-errortype", "RequestViolation")]
    start_response("400 Bad Request", [*headers, ("content-length", str(len(body)))])
    return [body]


def report(environ, start_response):
    with lock:
        known = {
            "/_requests/violations": list(violations),
            "/_requests/checked": dict(counts),
            "/_requests/permissions": record_permissions.report(),
        }
        if environ["REQUEST_METHOD"] == "DELETE":
            violations.clear()
            counts.clear()
    body = json.dumps(known.get(environ["PATH_INFO"])).encode()
    start_response("200 OK", [("content-type", "application/json"), ("content-length", str(len(body)))])
    return [body]
