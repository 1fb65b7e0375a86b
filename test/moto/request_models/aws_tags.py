"""Which tags a service takes, beyond what its model says: models have no characters for most, some not even lengths.

The set of characters is what AWS takes everywhere: letters, digits and spaces of any language and _ . : / = + - @
(https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html); a key must not begin with `aws:`.
EC2 takes any character (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions).
"""
import unicodedata

# Longest key, longest value, most of them, and whether the set of characters holds.
limits = {
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
    "ec2": (128, 256, 50, False),
    # https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
    "eks": (128, 256, 50, True),
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html
    "sqs": (128, 256, 50, True),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html; recorded: a comma is InvalidTag
    "s3": (128, 256, 50, True),
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html
    "ecr": (128, 256, 50, True),
    # Given to everything that a stack makes:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
    "cloudformation": (128, 256, 50, True),
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_Tag.html
    "states": (128, 256, 50, True),
    # https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html
    "sns": (128, 256, 50, True),
    # https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Tag.html
    "scheduler": (128, 256, 50, True),
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
    "autoscaling": (128, 256, 50, True),
}


def tag_mistakes(service: str, values) -> list[str]:
    """What is wrong with the tags that a request gives, a sentence each."""
    if service not in limits:
        return []
    longest_key, longest_value, most, bound = limits[service]
    found = []
    for tags in lists_of(values):
        if len(tags) > most:
            found.append(f"has {len(tags)} tags, at most {most}")
        for key, value in tags:
            if not 1 <= len(key) <= longest_key:
                found.append(f"a tag's key has {len(key)} characters, at least 1, at most {longest_key}")
            if len(value) > longest_value:
                found.append(f"the value of tag {key} has {len(value)} characters, at most {longest_value}")
            if key.lower().startswith("aws:"):
                found.append(f"the key of tag {key} begins with aws:, which is AWS's own")
            strange = sorted({one for one in key + value if bound and not taken(one)})
            if strange:
                found.append(f"tag {key} has {' '.join(strange)}, which {service} does not take")
    return found


def taken(character: str) -> bool:
    return character in "_.:/=+-@" or unicodedata.category(character)[0] in "LZN"


def lists_of(values) -> list[list[tuple[str, str]]]:
    """Each list of tags in a request, wherever it is; keys and values as text."""
    if isinstance(values, list):
        return [found for one in values for found in lists_of(one)]
    if not isinstance(values, dict):
        return []
    found = []
    for name, value in values.items():
        if name.lower() in ("tags", "tagset", "tag") and value:
            if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
                found.append(list(value.items()))
                continue
            if isinstance(value, list) and all(isinstance(one, dict) and "key" in lower(one) for one in value):
                found.append([(str(lower(one)["key"]), str(lower(one).get("value") or "")) for one in value])
                continue
        found += lists_of(value)
    return found


def lower(tag: dict) -> dict:
    return {name.lower(): value for name, value in tag.items()}
