"""Keys of the archive: pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import keys
from storage.api import StorageError

DIGEST = "0123456789abcdef" * 4


def test_keys_end_in_the_digest_and_sort_by_revision() -> None:
    made = [keys.revision_key("d-1", n, DIGEST) for n in (0, 9, 10, 99_999)]
    assert made[1] == f"documents/d-1/revisions/00009/{DIGEST}"
    assert made == sorted(made)
    assert all(keys.digest_of(key) == DIGEST and key.startswith(keys.document_prefix("d-1")) for key in made)
    assert keys.attachment_key("d-1", "docx", DIGEST) == f"documents/d-1/docx/{DIGEST}"


@pytest.mark.parametrize("document_id", ["", "../x", "a b", "a,v"])
def test_ids_cannot_leave_their_place(document_id: str) -> None:
    with pytest.raises(StorageError, match=r"storage\.bad_key"):
        keys.revision_key(document_id, 1, DIGEST)


@pytest.mark.parametrize("digest", ["", DIGEST[:-1], DIGEST.upper(), DIGEST + "0"])
def test_only_digests_end_a_content_key(digest: str) -> None:
    with pytest.raises(StorageError, match=r"storage\.bad_digest"):
        keys.revision_key("d", 1, digest)


@given(st.text(max_size=40))
def test_an_allowed_key_is_a_plain_relative_path(text: str) -> None:
    try:
        key = keys.check_key(text)
    except StorageError:
        return
    assert key == text
    assert all(part not in ("", ".", "..") and not part.startswith((".", "-")) for part in key.split("/"))
    assert not set(key) & set('\\:*?"<>|\0\n\r\t ,')


@given(st.text("ab-./ə", max_size=6), st.text("ab-./ə", max_size=4))
def test_what_begins_a_key_can_be_a_prefix(prefix: str, rest: str) -> None:
    if keys.is_key(prefix + rest):
        assert keys.begins_keys(prefix)


@pytest.mark.parametrize("prefix", ["/", "a//", ".", "a/.", "a/./", "-", "a./b", "\0"])
def test_prefixes_of_no_key(prefix: str) -> None:
    assert not keys.begins_keys(prefix)
