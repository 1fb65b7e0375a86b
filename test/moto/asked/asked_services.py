"""Which permissions a request takes: IAM's actions and resources for each operation that is asked with a role, by service.

What AWS asks IAM on behalf of whoever sends the request is here, too, each with where AWS says so. An operation that is
not here and takes a resource is an error of the judge's: it has to be added.
"""
from moto.s3.models import s3_backends

from asked_things import Ask, Place, account, nobody

# The names that IAM has for the services that requests are signed for.
prefixes = {"monitoring": "cloudwatch", "tagging": "tag"}


def asks(service: str, operation: str, given: dict, place: Place) -> list[Ask]:
    known = services.get(service)
    found = known(operation, given, place) if known else None
    return [Ask(f"{prefixes.get(service, service)}:{operation}")] if found is None else found


def requested(tags) -> dict:
    """Condition keys of the tags that are given while something is made."""
    pairs = tags.items() if isinstance(tags, dict) else [(key_of(one, "Key"), key_of(one, "Value")) for one in tags or []]
    found = {f"aws:RequestTag/{key}": value for key, value in pairs}
    return {**found, "aws:TagKeys": [key for key, _ in pairs]} if pairs else {}


def key_of(tag: dict, name: str) -> str:
    return tag.get(name, tag.get(name.lower(), ""))


