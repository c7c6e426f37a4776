"""Runs a Lambda function's own code in Node: its zip, its handler, its environment. It speaks to this emulator."""

import hashlib
import io
import os
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

BOOTSTRAP = Path(__file__).with_name("bootstrap.mjs")
MODULES = Path(__file__).parents[3] / "node_modules"
# Unpacked once per content, like a warm function.
_UNPACKED: dict = {}


def run(function: Any, event: Any) -> tuple:
    """The handler's answer as bytes, and whether it failed. Logs go to this server's own error output."""
    code = _unpacked(function.code_bytes)
    finished = subprocess.run(
        [os.environ.get("NODE", "node"), str(BOOTSTRAP), code, function.handler],
        input=event.encode() if isinstance(event, str) else event,
        stdout=subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            **function.environment_vars,
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_REGION": function.region,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
            "AWS_ACCESS_KEY_ID": "AKIAEMULATOR00000000",
            "AWS_SECRET_ACCESS_KEY": "fake",
            "AWS_SESSION_TOKEN": "fake",
            # Lambda's runtime brings the AWS SDK.
            "NODE_PATH": str(MODULES),
        },
        timeout=int(function.timeout) + 5,
        check=False,
    )
    return finished.stdout, finished.returncode != 0


def _unpacked(code: bytes) -> str:
    digest = hashlib.sha256(code).hexdigest()
    if digest not in _UNPACKED:
        folder = tempfile.mkdtemp(prefix="function-")
        zipfile.ZipFile(io.BytesIO(code)).extractall(folder)
        _UNPACKED[digest] = folder
    return _UNPACKED[digest]
