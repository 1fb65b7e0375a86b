"""Stands in for docker where CodeBuild builds images: keeps what an image is made from, in a folder for each name.

`build` copies its context into $BOX_IMAGES/NAME/<last part of the context's path>, beside what its base image (the build
argument PROJECT_IMAGE) has. No instruction of a Dockerfile is run; `RUN false` fails, as it does with docker. `push` puts
the image into ECR, by its tag. `pull` finds what ECR has. Anything else than these and `login` fails.
"""
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

import boto3

images = Path(os.environ["BOX_IMAGES"])


def folder_of(name: str) -> Path:
    return images / quote(name, safe="")


def options(arguments: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """`--name value` and `--quiet`, and what else there is."""
    found: dict[str, list[str]] = {}
    rest = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument in ("--quiet", "--password-stdin"):
            continue
        if argument.startswith("--"):
            found.setdefault(argument, []).append(next(waiting))
        else:
            rest.append(argument)
    return found, rest


def build(arguments: list[str]) -> None:
    found, (context,) = options(arguments)
    dockerfile = (Path(context) / "Dockerfile").read_text()
    given = dict(one.split("=", 1) for one in found.get("--build-arg", []))
    if any(line.split() == ["RUN", "false"] for line in dockerfile.splitlines()):
        sys.exit("process \"/bin/sh -c false\" did not complete successfully: exit code: 1")
    (target,) = found["--tag"]
    half = images / f"{quote(target, safe='')}.{os.getpid()}"
    if "PROJECT_IMAGE" in given:
        shutil.copytree(folder_of(given["PROJECT_IMAGE"]), half, symlinks=True)
    shutil.copytree(context, half / Path(context).name, symlinks=True)
    (half / "platform").write_text(found["--platform"][0])
    shutil.rmtree(folder_of(target), ignore_errors=True)
    half.rename(folder_of(target))


def repository_and_tag(name: str) -> tuple[str, str]:
    path, tag = name.rsplit(":", 1)
    return path.split("/", 1)[1], tag


def push(arguments: list[str]) -> None:
    _, (name,) = options(arguments)
    if not folder_of(name).is_dir():
        sys.exit(f"An image does not exist locally with the tag: {name}")
    repository, tag = repository_and_tag(name)
    digest = hashlib.sha256(name.encode()).hexdigest()
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = {
        "schemaVersion": 2,
        "mediaType": kind,
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": f"sha256:{digest}"},
        "layers": [],
    }
    boto3.client("ecr").put_image(
        repositoryName=repository, imageManifest=json.dumps(manifest), imageManifestMediaType=kind, imageTag=tag
    )


def pull(arguments: list[str]) -> None:
    _, (name,) = options(arguments)
    repository, tag = repository_and_tag(name)
    boto3.client("ecr").describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])


def login(_: list[str]) -> None:
    if not sys.stdin.read().strip():
        sys.exit("no password")


command, *arguments = sys.argv[1:]
{"build": build, "push": push, "pull": pull, "login": login}[command](arguments)
