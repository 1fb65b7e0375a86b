"""The permissions that requests require: IAM actions and resources of each operation, by service.

Includes the checks that AWS makes on behalf of the caller, each with its source in the AWS documentation. An operation
with a resource that is missing here fails the suite: add it.
"""
from moto.s3.models import s3_backends

from resource_arns import Permission, Resources, account, unknown_id

# IAM prefixes that differ from the service name in the signature.
prefixes = {"monitoring": "cloudwatch", "tagging": "tag"}


def permissions_of(service: str, operation: str, request: dict, resources: Resources) -> list[Permission]:
    known = services.get(service)
    found = known(operation, request, resources) if known else None
    return [Permission(f"{prefixes.get(service, service)}:{operation}")] if found is None else found


def request_tags(tags) -> dict:
    """Condition keys for the tags in a create request."""
    pairs = tags.items() if isinstance(tags, dict) else [(key_of(one, "Key"), key_of(one, "Value")) for one in tags or []]
    found = {f"aws:RequestTag/{key}": value for key, value in pairs}
    return {**found, "aws:TagKeys": [key for key, _ in pairs]} if pairs else {}


def key_of(tag: dict, name: str) -> str:
    return tag.get(name, tag.get(name.lower(), ""))


def pass_role(role: str, service: str) -> Permission:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"""
    return Permission("iam:PassRole", role, {"iam:PassedToService": service})


# S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ documents the permissions of each operation.

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


def s3(operation, request, resources):
    bucket, action = f"arn:aws:s3:::{request.get('Bucket', '')}", f"s3:{s3_actions.get(operation, operation)}"
    if "Bucket" not in request:
        return [Permission(action)]
    if operation == "DeleteObjects":
        return [Permission("s3:DeleteObject", f"{bucket}/{one['Key']}") for one in listed(request["Delete"], "Objects", "Object")]
    if "Key" not in request:
        context = {"s3:prefix": request.get("Prefix"), "s3:delimiter": request.get("Delimiter")}
        return [Permission(action, bucket, {key: value for key, value in context.items() if value is not None})]
    thing = f"{bucket}/{request['Key']}"
    found = [Permission(action, thing), *keys_of(operation, request, resources)]
    if operation == "CopyObject":
        found[0] = Permission("s3:PutObject", thing)
        found.append(Permission("s3:GetObject", f"arn:aws:s3:::{request['CopySource'].lstrip('/')}"))
    if request.get("Tagging"):
        found.append(Permission("s3:PutObjectTagging", thing))
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if operation in ("PutObject", "CompleteMultipartUpload") and request.get("IfMatch"):
        found.append(Permission("s3:GetObject", thing))
    return found


def s3_absent(operation, request) -> list[Permission]:
    """Callers without ListBucket get 403, not 404, for a missing object:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    The key is the prefix in the condition context (https://github.com/ceph/ceph/pull/68577)."""
    if operation not in ("GetObject", "HeadObject"):
        return []
    return [Permission("s3:ListBucket", f"arn:aws:s3:::{request['Bucket']}", {"s3:prefix": request["Key"]})]


def keys_of(operation, request, resources) -> list[Permission]:
    """Permissions for a customer-managed KMS key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"""
    bucket = s3_backends[account]["aws"].buckets.get(request["Bucket"])
    if bucket is None:
        return []
    context = {"kms:ViaService": f"s3.{resources.region}.amazonaws.com"}
    if operation == "GetObject":
        version = bucket.keys.get(request["Key"])
        key = getattr(version, "kms_key_id", None)
        return [Permission("kms:Decrypt", key_arn(key, resources), context)] if key else []
    rule = (bucket.encryption or {}).get("Rule", {}) if isinstance(bucket.encryption, dict) else {}
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    key = request.get("SSEKMSKeyId") or (default.get("KMSMasterKeyID") if request.get("ServerSideEncryption") in (None, "aws:kms") else None)
    if not key or operation not in ("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"):
        return []
    found = [Permission("kms:GenerateDataKey", key_arn(key, resources), context)]
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuAndPermissions.html
    return found + ([Permission("kms:Decrypt", key_arn(key, resources), context)] if operation != "PutObject" else [])


def key_arn(key: str, resources: Resources) -> str:
    return key if key.startswith("arn:") else resources.arn("kms", f"key/{key}")


def listed(value, *names: str) -> list:
    """A list, from XML or JSON."""
    for name in names:
        value = value.get(name, value) if isinstance(value, dict) else value
    return value if isinstance(value, list) else [value]


def sqs(operation, request, resources):
    action = f"sqs:{operation.removesuffix('Batch')}"
    name = request.get("QueueName") or request.get("QueueUrl", "").split("/")[-1]
    if not name:
        return None
    queue = resources.arn("sqs", name)
    found = [Permission(action, queue, {**resources.context_of(queue), **request_tags(request.get("tags"))})]
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
    if operation == "CreateQueue" and request.get("tags"):
        found.append(Permission("sqs:TagQueue", queue, request_tags(request["tags"])))
    return found


def states(operation, request, resources):
    thing = request.get("stateMachineArn") or request.get("executionArn") or request.get("mapRunArn")
    return [Permission(f"states:{operation}", thing)] if thing else None


def function(operation, request, resources):
    name = request.get("FunctionName")
    if name is None:
        return None
    arn = name if name.startswith("arn:") else resources.arn("lambda", f"function:{name}")
    arn += f":{request['Qualifier']}" if request.get("Qualifier") and arn.count(":") == 6 else ""
    action = "InvokeFunction" if operation.startswith("Invoke") else operation
    return [Permission(f"lambda:{action}", arn)]


def codebuild(operation, request, resources):
    if operation == "BatchGetBuilds":
        names = {one.rpartition("/")[2].split(":")[0] for one in request["ids"]}
    else:
        names = {request.get("projectName") or str(request.get("id", "")).split(":")[0]} - {""}
    return [Permission(f"codebuild:{operation}", resources.arn("codebuild", f"project/{name}")) for name in sorted(names)] or None


def logs(operation, request, resources):
    if operation == "DescribeLogGroups":
        return None
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    if "resourceArn" in request:
        return [Permission(f"logs:{operation}", request["resourceArn"], resources.context_of(request["resourceArn"]))]
    group = resources.arn("logs", f"log-group:{request['logGroupName']}")
    stream = f":log-stream:{request['logStreamName']}" if "logStreamName" in request else ":log-stream:"
    return [Permission(f"logs:{operation}", f"{group}{stream}", resources.context_of(group))]


def ecr(operation, request, resources):
    if "repositoryName" not in request:
        return None
    repository = resources.arn("ecr", f"repository/{request['repositoryName']}")
    names = [operation]
    # docker checks for the layer first: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
    if operation == "PutImage":
        names += ["BatchCheckLayerAvailability", "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"]
        names += ["BatchGetImage"]
    return [Permission(f"ecr:{name}", repository) for name in names]


def sns(operation, request, resources):
    topic = request.get("TopicArn")
    return [Permission(f"sns:{operation}", topic)] if topic else None


def scheduler(operation, request, resources):
    if "Name" not in request:
        return None
    if operation.endswith("ScheduleGroup"):
        return [Permission(f"scheduler:{operation}", resources.arn("scheduler", f"schedule-group/{request['Name']}"))]
    schedule = resources.arn("scheduler", f"schedule/{request.get('GroupName', 'default')}/{request['Name']}")
    found = [Permission(f"scheduler:{operation}", schedule)]
    return found + ([pass_role(request["Target"]["RoleArn"], "scheduler.amazonaws.com")] if "Target" in request else [])


def iam(operation, request, resources):
    if "RoleName" in request:
        return [Permission(f"iam:{operation}", resources.arn("iam", f"role/{request['RoleName']}", region=""))]
    return None


def cloudformation(operation, request, resources):
    name = request.get("StackName")
    if not name:
        return None
    arn = name if name.startswith("arn:") else resources.arn("cloudformation", f"stack/{name}/{unknown_id}")
    return [Permission(f"cloudformation:{operation}", arn)]


def servicequotas(operation, request, resources):
    if "QuotaCode" not in request:
        return None
    return [Permission(f"servicequotas:{operation}", resources.arn("servicequotas", f"{request['ServiceCode']}/{request['QuotaCode']}"))]


def ssm(operation, request, resources):
    names = request.get("Names") or [one for one in [request.get("Name")] if one]
    owner = lambda name: "" if name.startswith("/aws/service/") else account  # noqa: E731
    return [Permission(f"ssm:{operation}", resources.arn("ssm", f"parameter/{name.lstrip('/')}", owner=owner(name))) for name in names] or None


def sts(operation, request, resources):
    # Allowed for everybody: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    return [] if operation == "GetCallerIdentity" else [Permission(f"sts:{operation}", request.get("RoleArn", "*"))]


def autoscaling(operation, request, resources):
    if operation.startswith("Describe"):
        return None
    if operation == "CreateOrUpdateTags":
        groups = sorted({one["ResourceId"] for one in listed(request["Tags"], "Tag", "member")})
        tags = request_tags(listed(request["Tags"], "Tag", "member"))
        return [Permission(f"autoscaling:{operation}", resources.group_of(one), {**resources.context_of(resources.group_of(one)), **tags}) for one in groups]
    group = resources.group_of(request.get("AutoScalingGroupName") or resources.group_with(request.get("InstanceId", "")))
    return [Permission(f"autoscaling:{operation}", group, resources.context_of(group))]


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
