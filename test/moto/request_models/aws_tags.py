"""Tags in a request, as services take them where their models name no pattern.

EC2 takes any character. The others take letters, digits, spaces and `_.:/=+-@`: EKS
(https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html), SQS
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html), and so on
(https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html). A name has at most 128
characters, a value 256; `aws:` is AWS's own; a resource has at most 50.
"""
import unicodedata

limits = {"name": 128, "value": 256}
most = 50


def tag_mistakes(service: str, values) -> list[str]:
    """What is wrong with the tags anywhere in a request, a sentence each."""
    return [bad for tags in sets_of(values) for bad in of_set(service, tags)]


def sets_of(values):
    """Each set of tags as pairs of name and value."""
    if isinstance(values, list):
        for one in values:
            yield from sets_of(one)
    elif isinstance(values, dict):
        for key, inside in values.items():
            if key.lower() in ("tags", "tag", "tagset"):
                yield pairs(inside)
            else:
                yield from sets_of(inside)


def pairs(tags) -> list[tuple[str, str]]:
    if isinstance(tags, dict):
        return [(name, value) for name, value in tags.items() if isinstance(value, str)]
    found = []
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, dict):
            parts = {name.lower(): value for name, value in tag.items()}
            if isinstance(parts.get("key"), str):
                found.append((parts["key"], parts.get("value") or ""))
    return found


def of_set(service: str, tags: list[tuple[str, str]]) -> list[str]:
    wrong = [f"there are {len(tags)} tags, at most {most} may be"] if len(tags) > most else []
    for name, value in tags:
        for kind, text in (("name", name), ("value", value)):
            place = f"the {kind} {text!r} of a tag"
            if len(text) > limits[kind]:
                wrong.append(f"{place} has more than {limits[kind]} characters")
            if text.lower().startswith("aws:"):
                wrong.append(f"{place} begins with aws:")
            if service != "ec2" and not all(allowed(character) for character in text):
                wrong.append(f"{place} has characters that {service} does not take")
    return wrong


def allowed(character: str) -> bool:
    return character in "_.:/=+-@" or unicodedata.category(character)[0] in "LZN"
