"""CodeBuild's builds take a while, know their variables, and succeed or fail; here without running anything.

A build is seen in progress once. Then there is an image with its IMAGE_DIGEST for a tag in the project's REPOSITORY; or,
for the digests in the project's variable BROKEN, there is a log that says what went wrong.
"""
import json
import time

from moto.codebuild.models import CodeBuildBackend
from moto.codebuild.responses import CodeBuildResponse
from moto.ecr.models import ecr_backends
from moto.logs.models import logs_backends

start_build = CodeBuildResponse.start_build
looks: dict[str, int] = {}


def start_with_variables(self):
    answer = start_build(self)
    build = self.codebuild_backend.build_metadata[self._get_param("projectName")].build_metadata
    environment = build["environment"]
    environment["environmentVariables"] = self._get_param("environmentVariablesOverride") or []
    environment["type"] = self._get_param("environmentTypeOverride")
    environment["image"] = self._get_param("imageOverride")
    location = {"type": self._get_param("sourceTypeOverride"), "location": self._get_param("sourceLocationOverride")}
    build["source"].update(location)
    looks[build["id"]] = 1
    return answer


def batch_get_builds(self, ids):
    builds = [build for builds in self.build_metadata_history.values() for build in builds if build["id"] in ids]
    for build in builds:
        if build["buildStatus"] != "IN_PROGRESS":
            continue
        looks[build["id"]] -= 1
        if looks[build["id"]] < 0:
            finish(self, build)
    return builds


def finish(backend, build) -> None:
    project = backend.codebuild_projects[build["projectName"]].project_metadata
    fixed = {one["name"]: one["value"] for one in project["environment"]["environmentVariables"]}
    digest = next(one["value"] for one in build["environment"]["environmentVariables"] if one["name"] == "IMAGE_DIGEST")
    if digest in fixed["BROKEN"].split(","):
        build["buildStatus"] = "FAILED"
        log = logs_backends[backend.account_id][backend.region_name]
        group, stream = f"/aws/codebuild/{build['projectName']}", build["id"].split(":")[1]
        if group not in log.groups:
            log.create_log_group(group, {})
        log.create_log_stream(group, stream)
        now = int(time.time() * 1000)
        lines = [f"line {number}\n" for number in range(100)] + ["ERROR: No matching distribution found\n"]
        events = [{"timestamp": now + number, "message": line} for number, line in enumerate(lines)]
        log.put_log_events(group, stream, events)
        build["logs"].update({"groupName": group, "streamName": stream})
    else:
        build["buildStatus"] = "SUCCEEDED"
        manifest = json.dumps({"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "of": build["id"]})
        ecr_backends[backend.account_id][backend.region_name].put_image(fixed["REPOSITORY"], manifest, digest)
    build["buildComplete"] = True
    build["currentPhase"] = "COMPLETED"


def newest_first(self, project_name):
    return self.build_history.get(project_name, [])[::-1]


CodeBuildResponse.start_build = start_with_variables
CodeBuildBackend.batch_get_builds = batch_get_builds
CodeBuildBackend.list_builds_for_project = newest_first
