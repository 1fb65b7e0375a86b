"""An error such as States.Timeout leaves a branch or an item under its own name, for the state's Catch and Retry.

moto takes a name that begins with `States.` there for one that somebody made up, which it refuses, and the execution
ends as States.Runtime.
"""
from moto.stepfunctions.parser.asl.component.common.error_name import custom_error_name

# No name begins with it.
custom_error_name.ILLEGAL_CUSTOM_ERROR_PREFIX = "\0"
