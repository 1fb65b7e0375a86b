"""A request to STS that is signed in its address, as the token of a cluster is, reaches STS, and is from whoever signed it.

moto looks for both in a header only, and takes what has none for S3's.
"""
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

call = DomainDispatcherApplication.__call__


def signed_in_header(environ):
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    credential = query.get("X-Amz-Credential", "")
    if "HTTP_AUTHORIZATION" in environ or credential.split("/")[3:4] != ["sts"]:
        return environ
    parts = {
        "Credential": credential,
        "SignedHeaders": query.get("X-Amz-SignedHeaders", ""),
        "Signature": query.get("X-Amz-Signature", ""),
    }
    header = "AWS4-HMAC-SHA256 " + ", ".join(f"{name}={value}" for name, value in parts.items())
    return {**environ, "HTTP_AUTHORIZATION": header}


DomainDispatcherApplication.__call__ = lambda self, environ, start: call(self, signed_in_header(environ), start)
