"""Short messages as files: the embedded default, which has no gateway."""

from __future__ import annotations

import json
from pathlib import Path

from doc_service.domain.errors import DomainError
from doc_service.domain.short_messages import segments
from doc_service.notify.folder import put_file
from doc_service.ports_notify import Sms


class FolderSms:
    """``SmsGateway`` into ``<directory>/<id>.json``, readable by the service's account alone, since it holds numbers.
    A message that is there already is left as it is."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, sms: Sms) -> None:
        content = {"to": sms.recipient, "text": sms.text, "segments": segments(sms.text)}
        try:
            put_file(self._directory / f"{sms.id}.json", json.dumps(content, ensure_ascii=False, indent=2).encode())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise DomainError("notify.sms_unavailable", "", reason=reason) from error
