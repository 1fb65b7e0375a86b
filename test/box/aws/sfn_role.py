"""A state machine asks other services with its own role; moto with keys that nobody has."""
import sys

import boto3
from botocore.config import Config
from moto.settings import moto_server_port
from moto.stepfunctions.parser.asl.utils import boto_client
from roles import credentials_of

known = boto_client.boto_client_for


def client_for(region, service, state_credentials=None):
    given = credentials_of(state_credentials.role_arn, "state-machine")
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{moto_server_port()}",
        aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=given["AWS_SESSION_TOKEN"],
        # A function may take its 15 minutes; nothing is asked twice but by the definition.
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=1000),
    )


# It was imported by its name wherever it is used.
for module in list(sys.modules.values()):
    if getattr(module, "boto_client_for", None) is known:
        module.boto_client_for = client_for
