"""REST: the operation is in the method, the path and the query; its values there, in headers and in the body."""
import json
import re
from functools import cache
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

from botocore.model import OperationModel, ServiceModel

# What SDKs add: the operation's name, and a signature.
added = re.compile(r"^(x-id|X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token|Content-Sha256|User-Agent)|AWSAccessKeyId)$")


@cache
def routes(service: ServiceModel) -> list[tuple]:
    found = []
    for name in service.operation_names:
        operation = service.operation_model(name)
        path, _, query = operation.http["requestUri"].partition("?")
        pattern = re.escape(path.rstrip("/") or "/").replace(r"\{", "{").replace(r"\}", "}").replace(r"\+}", "+}")
        pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", pattern)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        found.append((operation, re.compile(f"^{pattern}/?$"), dict(parse_qsl(query, keep_blank_values=True))))
    return found


def read_rest(service: ServiceModel, environ, body: bytes) -> tuple[OperationModel, dict] | None:
    # The path as it was sent: names may hold slashes.
    path = environ.get("RAW_URI", environ.get("REQUEST_URI", environ["PATH_INFO"])).partition("?")[0]
    pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    query = {}
    for key, value in pairs:
        if not added.match(key):
            query.setdefault(key, []).append(value)
    named = dict(pairs).get("x-id")
    best = None
    for operation, pattern, literal in routes(service):
        if operation.http["method"] != environ["REQUEST_METHOD"]:
            continue
        matched = pattern.match(path)
        if not matched or any(key not in query or value not in ("", query[key][0]) for key, value in literal.items()):
            continue
        values, unknown = located(operation, matched.groupdict(), query, literal, environ)
        required = [key for key in required_of(operation) if key not in values]
        exact = len(matched.groupdict())
        rank = (named == operation.name, len(literal), -len(required), -len(unknown), -exact, len(values))
        if best is None or rank > best[0]:
            best = (rank, operation, values, unknown)
    if best is None:
        return None
    _, operation, values, unknown = best
    values.update(of_body(operation, body))
    values.update({f"?{key}": query[key][0] for key in unknown})
    return operation, values


def required_of(operation: OperationModel) -> list[str]:
    """Of those that are not in the body."""
    shape = operation.input_shape
    if shape is None:
        return []
    return [key for key in shape.required_members if shape.members[key].serialization.get("location")]


def located(operation, path: dict, query: dict, literal: dict, environ) -> tuple[dict, list]:
    values, taken = {}, set(literal)
    shape = operation.input_shape
    for key, member in shape.members.items() if shape else ():
        where = member.serialization.get("location")
        name = member.serialization.get("name", key)
        if where == "uri" and name in path:
            values[key] = unquote(path[name])
        elif where == "querystring" and member.type_name == "map":
            values[key] = {given: value[0] for given, value in query.items() if given not in literal}
            taken.update(query)
        elif where == "querystring" and name in query:
            values[key] = query[name] if member.type_name == "list" else query[name][0]
            taken.add(name)
        elif where == "header":
            header = environ.get(f"HTTP_{name.upper().replace('-', '_')}")
            header = environ.get(name.upper().replace("-", "_")) if header is None else header
            if header is not None and name.lower() not in ("content-length", "content-type", "content-md5"):
                values[key] = header
    return values, [key for key in query if key not in taken]


def of_body(operation: OperationModel, body: bytes) -> dict:
    shape = operation.input_shape
    if shape is None or not body:
        return {}
    payload = shape.serialization.get("payload")
    member = shape.members.get(payload) if payload else None
    if member is not None and member.type_name in ("blob", "string"):
        return {payload: body}
    is_xml = operation.service_model.metadata["protocol"] == "rest-xml"
    if is_xml:
        given = from_xml(ElementTree.fromstring(body), member or shape)
    else:
        given = json.loads(body)
        given = {key_of(shape, name): value for name, value in given.items()} if not member else given
    return {payload: given} if member else given


def key_of(shape, name: str) -> str:
    """Members in a body may be called otherwise there."""
    for key, member in shape.members.items():
        if member.serialization.get("name", key) == name and not member.serialization.get("location"):
            return key
    return name


def tag(element) -> str:
    return element.tag.rpartition("}")[2]


def from_xml(element, shape):
    if shape.type_name == "structure":
        found: dict = {}
        for child in element:
            for key, member in shape.members.items():
                flat = member.type_name == "list" and member.serialization.get("flattened")
                name = member.serialization.get("name", key)
                if flat and "name" in member.member.serialization:
                    name = member.member.serialization["name"]
                if name != tag(child):
                    continue
                if flat:
                    found.setdefault(key, []).append(from_xml(child, member.member))
                else:
                    found[key] = from_xml(child, member)
                break
            else:
                found[tag(child)] = child.text
        return found
    if shape.type_name == "list":
        return [from_xml(child, shape.member) for child in element]
    return element.text or ""