def passes(role: str, service: str) -> Ask:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"""
    return Ask("iam:PassRole", role, {"iam:PassedToService": service})


# S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ says for each operation what it takes.

s3_actions = {
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "ListParts": "ListMultipartUploadParts",
    "HeadBucket": "ListBucket",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListBuckets": "ListAllMyBuckets",
    "GetBucketEncryption": "GetEncryptionConfiguration",
}


def s3(operation, given, place):
    bucket, action = f"arn:aws:s3:::{given.get('Bucket', '')}", f"s3:{s3_actions.get(operation, operation)}"
    if "Bucket" not in given:
        return [Ask(action)]
    if operation == "DeleteObjects":
        return [Ask("s3:DeleteObject", f"{bucket}/{one['Key']}") for one in listed(given["Delete"], "Objects", "Object")]
    if "Key" not in given:
        context = {"s3:prefix": given.get("Prefix"), "s3:delimiter": given.get("Delimiter")}
        return [Ask(action, bucket, {key: value for key, value in context.items() if value is not None})]
    thing = f"{bucket}/{given['Key']}"
    found = [Ask(action, thing), *keys_of(operation, given, place)]
    if operation == "CopyObject":
        found[0] = Ask("s3:PutObject", thing)
        found.append(Ask("s3:GetObject", f"arn:aws:s3:::{given['CopySource'].lstrip('/')}"))
    if given.get("Tagging"):
        found.append(Ask("s3:PutObjectTagging", thing))
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if operation in ("PutObject", "CompleteMultipartUpload") and given.get("IfMatch"):
        found.append(Ask("s3:GetObject", thing))
    return found


def s3_absent(operation, given) -> list[Ask]:
    """Who may not list a bucket is told 403 of what is not there, not 404:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    The prefix that IAM is asked with is the key (https://github.com/ceph/ceph/pull/68577)."""
    if operation not in ("GetObject", "HeadObject"):
        return []
    return [Ask("s3:ListBucket", f"arn:aws:s3:::{given['Bucket']}", {"s3:prefix": given["Key"]})]


def keys_of(operation, given, place) -> list[Ask]:
    """What a customer's key takes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"""
    bucket = s3_backends[account]["aws"].buckets.get(given["Bucket"])
    if bucket is None:
        return []
    context = {"kms:ViaService": f"s3.{place.region}.amazonaws.com"}
    if operation == "GetObject":
        version = bucket.keys.get(given["Key"])
        key = getattr(version, "kms_key_id", None)
        return [Ask("kms:Decrypt", key_arn(key, place), context)] if key else []
    rule = (bucket.encryption or {}).get("Rule", {}) if isinstance(bucket.encryption, dict) else {}
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    key = given.get("SSEKMSKeyId") or (default.get("KMSMasterKeyID") if given.get("ServerSideEncryption") in (None, "aws:kms") else None)
    if not key or operation not in ("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"):
        return []
    found = [Ask("kms:GenerateDataKey", key_arn(key, place), context)]
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuAndPermissions.html
    return found + ([Ask("kms:Decrypt", key_arn(key, place), context)] if operation != "PutObject" else [])


def key_arn(key: str, place: Place) -> str:
    return key if key.startswith("arn:") else place.arn("kms", f"key/{key}")


def listed(value, *names: str) -> list:
    """A list of XML or of JSON."""
    for name in names:
        value = value.get(name, value) if isinstance(value, dict) else value
    return value if isinstance(value, list) else [value]


def sqs(operation, given, place):
    action = f"sqs:{operation.removesuffix('Batch')}"
    name = given.get("QueueName") or given.get("QueueUrl", "").split("/")[-1]
    if not name:
        return None
    queue = place.arn("sqs", name)
    found = [Ask(action, queue, {**place.known(queue), **requested(given.get("tags"))})]
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
    if operation == "CreateQueue" and given.get("tags"):
        found.append(Ask("sqs:TagQueue", queue, requested(given["tags"])))
    return found


def states(operation, given, place):
    thing = given.get("stateMachineArn") or given.get("executionArn") or given.get("mapRunArn")
    return [Ask(f"states:{operation}", thing)] if thing else None


def function(operation, given, place):
    name = given.get("FunctionName")
    if name is None:
        return None
    arn = name if name.startswith("arn:") else place.arn("lambda", f"function:{name}")
    arn += f":{given['Qualifier']}" if given.get("Qualifier") and arn.count(":") == 6 else ""
    action = "InvokeFunction" if operation.startswith("Invoke") else operation
    return [Ask(f"lambda:{action}", arn)]


def codebuild(operation, given, place):
    if operation == "BatchGetBuilds":
        names = {one.rpartition("/")[2].split(":")[0] for one in given["ids"]}
    else:
        names = {given.get("projectName") or str(given.get("id", "")).split(":")[0]} - {""}
    return [Ask(f"codebuild:{operation}", place.arn("codebuild", f"project/{name}")) for name in sorted(names)] or None


def logs(operation, given, place):
    if operation == "DescribeLogGroups":
        return None
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    if "resourceArn" in given:
        return [Ask(f"logs:{operation}", given["resourceArn"], place.known(given["resourceArn"]))]
    group = place.arn("logs", f"log-group:{given['logGroupName']}")
    stream = f":log-stream:{given['logStreamName']}" if "logStreamName" in given else ":log-stream:"
    return [Ask(f"logs:{operation}", f"{group}{stream}", place.known(group))]


def ecr(operation, given, place):
    if "repositoryName" not in given:
        return None
    repository = place.arn("ecr", f"repository/{given['repositoryName']}")
    names = [operation]
    # What docker asks before, for a layer: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
    if operation == "PutImage":
        names += ["BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"]
        names += ["BatchGetImage"]
    return [Ask(f"ecr:{name}", repository) for name in names]


def sns(operation, given, place):
    topic = given.get("TopicArn")
    return [Ask(f"sns:{operation}", topic)] if topic else None


def scheduler(operation, given, place):
    if "Name" not in given:
        return None
    if operation.endswith("ScheduleGroup"):
        return [Ask(f"scheduler:{operation}", place.arn("scheduler", f"schedule-group/{given['Name']}"))]
    schedule = place.arn("scheduler", f"schedule/{given.get('GroupName', 'default')}/{given['Name']}")
    found = [Ask(f"scheduler:{operation}", schedule)]
    return found + ([passes(given["Target"]["RoleArn"], "scheduler.amazonaws.com")] if "Target" in given else [])


def iam(operation, given, place):
    if "RoleName" in given:
        return [Ask(f"iam:{operation}", place.arn("iam", f"role/{given['RoleName']}", region=""))]
    return None


def cloudformation(operation, given, place):
    name = given.get("StackName")
    if not name:
        return None
    arn = name if name.startswith("arn:") else place.arn("cloudformation", f"stack/{name}/{nobody}")
    return [Ask(f"cloudformation:{operation}", arn)]


def servicequotas(operation, given, place):
    if "QuotaCode" not in given:
        return None
    return [Ask(f"servicequotas:{operation}", place.arn("servicequotas", f"{given['ServiceCode']}/{given['QuotaCode']}"))]


def ssm(operation, given, place):
    names = given.get("Names") or [one for one in [given.get("Name")] if one]
    owner = lambda name: "" if name.startswith("/aws/service/") else account  # noqa: E731
    return [Ask(f"ssm:{operation}", place.arn("ssm", f"parameter/{name.lstrip('/')}", owner=owner(name))) for name in names] or None


def sts(operation, given, place):
    # Everybody may: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    return [] if operation == "GetCallerIdentity" else [Ask(f"sts:{operation}", given.get("RoleArn", "*"))]


def autoscaling(operation, given, place):
    if operation.startswith("Describe"):
        return None
    if operation == "CreateOrUpdateTags":
        groups = sorted({one["ResourceId"] for one in listed(given["Tags"], "Tag", "member")})
        tags = requested(listed(given["Tags"], "Tag", "member"))
        return [Ask(f"autoscaling:{operation}", place.group_of(one), {**place.known(place.group_of(one)), **tags}) for one in groups]
    group = place.group_of(given.get("AutoScalingGroupName") or place.group_with(given.get("InstanceId", "")))
    return [Ask(f"autoscaling:{operation}", group, place.known(group))]


services = {
    "s3": s3,
    "sqs": sqs,
    "states": states,
    "lambda": function,
    "codebuild": codebuild,
    "logs": logs,
    "ecr": ecr,
    "sns": sns,
    "scheduler": scheduler,
    "iam": iam,
    "cloudformation": cloudformation,
    "servicequotas": servicequotas,
    "ssm": ssm,
    "sts": sts,
    "autoscaling": autoscaling,
}
