"""An AWS for tests: moto, the operations it lacks, and a judgement of every request by the services' own models.

usage: server.py VIOLATIONS    listens on a free port of the loopback address and prints {"port": N}
Violations are appended to the file as JSON lines. Lambda functions run in the Node that NODE names (see functions.py).
"""

import io
import json
import os
import sys
from collections import Counter
from typing import Any, Iterable

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
# A certificate is issued at once; AWS takes minutes.
os.environ["MOTO_ACM_VALIDATION_WAIT"] = "0"

from moto.core.exceptions import ServiceException  # noqa: E402
from moto.core.serialize import get_serializer_class  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

import calls  # noqa: E402
import fixes  # noqa: E402
import operations  # noqa: E402
import retries  # noqa: E402
import seed  # noqa: E402
import shapes  # noqa: E402
import state_machines  # noqa: E402

import missing  # noqa: E402, F401  (registers its operations)


class Emulator:
    """The WSGI application."""

    def __init__(self, violations: str) -> None:
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.violations = open(violations, "a", buffering=1, encoding="utf8")
        self.judged = 0
        # What Terraform has asked for, as SERVICE:Operation, and how often.
        self.deployed: Counter[str] = Counter()

    def __call__(self, environ: dict, start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/emulator/judged":
            return self._answer(start_response, "200 OK", {"judged": self.judged})
        if path == "/emulator/deployed":
            return self._answer(start_response, "200 OK", dict(sorted(self.deployed.items())))
        if path == "/moto-api/reset":
            operations.reset()
        body = self._body(environ)
        if path == "/emulator/seed":
            seed.seed(json.loads(body))
            return self._answer(start_response, "200 OK", {})
        try:
            call = calls.identify(environ, body)
        except (calls.UnknownService, calls.UnknownOperation) as unknown:
            self._report(type(unknown).__name__, "", str(unknown))
            call = None
        if call is not None:
            if "HashiCorp" in environ.get("HTTP_USER_AGENT", ""):
                self.deployed[f"{call.service}:{call.operation.name}"] += 1
            parameters = self._judged(call, environ, body)
            function = operations.find(call.service, call.operation.name)
            if function is not None and parameters is not None:
                # Without a lock: an operation may call a function whose code calls this server again.
                try:
                    result = function(parameters, call.region)
                except ServiceException as refused:
                    result = refused
                if result is not operations.PASS:
                    return self._serialised(call, result, start_response)
        return self.moto(environ, start_response)

    def _body(self, environ: dict) -> bytes:
        """Reads the body, and puts it back for moto."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        return body

    def _judged(self, call: calls.Call, environ: dict, body: bytes) -> Any:
        self.judged += 1
        try:
            parameters = calls.parameters(call, environ, body)
        except Exception as unreadable:
            # A body that does not parse is the client's mistake, whatever moto does with it.
            self._report(call.service, call.operation.name, f"unreadable: {unreadable!r}")
            return None
        if call.operation.input_shape is not None:
            for problem in shapes.problems(call.operation.input_shape, parameters):
                self._report(call.service, call.operation.name, problem)
        return parameters

    def _report(self, service: str, operation: str, problem: str) -> None:
        line = {"service": service, "operation": operation, "problem": problem}
        self.violations.write(json.dumps(line) + "\n")

    def _serialised(self, call: calls.Call, result: Any, start_response: Any) -> Iterable[bytes]:
        serializer = get_serializer_class(call.service, call.protocol)(operation_model=call.operation)
        response = serializer.serialize(result)
        body = response["body"]
        body = body.encode() if isinstance(body, str) else body
        headers = [
            (name, str(value))
            for name, value in response["headers"].items()
            if name.lower() != "content-length"
        ]
        start_response(f"{response['status_code']} ", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, start_response: Any, status: str, value: Any) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(value).encode()]


def main() -> None:
    fixes.apply()
    state_machines.apply()
    server = make_server("127.0.0.1", 0, retries.Retries(Emulator(sys.argv[1])), threaded=True)
    os.environ["MOTO_PORT"] = str(server.server_port)
    print(json.dumps({"port": server.server_port}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
