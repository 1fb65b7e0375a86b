"""CodeBuild runs builds: it fetches the source, then runs the buildspec's commands; with stand-ins for docker and aws.

moto takes every build for a success at once. Not imitated: the machine, its image, Docker itself (see ../programs).
"""
import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

import boto3
import yaml
from moto.codebuild.models import CodeBuildBackend
from moto.codebuild.responses import CodeBuildResponse
from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.logs.models import logs_backends
from roles import credentials_of

programs = Path(__file__).resolve().parent.parent / "programs"
work = Path(tempfile.mkdtemp(prefix="gcd-box-codebuild-"))
running: list[subprocess.Popen] = []
asked = threading.local()
respond, start = CodeBuildResponse.start_build, CodeBuildBackend.start_build
phases = ("install", "pre_build", "build", "post_build")


def stand_ins() -> Path:
    """A folder with programs by the names that buildspecs call."""
    folder = work / "bin"
    folder.mkdir()
    for name in ("docker", "aws"):
        command = shlex.join([sys.executable, f"{programs}/{name}.py"])
        (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (folder / name).chmod(0o755)
    return folder


bin_folder = stand_ins()


def start_build_response(self):
    asked.overrides = {
        "variables": self._get_param("environmentVariablesOverride") or [],
        "buildspec": self._get_param("buildspecOverride"),
        "type": self._get_param("sourceTypeOverride"),
        "location": self._get_param("sourceLocationOverride"),
        "environment": self._get_param("environmentTypeOverride"),
        "image": self._get_param("imageOverride"),
    }
    return respond(self)


def start_build(self, project_name, *args, **named):
    build = start(self, project_name, *args, **named)
    project = self.codebuild_projects[project_name].project_metadata
    over = asked.overrides
    variables = {one["name"]: str(one["value"]) for one in [*(project["environment"].get("environmentVariables") or []), *over["variables"]]}
    build["environment"] = {
        **project["environment"],
        "type": over["environment"] or project["environment"]["type"],
        "image": over["image"] or project["environment"]["image"],
        "environmentVariables": [{"name": name, "value": value, "type": "PLAINTEXT"} for name, value in variables.items()],
    }
    location = over["location"] or project["source"].get("location")
    build["source"] = {"type": over["type"] or project["source"]["type"], "location": location or ""}
    group = (project.get("logsConfig") or {}).get("cloudWatchLogs", {}).get("groupName")
    stream = build["id"].split(":")[1]
    build["logs"] = {"groupName": group, "streamName": stream, "deepLink": f"box://{group}/{stream}"}
    spec = over["buildspec"] or project["source"]["buildspec"]
    thread = threading.Thread(target=run, args=(self, build, yaml.safe_load(spec), variables), daemon=True)
    thread.start()
    return build


def run(backend, build, spec, variables):
    folder = work / build["id"].split(":")[1]
    folder.mkdir()
    given = credentials_of(build["serviceRole"], build["id"].split(":")[1])
    env = {
        "PATH": f"{bin_folder}:{os.environ['PATH']}",
        "HOME": str(folder),
        **{name: str(value) for name, value in ((spec.get("env") or {}).get("variables") or {}).items()},
        **variables,
        **given,
        "AWS_REGION": backend.region_name,
        "AWS_DEFAULT_REGION": backend.region_name,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
        "NO_PROXY": "127.0.0.1,localhost",
        "CODEBUILD_BUILD_ID": build["id"],
        "CODEBUILD_SRC_DIR": str(folder / "source"),
        "BOX_IMAGES": os.environ["BOX_IMAGES"],
        "GCD_BOX": os.environ.get("GCD_BOX", ""),
    }
    log = folder / "log"
    try:
        ok = phase(build, "DOWNLOAD_SOURCE", lambda: download(build, env, folder / "source", log))
        for name in phases:
            commands = (spec["phases"].get(name) or {}).get("commands", [])
            if commands and (ok or name == "post_build"):
                shell = (spec.get("env") or {}).get("shell", "sh")
                done = phase(build, name.upper(), lambda: execute(shell, commands, env, folder, log))
                ok = ok and done
    finally:
        write_log(backend, build, log)
        if build["buildStatus"] == "IN_PROGRESS":
            build.update(buildStatus="SUCCEEDED" if ok else "FAILED")
        build.update(currentPhase="COMPLETED", buildComplete=True, endTime=iso_8601_datetime_with_milliseconds())


def phase(build, kind, work_of_it) -> bool:
    build["currentPhase"] = kind
    began = iso_8601_datetime_with_milliseconds()
    trouble = work_of_it()
    build["phases"].append(
        {
            "phaseType": kind,
            "phaseStatus": "FAILED" if trouble else "SUCCEEDED",
            "startTime": began,
            "endTime": iso_8601_datetime_with_milliseconds(),
            "contexts": [trouble] if trouble else [],
        }
    )
    return not trouble


def download(build, env, folder, log):
    bucket, _, key = build["source"]["location"].partition("/")
    try:
        client = boto3.client(
            "s3",
            endpoint_url=env["AWS_ENDPOINT_URL"],
            region_name=env["AWS_REGION"],
            aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=env["AWS_SESSION_TOKEN"],
        )
        body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
        zipfile.ZipFile(io.BytesIO(body)).extractall(folder)
    except Exception as error:  # whatever it is, it is why the build failed
        log.write_text(f"{error}\n")
        return {"statusCode": "CLIENT_ERROR", "message": str(error)}
    return None


def execute(shell, commands, env, folder, log):
    """One shell for all commands of a phase; the first that fails ends it."""
    lines = []
    for number, command in enumerate(commands):
        (folder / f"command-{number}").write_text(command)
        lines.append(f". {folder}/command-{number}; code=$?; [ $code = 0 ] || {{ echo {number} > {folder}/failed; exit $code; }}")
    with log.open("a") as out:
        process = subprocess.Popen(
            [shell, "-c", "\n".join(lines)], cwd=folder / "source", env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        running.append(process)
        code = process.wait()
        running.remove(process)
    if code == 0:
        return None
    number = int((folder / "failed").read_text()) if (folder / "failed").exists() else 0
    command = " ".join(commands[number].split())
    return {
        "statusCode": "COMMAND_EXECUTION_ERROR",
        "message": f"Error while executing command: {command}. Reason: exit status {code}",
    }


def write_log(backend, build, log):
    group, stream = build["logs"]["groupName"], build["logs"]["streamName"]
    logs = logs_backends[backend.account_id][backend.region_name]
    if group in logs.groups and log.exists():
        logs.create_log_stream(group, stream)
        events = [{"timestamp": 0, "message": line} for line in log.read_text("utf-8", "replace").splitlines()]
        logs.put_log_events(group, stream, events)


def batch_get_builds(self, ids):
    builds = [build for history in self.build_metadata_history.values() for build in history]
    return [build for build in builds if build["id"] in ids or build["arn"] in ids]


def close():
    for process in list(running):
        process.kill()
    shutil.rmtree(work, ignore_errors=True)


CodeBuildResponse.start_build = start_build_response
CodeBuildBackend.start_build = start_build
CodeBuildBackend.batch_get_builds = batch_get_builds
