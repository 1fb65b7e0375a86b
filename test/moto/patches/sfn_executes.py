"""Step Functions walks its state machines, also those that CloudFormation made.

moto only pretends to unless it is told to; and what CloudFormation makes lands in the backend that only pretends.
"""
import moto.stepfunctions.models as models
from moto.core.config import default_user_config
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

default_user_config["stepfunctions"] = {"execute_state_machine": True}
models.stepfunctions_backends = stepfunctions_parser_backends
