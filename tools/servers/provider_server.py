"""The process behind ``tools.servers.provider``: ``provider_server.py PLACE PORT``."""

from __future__ import annotations

import sys
from pathlib import Path

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import CertomancerConfig
from werkzeug.serving import WSGIRequestHandler, run_simple


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        return


place = Path(sys.argv[1])
config = CertomancerConfig.from_file(str(place / "provider.yml"), key_search_dir=str(place / "keys"))
application = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False, allow_time_override=False)
run_simple("127.0.0.1", int(sys.argv[2]), application, threaded=True, request_handler=Quiet)
