"""What a client sends again after its connection broke gets the answer that was lost, and nothing is done twice.

AWS's SDKs give every attempt at one call the same `amz-sdk-invocation-id`. On a busy machine a connection sometimes
breaks after moto has done the work; a second deletion would then be answered "not found".
"""

import sys
import threading
from collections import OrderedDict
from typing import Any, Callable, Iterable, Optional

# Far more than are under way at one time.
KEPT = 2000


class _Answer:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.given: Optional[tuple] = None


class Retries:
    """A WSGI application around another one."""

    def __init__(self, application: Callable) -> None:
        self.application = application
        self.lock = threading.Lock()
        self.answers: OrderedDict[str, _Answer] = OrderedDict()

    def __call__(self, environ: dict, start_response: Any) -> Iterable[bytes]:
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if invocation is None:
            return self.application(environ, start_response)
        answer = self._of(invocation)
        # The second attempt waits for the first one, whose client may have gone while it worked.
        with answer.lock:
            if answer.given is None:
                status, headers, body = self._ask(environ)
                # What was refused is asked anew: the reason may be gone.
                if status.startswith("2"):
                    answer.given = (status, headers, body)
            else:
                status, headers, body = answer.given
                print(f"sent again: {environ.get('HTTP_AMZ_SDK_REQUEST')} {invocation}", file=sys.stderr)
        start_response(status, headers)
        return [body]

    def _of(self, invocation: str) -> _Answer:
        with self.lock:
            answer = self.answers.setdefault(invocation, _Answer())
            while len(self.answers) > KEPT:
                self.answers.popitem(last=False)
            return answer

    def _ask(self, environ: dict) -> tuple:
        heard: list = []
        parts = self.application(environ, lambda status, headers, *_: heard.extend((status, headers)))
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        return heard[0], heard[1], body
