"""An execution that is started without a name gets one; moto calls them all None."""
import uuid

from moto.stepfunctions.parser.models import StepFunctionsParserBackend

start_execution = StepFunctionsParserBackend.start_execution


def named(self, state_machine_arn, name=None, *args, **named_args):
    return start_execution(self, state_machine_arn, name or str(uuid.uuid4()), *args, **named_args)


StepFunctionsParserBackend.start_execution = named
