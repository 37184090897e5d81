"""Secrets at rest: they open with their key, for their record, unchanged, and not otherwise."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.access.sealed import AesGcmBox, NoBox, load_keys, load_or_make_keys
from doc_service.domain.errors import DomainError

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
BOX = AesGcmBox([OLD])


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_was_sealed_opens(plain: bytes, context: str) -> None:
    sealed = BOX.seal(plain, context)
    assert BOX.open(sealed, context) == plain
    assert len(sealed) == len(plain) + 33
    assert BOX.seal(plain, context) != sealed


@given(st.binary(min_size=1, max_size=40), st.data())
def test_a_changed_byte_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(BOX.seal(plain, "operation:1"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DomainError, match=r"sealed\.unreadable"):
        BOX.open(bytes(sealed), "operation:1")


@pytest.mark.parametrize("length", [0, 1, 4, 5, 16, 17, 32])
def test_a_shortened_one_does_not_open(length: int) -> None:
    with pytest.raises(DomainError, match=r"sealed\.unreadable"):
        BOX.open(BOX.seal(b"token", "operation:1")[:length], "operation:1")


def test_it_opens_for_its_record_alone() -> None:
    with pytest.raises(DomainError, match=r"sealed\.unreadable"):
        BOX.open(BOX.seal(b"token", "operation:1"), "operation:2")


def test_an_older_key_still_opens_and_the_newest_seals() -> None:
    both = AesGcmBox([NEW, OLD])
    assert both.open(BOX.seal(b"token", "a"), "a") == b"token"
    with pytest.raises(DomainError, match=r"sealed\.unreadable"):
        BOX.open(both.seal(b"token", "a"), "a")


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, b""]])
def test_keys_have_32_bytes(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        AesGcmBox(keys)


def test_without_a_key_nothing_is_kept_in_the_clear() -> None:
    for act in (NoBox().seal, NoBox().open):
        with pytest.raises(DomainError, match=r"sealed\.no_key"):
            act(b"token", "a")


def test_one_key_is_made_by_processes_that_start_at_once(tmp_path: Path) -> None:
    found: list[list[bytes]] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_or_make_keys(tmp_path / "secret-key"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(keys == found[0] for keys in found)
    assert [p.name for p in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "xyz", "00" * 31, "00" * 32 + "\n" + "00" * 33])
def test_a_key_file_that_is_not_usable(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(DomainError, match=r"sealed\.bad_key_file"):
        load_keys(tmp_path / "key")
