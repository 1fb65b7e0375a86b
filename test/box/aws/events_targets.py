"""EventBridge tells rules of executions that change their state, and hands events to functions and state machines.

moto sends no event of Step Functions, and knows neither as a target. A function must allow events.amazonaws.com to invoke
it; a machine is started with the target's role. Rules by the clock are fired by whoever posts to
/moto-api/box/fire?rule=NAME, which is answered when the targets have been asked. What cannot be delivered is told by
unmodelled_calls.py: on AWS it would be tried again for a day, and then be lost.
"""
import copy
import json
import re
import threading
import time
import uuid
from urllib.parse import parse_qs, urlparse

import boto3
from moto.awslambda.utils import get_backend
from moto.core.utils import iso_8601_datetime_without_milliseconds, unix_time, utcnow
from moto.events.models import Rule, events_backends
from moto.moto_api._internal.urls import url_paths
from moto.settings import moto_server_port
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from unmodelled_calls import report_unmodelled
from roles import credentials_of

start, stop = Execution.start, Execution.stop
terminated, send = BaseExecutionWorkerCommunication.terminated, Rule.send_to_targets


def event(account, region, source, kind, detail, resources):
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": kind,
        "source": source,
        "account": account,
        "time": iso_8601_datetime_without_milliseconds(utcnow()),
        "region": region,
        "resources": resources,
        "ingestion-time": unix_time(),
        "detail": detail,
    }


def changed(execution):
    def milliseconds(date):
        return None if date is None else int(date.timestamp() * 1000)

    detail = {
        "executionArn": execution.exec_arn,
        "stateMachineArn": execution.state_machine.arn,
        "name": execution.name,
        "status": execution.exec_status.value,
        "startDate": milliseconds(execution.start_date),
        "stopDate": milliseconds(execution.stop_date),
        "input": json.dumps(execution.input_data),
        "output": None if execution.output is None else json.dumps(execution.output),
        "error": execution.error,
        "cause": execution.cause,
    }
    account, region = execution.account_id, execution.region_name
    kind = "Step Functions Execution Status Change"
    happened = event(account, region, "aws.states", kind, detail, [execution.exec_arn])
    bus = events_backends[account][region].describe_event_bus("default")
    for rule in list(bus.rules.values()):
        if rule.event_pattern.get_pattern() and rule.state != "DISABLED":
            threading.Thread(target=rule.send_to_targets, args=(happened,), daemon=True).start()


def send_to_targets(self, original_event, transform_input=True):
    if not self.event_pattern.matches_event(original_event):
        return
    deliver(self, original_event)


def deliver(rule, original_event):
    for target in rule.targets:
        body = input_of(target, original_event)
        service = target["Arn"].split(":")[2]
        if service == "lambda":
            invoke(rule, target["Arn"], body)
        elif service == "states":
            begin(rule, target, body)
        else:
            only = copy.copy(rule)
            only.targets = [target]
            send(only, original_event)


def input_of(target, original_event):
    if "Input" in target:
        return json.loads(target["Input"])
    if "InputTransformer" in target:
        return transformed(target["InputTransformer"], original_event)
    if "InputPath" in target:
        raise NotImplementedError("InputPath of a target is not imitated")
    return original_event


def transformed(transformer, original_event):
    """The template with values in it: as JSON, or as they are within the template's own quotation marks."""
    values = {}
    for name, path in transformer.get("InputPathsMap", {}).items():
        value = original_event
        for part in path.removeprefix("$.").split("."):
            value = (value or {}).get(part)
        values[name] = value
    template, quoted = transformer["InputTemplate"], False
    text = ""
    for piece in re.split(r'("|<[A-Za-z0-9_-]+>)', template):
        if piece == '"':
            quoted = not quoted
        if re.fullmatch("<.+>", piece):
            value = values[piece[1:-1]]
            piece = str(value) if quoted else json.dumps(value)
        text += piece
    return json.loads(text)


def invoke(rule, arn, body):
    function = get_backend(rule.account_id, rule.region_name).get_function(arn)
    allowed = [
        one
        for one in function.policy.statements
        if one["Effect"] == "Allow"
        and one["Action"] == "lambda:InvokeFunction"
        and one["Principal"] == {"Service": "events.amazonaws.com"}
        and one.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", rule.arn) == rule.arn
    ]
    if not allowed:
        report_unmodelled(f"{rule.name}: {arn} does not allow events.amazonaws.com to invoke it")
        return
    # Asked again twice when it fails, as Lambda does with events.
    for _ in range(3):
        headers = {}
        function.invoke(json.dumps(body), {"x-amz-invocation-type": "Event"}, headers)
        if "x-amz-function-error" not in headers:
            return
        time.sleep(0.2)
    report_unmodelled(f"{rule.name}: {arn} failed three times")


def begin(rule, target, body):
    given = credentials_of(target["RoleArn"], "events")
    client = boto3.client(
        "stepfunctions",
        region_name=rule.region_name,
        endpoint_url=f"http://127.0.0.1:{moto_server_port()}",
        aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=given["AWS_SESSION_TOKEN"],
    )
    try:
        client.start_execution(stateMachineArn=target["Arn"], input=json.dumps(body))
    except Exception as error:  # whatever it is, the event is not delivered
        report_unmodelled(f"{rule.name}: {error}")


def started(self):
    start(self)
    changed(self)


def stopped(self, *args, **named):
    before = self.exec_status
    stop(self, *args, **named)
    if before != self.exec_status:
        changed(self)


def ended(self):
    before = self.execution.exec_status
    terminated(self)
    if before == ExecutionStatus.RUNNING and self.execution.exec_status != before:
        changed(self.execution)


def fire(request, full_url, headers):
    name = parse_qs(urlparse(full_url).query)["rule"][0]
    for accounts in events_backends.values():
        for region, backend in accounts.items():
            for rule in list(backend.describe_event_bus("default").rules.values()):
                if rule.name == name:
                    deliver(rule, event(rule.account_id, region, "aws.events", "Scheduled Event", {}, [rule.arn]))
                    return 200, {}, "{}"
    return 404, {}, f"no rule {name}"


Execution.start, Execution.stop = started, stopped
BaseExecutionWorkerCommunication.terminated = ended
Rule.send_to_targets = send_to_targets
url_paths["{0}/moto-api/box/fire$"] = fire
