"""CloudFormation makes projects of CodeBuild (AWS::CodeBuild::Project), which moto does not."""
from cfn_model import add_type, lower
from moto.codebuild.models import codebuild_backends


def create(name, properties, account_id, region_name):
    wanted = lower(properties)
    # The one name that CloudFormation writes otherwise than the API.
    wanted["source"]["buildspec"] = wanted["source"].pop("buildSpec", None)
    made = codebuild_backends[account_id][region_name].create_project(
        name,
        wanted.get("description"),
        wanted["source"],
        wanted["artifacts"],
        wanted["environment"],
        wanted["serviceRole"],
        wanted.get("tags"),
        wanted.get("cache"),
        wanted.get("timeoutInMinutes"),
        wanted.get("queuedTimeoutInMinutes"),
        None,
        wanted.get("logsConfig"),
        wanted.get("vpcConfig"),
    )
    return {"Arn": made["arn"]}


def delete(name, account_id, region_name):
    codebuild_backends[account_id][region_name].delete_project(name)


add_type("AWS::CodeBuild::Project", "codebuild", create, delete)
