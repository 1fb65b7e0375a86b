"""The permissions that requests to EKS require, including those of calls that EKS makes on behalf of the caller."""
from ec2_permissions import run_instances_from_template
from service_permissions import pass_role, request_tags, services
from resource_arns import Permission, Resources, account

# Operations whose resource is the cluster, whatever else they name:
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
created = {
    "CreateCluster": "cluster",
    "CreateNodegroup": "nodegroup",
    "CreateAddon": "addon",
    "CreateAccessEntry": "entry",
    "CreatePodIdentityAssociation": "identity",
}


def create_service_linked_role(service: str, resources: Resources) -> Permission:
    """Required for the first resource of its kind in an account: https://docs.aws.amazon.com/eks/latest/userguide/using-service-linked-roles.html"""
    names = {
        "eks.amazonaws.com": "AWSServiceRoleForAmazonEKS",
        "eks-nodegroup.amazonaws.com": "AWSServiceRoleForAmazonEKSNodegroup",
        "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
        "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
    }
    role = f"arn:aws:iam::{account}:role/aws-service-role/{service}/{names[service]}"
    return Permission("iam:CreateServiceLinkedRole", role, {"iam:AWSServiceName": service})


def eks(operation, request, resources: Resources):
    action, cluster = f"eks:{operation}", request.get("clusterName") or request.get("name")
    if operation == "CreateCluster":
        return [Permission(action, "*", request_tags(request.get("tags"))), *additional_permissions(operation, request, resources)]
    if operation in ("TagResource", "UntagResource", "ListTagsForResource"):
        arn = request["resourceArn"]
        return [Permission(action, arn, {**resources.context_of(arn), **request_tags(request.get("tags"))})]
    if cluster is None:
        return None
    if operation in of_cluster:
        arn = resources.cluster(cluster)
    elif "nodegroupName" in request:
        arn = resources.nodegroup(cluster, request["nodegroupName"])
    elif "addonName" in request:
        arn = resources.addon(cluster, request["addonName"])
    elif "associationId" in request:
        arn = resources.identity(cluster, request["associationId"])
    elif "principalArn" in request:
        arn = resources.entry(cluster, request["principalArn"])
    else:
        arn = resources.cluster(cluster)
    context = {**resources.context_of(arn), **request_tags(request.get("tags")), "eks:clusterName": cluster}
    if "principalArn" in request:
        context["eks:principalArn"] = request["principalArn"]
    if "kubernetesGroups" in request:
        context["eks:kubernetesGroups"] = request["kubernetesGroups"]
    if "policyArn" in request:
        context["eks:policyArn"] = request["policyArn"]
    return [Permission(action, arn, context), *additional_permissions(operation, request, resources)]


def additional_permissions(operation, request, resources: Resources) -> list[Permission]:
    cluster = request.get("clusterName") or request.get("name")
    found = []
    # https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
    if operation in created and request.get("tags"):
        arn = {
            "cluster": lambda: resources.cluster(cluster),
            "nodegroup": lambda: resources.nodegroup(cluster, request["nodegroupName"]),
            "addon": lambda: resources.addon(cluster, request["addonName"]),
            "entry": lambda: resources.entry(cluster, request["principalArn"]),
            "identity": lambda: resources.identity(cluster, "a-0123456789abcdefg"),
        }[created[operation]]()
        found.append(Permission("eks:TagResource", arn, request_tags(request["tags"])))
    # https://docs.aws.amazon.com/eks/latest/userguide/create-cluster.html
    if operation == "CreateCluster":
        found.append(pass_role(request["roleArn"], "eks.amazonaws.com"))
        found.append(create_service_linked_role("eks.amazonaws.com", resources))
        found += [Permission(f"ec2:{name}") for name in ("DescribeSubnets", "DescribeVpcs", "DescribeSecurityGroups")]
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
    if operation in ("CreatePodIdentityAssociation", "UpdatePodIdentityAssociation") and request.get("roleArn"):
        role = request["roleArn"]
        found += [pass_role(role, "pods.eks.amazonaws.com"), Permission("iam:GetRole", role)]
    # https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    if operation == "CreateNodegroup":
        role = request["nodeRole"]
        found += [pass_role(role, "eks.amazonaws.com"), pass_role(role, "ec2.amazonaws.com")]
        found += [Permission("iam:GetRole", role), Permission("iam:ListAttachedRolePolicies", role)]
        found += [create_service_linked_role(f"{name}.amazonaws.com", resources) for name in ("eks-nodegroup", "autoscaling")]
        if request.get("capacityType") == "SPOT":
            found.append(create_service_linked_role("spot.amazonaws.com", resources))
        found.append(Permission("ec2:DescribeSubnets"))
        template = request.get("launchTemplate")
        if template:
            found += [Permission("ec2:DescribeLaunchTemplates"), Permission("ec2:DescribeLaunchTemplateVersions")]
            found += run_instances_from_template(template, request["subnets"], resources)
    return found


services["eks"] = eks
