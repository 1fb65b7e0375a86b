"""IAM has AWS's own policies, which roles are made with; moto leaves them out unless it is told not to."""
from moto.core.config import default_user_config

default_user_config["iam"] = {"load_aws_managed_policies": True}
