"""What requests to EC2 take. Machines are asked for once for each thing that they are made of, and for each that is tagged."""
from asked_services import passes, requested, services
from asked_things import Ask, Place, account

# The resource that an operation is about, and the member of the request that names it.
named = {
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
# What is made, by its name or by one that nobody knows yet.
made = {
    "CreateLaunchTemplate": "launch-template",
    "ImportKeyPair": "key-pair",
    "CreateKeyPair": "key-pair",
    "CreateSecurityGroup": "security-group",
}
new_id = {"instance": "i-0", "volume": "vol-0", "network-interface": "eni-0", "launch-template": "lt-0", "security-group": "sg-0"}


def ec2(operation, given, place: Place):
    action = f"ec2:{operation}"
    if operation == "RunInstances":
        return runs(given, place)
    if operation in ("CreateTags", "DeleteTags"):
        return [tagged(action, one, given, place) for one in given["Resources"]]
    if operation in made:
        kind = made[operation]
        arn = place.thing(kind, given.get("KeyName") or new_id.get(kind, "new"))
        tags = tags_for(given, kind)
        found = [Ask(action, arn, requested(tags))]
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
        return found + ([Ask("ec2:CreateTags", arn, {**requested(tags), "ec2:CreateAction": operation})] if tags else [])
    if operation in named:
        kind, member = named[operation]
        value = given.get(member) or given.get("KeyPairId") or template_of(given.get("LaunchTemplateName"), place)
        arns = [place.thing(kind, one) for one in (value if isinstance(value, list) else [value])]
        return [Ask(action, arn, place.known(arn)) for arn in arns]
    return None


def template_of(name: str | None, place: Place) -> str:
    """The id of a launch template that is called by its name."""
    return next((one.id for one in place.ec2().launch_templates.values() if one.name == name), new_id["launch-template"])


def tagged(action: str, identifier: str, given: dict, place: Place) -> Ask:
    kinds = {"i": "instance", "vol": "volume", "eni": "network-interface", "lt": "launch-template", "sg": "security-group", "sgr": "security-group-rule"}
    arn = place.thing(kinds[identifier.split("-")[0]], identifier)
    return Ask(action, arn, {**place.known(arn), **requested(given.get("Tags"))})


def tags_for(given: dict, kind: str) -> list:
    return [tag for one in given.get("TagSpecifications") or [] if one["ResourceType"] == kind for tag in one["Tags"]]


def runs(given: dict, place: Place, template: str | None = None) -> list[Ask]:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances"""
    arns = [place.thing(kind, new_id[kind]) for kind in ("instance", "volume", "network-interface")]
    interfaces = given.get("NetworkInterfaces") or []
    groups = [*(given.get("SecurityGroupIds") or []), *(group for one in interfaces for group in one.get("Groups") or [])]
    subnets = [one for one in [given.get("SubnetId"), *(one.get("SubnetId") for one in interfaces)] if one]
    image = given.get("ImageId") or "ami-0"
    parameter = image.removeprefix("resolve:ssm:") if image.startswith("resolve:ssm:") else None
    arns += [place.thing("image", "ami-0" if parameter else image)]
    arns += [place.thing("security-group", one) for one in groups or ["sg-0"]]
    arns += [place.thing("subnet", one) for one in subnets]
    if given.get("KeyName"):
        arns.append(place.thing("key-pair", given["KeyName"]))
    context = {"ec2:InstanceType": given["InstanceType"]} if given.get("InstanceType") else {}
    if template:
        arns.append(template)
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permissions-for-launch-templates.html
        context["ec2:LaunchTemplate"] = template
    found = []
    for arn in arns:
        kind = arn.split(":")[5].split("/")[0]
        tags = tags_for(given, kind)
        found.append(Ask("ec2:RunInstances", arn, {**place.known(arn), **context, **requested(tags)}))
        if tags:
            found.append(Ask("ec2:CreateTags", arn, {**requested(tags), "ec2:CreateAction": "RunInstances"}))
    profile = given.get("IamInstanceProfile")
    if profile:
        found.append(passes(role_of(profile, place), "ec2.amazonaws.com"))
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html
    if parameter:
        owner = "" if parameter.startswith("/aws/service/") else account
        found.append(Ask("ssm:GetParameters", place.arn("ssm", f"parameter/{parameter.lstrip('/')}", owner=owner)))
    return found


def role_of(profile: dict, place: Place) -> str:
    from moto.iam.models import iam_backends

    profiles = iam_backends[account]["aws"].instance_profiles.values()
    for one in profiles:
        if profile.get("Arn") == one.arn or profile.get("Name") == one.name:
            return one.roles[0].arn
    return place.arn("iam", "role/none", region="")


def runs_of_template(given: dict, subnets: list, place: Place) -> list[Ask]:
    """What running a machine by a template takes, whose values are the template's."""
    templates = place.ec2().launch_templates
    found = next((one for one in templates.values() if given.get("id") == one.id or given.get("name") == one.name), None)
    if found is None:
        return []
    data = found.get_version(given.get("version") or "$Default").data
    tags = data.get("TagSpecifications") or data.get("TagSpecification") or []
    specifications = [{"ResourceType": one["ResourceType"], "Tags": one.get("Tags") or one.get("Tag") or []} for one in tags]
    arn = place.thing("launch-template", found.id)
    return [
        ask
        for subnet in subnets
        for ask in runs({**data, "SubnetId": subnet, "TagSpecifications": specifications}, place, arn)
    ]


services["ec2"] = ec2
