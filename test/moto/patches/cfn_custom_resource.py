"""A custom resource is made by a function: what it answers to the ResponseURL are its id and attributes, or why the stack fails.

moto goes on before the answer is there, takes a failure for nothing, and knows the types Custom::… only. Left out:
functions are not asked again when a resource is updated without a change, or deleted.
"""
import json
import os
import threading
import uuid

from cfn_model import add_type
from moto.awslambda.utils import get_backend
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.urls import url_paths

answers: dict[str, dict] = {}
answered = threading.Condition()


def take(request, full_url, headers):
    """The ResponseURL, to which the function writes."""
    answer = json.loads(request.data)
    with answered:
        answers[answer["RequestId"]] = answer
        answered.notify_all()
    return 200, {}, ""


def create(name, properties, account_id, region_name):
    function = get_backend(account_id, region_name).get_function(properties["ServiceToken"])
    request_id = str(uuid.uuid4())
    event = {
        "RequestType": "Create",
        "ResponseURL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}/cloudformation_{region_name}/answer?id={request_id}",
        "StackId": f"arn:aws:cloudformation:{region_name}:{account_id}:stack/{name}",
        "RequestId": request_id,
        "ResourceType": "AWS::CloudFormation::CustomResource",
        "LogicalResourceId": name,
        "ResourceProperties": properties,
    }
    threading.Thread(target=function.invoke, args=(json.dumps(event), {}, {}), daemon=True).start()
    with answered:
        seconds = int(properties.get("ServiceTimeout", 3600))
        if not answered.wait_for(lambda: request_id in answers, timeout=seconds):
            raise ValidationError(message=f"CloudFormation did not receive a response from your Custom Resource {name}")
        answer = answers.pop(request_id)
    if answer["Status"] != "SUCCESS":
        raise ValidationError(message=f"Received response status [FAILED] from custom resource: {answer.get('Reason')}")
    return {**answer.get("Data", {}), "id": answer["PhysicalResourceId"]}


url_paths["{0}/cloudformation_(?P<region>[^/]+)/answer$"] = take
resource = add_type("AWS::CloudFormation::CustomResource", "cloudformation", create, lambda *_: None)
# Which attributes it has, the function says.
resource.has_cfn_attr = classmethod(lambda cls, attr: True)
