"""Lists the calls that the imitated account does not imitate: `GET /moto-api/box/unmodelled`, one line each.

A service that moto lacks answers 501. Errors of moto, and unknown paths, are listed with its answer. Services in `accepted`
are not listed, since they do not affect a run; each has its reason.
"""
import json
import threading

from moto.core.responses import BaseResponse
from moto.moto_api._internal.urls import url_paths
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

accepted = {
    "pricing": "the product goes on with the prices that it brings",
    "servicequotas": "the product goes on without knowing them",
}
unmodelled: list[str] = []
lock = threading.Lock()
init, call = DomainDispatcherApplication.__init__, DomainDispatcherApplication.__call__
call_action = BaseResponse.call_action


def report_unmodelled(line: str) -> None:
    with lock:
        if line not in unmodelled:
            unmodelled.append(line)


def service_of(environ) -> str:
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].partition(",")[0].split("/")
    return scope[3] if len(scope) > 3 else "?"


def request_line(environ) -> str:
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    return f"{service_of(environ)} {environ['REQUEST_METHOD']} {environ['PATH_INFO']} {target}".strip()


def watched(self, environ, start_response):
    def start(status, headers, *rest):
        kind = dict((name.lower(), value) for name, value in headers).get("content-type", "")
        # The page of an unknown path; S3's answers to HEAD look like it.
        unknown_path = status[:3] in ("404", "405") and kind.startswith("text/html") and service_of(environ) not in ("?", "s3")
        if unknown_path or (status.startswith("5") and service_of(environ) not in accepted):
            report_unmodelled(f"{request_line(environ)}: {status}")
        return start_response(status, headers, *rest)

    try:
        return call(self, environ, start)
    except Exception as error:  # An error of moto: AWS would have answered the request.
        report_unmodelled(f"{request_line(environ)}: {error!r}")
        raise


def refuse(environ, start_response):
    start_response("501 Not Implemented", [("content-type", "application/x-amz-json-1.1")])
    return [json.dumps({"__type": "NotImplemented", "message": f"{service_of(environ)} is not imitated"}).encode()]


def started(self, *args, **named):
    init(self, *args, **named)
    # Services without a backend in moto.
    self.app_instances[None] = refuse


def called(self):
    try:
        return call_action(self)
    except NotImplementedError as error:
        report_unmodelled(f"{self.service_name}: {error}")
        raise


DomainDispatcherApplication.__call__ = watched
DomainDispatcherApplication.__init__ = started
BaseResponse.call_action = called
url_paths["{0}/moto-api/box/unmodelled$"] = lambda request, full_url, headers: (200, {}, json.dumps(unmodelled))
