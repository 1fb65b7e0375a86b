"""Models of AWS's services, by the names that requests are signed for."""
from functools import cache

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import ServiceModel

# Where botocore calls a service otherwise.
otherwise = {
    "states": "stepfunctions",
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
    "servicequotas": "service-quotas",
    "elasticloadbalancing": "elbv2",
    "ce": "ce",
}
loader = botocore.session.get_session().get_component("data_loader")


@cache
def model_of(signing_name: str) -> ServiceModel | None:
    name = otherwise.get(signing_name, signing_name)
    try:
        return ServiceModel(loader.load_service_model(name, "service-2"), name)
    except UnknownServiceError:
        return None
