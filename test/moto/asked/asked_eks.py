"""What requests to EKS take, and what EKS asks on behalf of whoever sends them."""
from asked_ec2 import runs_of_template
from asked_services import passes, requested, services
from asked_things import Ask, Place, account

# Those are about the cluster, whatever else they name:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
of_cluster = {
    "DescribeCluster",
    "UpdateClusterConfig",
    "UpdateClusterVersion",
    "DeleteCluster",
    "ListNodegroups",
    "ListAddons",
    "ListAccessEntries",
    "ListPodIdentityAssociations",
    "ListUpdates",
    "CreateNodegroup",
    "CreateAddon",
    "CreateAccessEntry",
    "CreatePodIdentityAssociation",
}
made = {
    "CreateCluster": "cluster",
    "CreateNodegroup": "nodegroup",
    "CreateAddon": "addon",
    "CreateAccessEntry": "entry",
    "CreatePodIdentityAssociation": "identity",
}


def linked(service: str, place: Place) -> Ask:
    """The first thing of its kind in an account: https://docs.aws.amazon.com/eks/latest/userguide/using-service-linked-roles.html"""
    names = {
        "eks.amazonaws.com": "AWSServiceRoleForAmazonEKS",
        "eks-nodegroup.amazonaws.com": "AWSServiceRoleForAmazonEKSNodegroup",
        "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
        "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
    }
    role = f"arn:aws:iam::{account}:role/aws-service-role/{service}/{names[service]}"
    return Ask("iam:CreateServiceLinkedRole", role, {"iam:AWSServiceName": service})


def eks(operation, given, place: Place):
    action, cluster = f"eks:{operation}", given.get("clusterName") or given.get("name")
    if operation == "CreateCluster":
        return [Ask(action, "*", requested(given.get("tags"))), *besides(operation, given, place)]
    if operation in ("TagResource", "UntagResource", "ListTagsForResource"):
        arn = given["resourceArn"]
        return [Ask(action, arn, {**place.known(arn), **requested(given.get("tags"))})]
    if cluster is None:
        return None
    if operation in of_cluster:
        arn = place.cluster(cluster)
    elif "nodegroupName" in given:
        arn = place.nodegroup(cluster, given["nodegroupName"])
    elif "addonName" in given:
        arn = place.addon(cluster, given["addonName"])
    elif "associationId" in given:
        arn = place.identity(cluster, given["associationId"])
    elif "principalArn" in given:
        arn = place.entry(cluster, given["principalArn"])
    else:
        arn = place.cluster(cluster)
    context = {**place.known(arn), **requested(given.get("tags")), "eks:clusterName": cluster}
    if "principalArn" in given:
        context["eks:principalArn"] = given["principalArn"]
    if "kubernetesGroups" in given:
        context["eks:kubernetesGroups"] = given["kubernetesGroups"]
    if "policyArn" in given:
        context["eks:policyArn"] = given["policyArn"]
    return [Ask(action, arn, context), *besides(operation, given, place)]


def besides(operation, given, place: Place) -> list[Ask]:
    cluster = given.get("clusterName") or given.get("name")
    found = []
    # https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
    if operation in made and given.get("tags"):
        arn = {
            "cluster": lambda: place.cluster(cluster),
            "nodegroup": lambda: place.nodegroup(cluster, given["nodegroupName"]),
            "addon": lambda: place.addon(cluster, given["addonName"]),
            "entry": lambda: place.entry(cluster, given["principalArn"]),
            "identity": lambda: place.identity(cluster, "a-0123456789abcdefg"),
        }[made[operation]]()
        found.append(Ask("eks:TagResource", arn, requested(given["tags"])))
    # https://docs.aws.amazon.com/eks/latest/userguide/create-cluster.html
    if operation == "CreateCluster":
        found.append(passes(given["roleArn"], "eks.amazonaws.com"))
        found.append(linked("eks.amazonaws.com", place))
        found += [Ask(f"ec2:{name}") for name in ("DescribeSubnets", "DescribeVpcs", "DescribeSecurityGroups")]
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
    if operation in ("CreatePodIdentityAssociation", "UpdatePodIdentityAssociation") and given.get("roleArn"):
        role = given["roleArn"]
        found += [passes(role, "pods.eks.amazonaws.com"), Ask("iam:GetRole", role)]
    # https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    if operation == "CreateNodegroup":
        role = given["nodeRole"]
        found += [passes(role, "eks.amazonaws.com"), passes(role, "ec2.amazonaws.com")]
        found += [Ask("iam:GetRole", role), Ask("iam:ListAttachedRolePolicies", role)]
        found += [linked(f"{name}.amazonaws.com", place) for name in ("eks-nodegroup", "autoscaling")]
        if given.get("capacityType") == "SPOT":
            found.append(linked("spot.amazonaws.com", place))
        found.append(Ask("ec2:DescribeSubnets"))
        template = given.get("launchTemplate")
        if template:
            found += [Ask("ec2:DescribeLaunchTemplates"), Ask("ec2:DescribeLaunchTemplateVersions")]
            found += runs_of_template(template, given["subnets"], place)
    return found


services["eks"] = eks
