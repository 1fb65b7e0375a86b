"""From a request to its operation and the values of its input, whichever of AWS's protocols it speaks."""
import io
import json
from urllib.parse import parse_qsl

from botocore.model import OperationModel, ServiceModel
from botocore.parsers import create_parser

from aws_rest import read_rest


class Unreadable(Exception):
    """A request that is none of the service's operations."""


def read(service: ServiceModel, environ, body: bytes) -> tuple[OperationModel, dict]:
    """@raise Unreadable"""
    try:
        if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
            name = environ["PATH_INFO"].rsplit("/", 1)[1]
            return service.operation_model(name), cbor(body)
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target:
            prefix, name = target.rsplit(".", 1)
            known = service.metadata.get("targetPrefix", prefix)
            if prefix != known:
                raise Unreadable(f"the target is {target}, not {known}.{name}")
            return service.operation_model(name), json.loads(body or b"{}")
        if {"query", "ec2"} & {service.metadata["protocol"], *service.metadata.get("protocols", [])}:
            return read_query(service, environ, body)
        found = read_rest(service, environ, body)
        if found is None:
            raise Unreadable(f"no operation is {environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return found
    except (ValueError, KeyError) as problem:
        raise Unreadable(f"{type(problem).__name__}: {problem}") from problem
    except Exception as problem:
        if type(problem).__name__ == "OperationNotFoundError":
            raise Unreadable(f"there is no operation {problem}") from problem
        raise


def cbor(body: bytes) -> dict:
    parser = create_parser("smithy-rpc-v2-cbor")
    return parser.parse_data_item(io.BufferedReader(io.BytesIO(body))) if body else {}


def read_query(service: ServiceModel, environ, body: bytes) -> tuple[OperationModel, dict]:
    text = body.decode() or environ.get("QUERY_STRING", "")
    given = dict(parse_qsl(text, keep_blank_values=True))
    name = given.pop("Action", None)
    if name is None:
        raise Unreadable("there is no Action")
    version = given.pop("Version", None)
    if version != service.api_version:
        raise Unreadable(f"the version is {version}, not {service.api_version}")
    operation = service.operation_model(name)
    signing = {key for key in given if key.startswith("X-Amz-")}
    tree = {}
    for key, value in given.items():
        if key in signing:
            continue
        place = tree
        *path, last = key.split(".")
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise Unreadable(f"{key} is a value and has values")
        place[last] = value
    return operation, unflattened(tree, operation.input_shape, service.metadata["protocol"] == "ec2")


def unflattened(tree, shape, is_ec2: bool):
    """The values that were flattened into a form's keys; what fits nowhere stays where it is."""
    if not isinstance(tree, dict):
        return tree
    if shape is None or shape.type_name == "structure":
        names = {wire_name(key, member, is_ec2): (key, member) for key, member in members(shape)}
        found = {}
        for part, below in tree.items():
            key, member = names.get(part, (part, None))
            found[key] = unflattened(below, member, is_ec2) if member else below
        return found
    if shape.type_name == "list":
        flat = is_ec2 or shape.serialization.get("flattened")
        below = tree if flat else tree.get(shape.member.serialization.get("name", "member"), tree)
        numbered = sorted(below.items(), key=lambda item: int(item[0]))
        return [unflattened(value, shape.member, is_ec2) for _, value in numbered]
    if shape.type_name == "map":
        below = tree if shape.serialization.get("flattened") else tree.get("entry", tree)
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        entries = [below[number] for number in sorted(below, key=int)]
        return {entry[key_name]: unflattened(entry.get(value_name), shape.value, is_ec2) for entry in entries}
    return tree


def members(shape):
    return shape.members.items() if shape else ()


def wire_name(key: str, member, is_ec2: bool) -> str:
    """A list that is flattened has its members' name."""
    names = member.serialization
    if is_ec2:
        if "queryName" in names:
            return names["queryName"]
        name = names.get("name", key)
        return name[0].upper() + name[1:]
    if member.type_name == "list" and names.get("flattened") and "name" in member.member.serialization:
        return member.member.serialization["name"]
    return names.get("name", key)
