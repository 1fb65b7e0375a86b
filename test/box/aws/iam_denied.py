"""What IAM refuses is an AccessDeniedException in JSON where a service speaks JSON; moto answers XML whoever asks."""
from moto.core.exceptions import JsonRESTError
from moto.iam.access_control import IAMRequest

speak_xml = {"autoscaling", "cloudformation", "ec2", "iam", "sns", "sts"}
refuse = IAMRequest._raise_access_denied


class Denied(JsonRESTError):
    code = 403


def denied(self):
    if self._service in speak_xml:
        refuse(self)
    raise Denied("AccessDeniedException", f"User: {self._access_key.arn} is not authorized to perform: {self._action}")


IAMRequest._raise_access_denied = denied
