"""A Map's ResultWriter takes its parameters from the state's input, and writes what became of the items into
SUCCEEDED_0.json, which its manifest names.

moto looks for the parameters in what the items answered, and leaves the items out.
"""
import copy
import json

from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval.resource_eval_s3 import (
    ResourceEvalS3,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.result_writer_decl import ResultWriter

put_object = ResourceEvalS3._handle_put_object


def with_files(env, resource_runtime_part, state_credentials):
    parameters, outputs = env.stack[-1], env.stack[-2]
    put_object(env, resource_runtime_part, state_credentials)
    details = env.stack[-1]["ResultWriterDetails"]
    client = ResourceEvalS3._get_s3_client(resource_runtime_part, state_credentials)
    key = details["Key"].replace("manifest.json", "SUCCEEDED_0.json")
    body = json.dumps([{"Output": json.dumps(output), "Status": "SUCCEEDED"} for output in outputs]).encode()
    manifest = json.loads(client.get_object(**details)["Body"].read())
    manifest["ResultFiles"]["SUCCEEDED"] = [{"Key": key, "Size": len(body)}] if outputs else []
    client.put_object(Bucket=parameters["Bucket"], Key=key, Body=body)
    client.put_object(**details, Body=json.dumps(manifest).encode())


def evaluate(self, env):
    env.stack.append(copy.deepcopy(env.states.get_input()))
    self.parargs.eval(env=env)
    parameters = env.stack.pop()
    # The input that the parameters were taken from.
    env.stack.pop()
    env.stack.append(parameters)
    self.resource_eval.eval_resource(env=env)


ResourceEvalS3._handle_put_object = staticmethod(with_files)
ResultWriter._eval_body = evaluate
