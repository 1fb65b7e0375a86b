"""The permissions that requests to EC2 require. RunInstances is checked for each resource that it uses or creates, and each tag."""
from service_permissions import pass_role, request_tags, services
from resource_arns import Permission, Resources, account

# For each operation: kind of resource, and the member of the request that names it.
targets = {
    "StartInstances": ("instance", "InstanceIds"),
    "StopInstances": ("instance", "InstanceIds"),
    "TerminateInstances": ("instance", "InstanceIds"),
    "RebootInstances": ("instance", "InstanceIds"),
    "ModifyInstanceAttribute": ("instance", "InstanceId"),
    "DeleteLaunchTemplate": ("launch-template", "LaunchTemplateId"),
    "CreateLaunchTemplateVersion": ("launch-template", "LaunchTemplateId"),
    "ModifyLaunchTemplate": ("launch-template", "LaunchTemplateId"),
    "DeleteNetworkInterface": ("network-interface", "NetworkInterfaceId"),
    "DeleteSecurityGroup": ("security-group", "GroupId"),
    "AuthorizeSecurityGroupIngress": ("security-group", "GroupId"),
    "RevokeSecurityGroupIngress": ("security-group", "GroupId"),
    "DeleteKeyPair": ("key-pair", "KeyName"),
}
# For each operation that creates something: its kind.
created = {
    "CreateLaunchTemplate": "launch-template",
    "ImportKeyPair": "key-pair",
    "CreateKeyPair": "key-pair",
    "CreateSecurityGroup": "security-group",
}
new_id = {"instance": "i-0", "volume": "vol-0", "network-interface": "eni-0", "launch-template": "lt-0", "security-group": "sg-0"}


def ec2(operation, request, resources: Resources):
    action = f"ec2:{operation}"
    if operation == "RunInstances":
        return run_instances(request, resources)
    if operation in ("CreateTags", "DeleteTags"):
        return [tag_permission(action, one, request, resources) for one in request["Resources"]]
    if operation in created:
        kind = created[operation]
        arn = resources.ec2_resource(kind, request.get("KeyName") or new_id.get(kind, "new"))
        tags = tags_for(request, kind)
        found = [Permission(action, arn, request_tags(tags))]
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
        return found + ([Permission("ec2:CreateTags", arn, {**request_tags(tags), "ec2:CreateAction": operation})] if tags else [])
    if operation in targets:
        kind, member = targets[operation]
        value = request.get(member) or request.get("KeyPairId") or template_of(request.get("LaunchTemplateName"), resources)
        arns = [resources.ec2_resource(kind, one) for one in (value if isinstance(value, list) else [value])]
        return [Permission(action, arn, resources.context_of(arn)) for arn in arns]
    return None


def template_of(name: str | None, resources: Resources) -> str:
    """The id of a launch template with this name."""
    return next((one.id for one in resources.ec2().launch_templates.values() if one.name == name), new_id["launch-template"])


def tag_permission(action: str, identifier: str, request: dict, resources: Resources) -> Permission:
    kinds = {"i": "instance", "vol": "volume", "eni": "network-interface", "lt": "launch-template", "sg": "security-group", "sgr": "security-group-rule"}
    arn = resources.ec2_resource(kinds[identifier.split("-")[0]], identifier)
    return Permission(action, arn, {**resources.context_of(arn), **request_tags(request.get("Tags"))})


def tags_for(request: dict, kind: str) -> list:
    return [tag for one in request.get("TagSpecifications") or [] if one["ResourceType"] == kind for tag in one["Tags"]]


def run_instances(request: dict, resources: Resources, template: str | None = None) -> list[Permission]:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances"""
    arns = [resources.ec2_resource(kind, new_id[kind]) for kind in ("instance", "volume", "network-interface")]
    interfaces = request.get("NetworkInterfaces") or []
    groups = [*(request.get("SecurityGroupIds") or []), *(group for one in interfaces for group in one.get("Groups") or [])]
    subnets = [one for one in [request.get("SubnetId"), *(one.get("SubnetId") for one in interfaces)] if one]
    image = request.get("ImageId") or "ami-0"
    parameter = image.removeprefix("resolve:ssm:") if image.startswith("resolve:ssm:") else None
    arns += [resources.ec2_resource("image", "ami-0" if parameter else image)]
    arns += [resources.ec2_resource("security-group", one) for one in groups or ["sg-0"]]
    arns += [resources.ec2_resource("subnet", one) for one in subnets]
    if request.get("KeyName"):
        arns.append(resources.ec2_resource("key-pair", request["KeyName"]))
    context = {"ec2:InstanceType": request["InstanceType"]} if request.get("InstanceType") else {}
    if template:
        arns.append(template)
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permissions-for-launch-templates.html
        context["ec2:LaunchTemplate"] = template
    found = []
    for arn in arns:
        kind = arn.split(":")[5].split("/")[0]
        tags = tags_for(request, kind)
        found.append(Permission("ec2:RunInstances", arn, {**resources.context_of(arn), **context, **request_tags(tags)}))
        if tags:
            found.append(Permission("ec2:CreateTags", arn, {**request_tags(tags), "ec2:CreateAction": "RunInstances"}))
    profile = request.get("IamInstanceProfile")
    if profile:
        found.append(pass_role(role_of(profile, resources), "ec2.amazonaws.com"))
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html
    if parameter:
        owner = "" if parameter.startswith("/aws/service/") else account
        found.append(Permission("ssm:GetParameters", resources.arn("ssm", f"parameter/{parameter.lstrip('/')}", owner=owner)))
    return found


def role_of(profile: dict, resources: Resources) -> str:
    from moto.iam.models import iam_backends

    profiles = iam_backends[account]["aws"].instance_profiles.values()
    for one in profiles:
        if profile.get("Arn") == one.arn or profile.get("Name") == one.name:
            return one.roles[0].arn
    return resources.arn("iam", "role/none", region="")


def run_instances_from_template(request: dict, subnets: list, resources: Resources) -> list[Permission]:
    """The permissions of RunInstances with the values of a launch template."""
    templates = resources.ec2().launch_templates
    found = next((one for one in templates.values() if request.get("id") == one.id or request.get("name") == one.name), None)
    if found is None:
        return []
    data = found.get_version(request.get("version") or "$Default").data
    tags = data.get("TagSpecifications") or data.get("TagSpecification") or []
    specifications = [{"ResourceType": one["ResourceType"], "Tags": one.get("Tags") or one.get("Tag") or []} for one in tags]
    arn = resources.ec2_resource("launch-template", found.id)
    return [
        permission
        for subnet in subnets
        for permission in run_instances({**data, "SubnetId": subnet, "TagSpecifications": specifications}, resources, arn)
    ]


services["ec2"] = ec2
