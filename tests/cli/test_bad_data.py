"""``render`` names every fault of the data by its field, in both languages, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import here, program

pytestmark = pytest.mark.xdist_group("cli")
Changed = Callable[[Callable[[dict[str, Any]], object]], Path]


def breaks_the_schema(data: dict[str, Any]) -> None:
    del data["meeting"]["place"]
    data["meeting"]["number"] = "iki"
    data["meeting"]["opens_at"] = "sabah"
    data["items"][0]["votes"][0]["choice"] = "bəlkə"
    data["items"][1]["term"] = "31.02.2027"
    data["members"][2]["person"]["name"]["surname"] = 7
    data["unknown_field"] = True


def without_quorum(data: dict[str, Any]) -> None:
    """Seven of fifteen came; the votes of the others are taken out, the acts stay."""
    present = [a["member_id"] for a in data["attendance"] if a["presence"] == "present"][:7]
    for entry in data["attendance"]:
        if entry["member_id"] not in present:
            entry.update(presence="absent", delegate=None, reason="Ezamiyyətdədir")
    for item in data["items"]:
        item["votes"] = [v for v in item["votes"] if v["voter_id"] in present]
        item["speakers"] = []


def votes_twice(data: dict[str, Any]) -> None:
    votes = data["items"][0]["votes"]
    votes.append(dict(votes[0], choice="against"))


def guest_votes(data: dict[str, Any]) -> None:
    data["items"][0]["votes"][0] = {"voter_id": data["invited"][0]["id"], "choice": "for"}


def test_every_fault_of_the_schema_at_once(data_file: Changed, tmp_path: Path) -> None:
    data, out = data_file(breaks_the_schema), tmp_path / "out.pdf"
    rows = program("render", "kq-protokol", data, "--out", out, "--json").errors()
    fields = {row["field"] for row in rows}
    assert fields == {
        "meeting.place", "meeting.number", "meeting.opens_at", "items[0].votes[0].choice", "items[1].term",
        "members[2].person.name.surname", "unknown_field",
    }  # fmt: skip
    done = here("render", "kq-protokol", data, "--out", out)
    done.refused(*{row["code"] for row in rows})
    assert all(f"[{field}]" in done.stderr for field in fields)
    assert [p.name for p in tmp_path.iterdir()] == ["data.json"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (without_quorum, "quorum.", ""),
        (votes_twice, "vote.exceeds_voters", "items[0].votes"),
        (guest_votes, "vote.invited", "items[0].votes[0].voter_id"),
    ],
)
def test_rules_of_the_meeting(data_file: Changed, tmp_path: Path, change: Any, code: str, field: str) -> None:
    data, out = data_file(change), tmp_path / "out.pdf"
    rows = here("render", "kq-protokol", data, "--out", out, "--json").errors()
    found = [row for row in rows if row["code"].startswith(code) and row["field"].startswith(field)]
    assert found, rows
    here("render", "kq-protokol", data, "--out", out).refused(found[0]["code"])
    assert [p.name for p in tmp_path.iterdir()] == ["data.json"]


def test_unknown_instrument(data_file: Changed, tmp_path: Path) -> None:
    data = data_file(lambda data: None)
    done = here("render", "kq-fərman", data, "--out", tmp_path / "out.pdf")
    done.refused("instrument.unknown")
    assert "kq-protokol" in done.stderr, "the known instruments are named"
    program("instruments", "schema", "kq-fərman").refused("instrument.unknown")
    here("instruments", "sample", "").refused("instrument.unknown")
    assert [p.name for p in tmp_path.iterdir()] == ["data.json"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "cli.bad_json"),
        (b'{"meeting": ', "cli.bad_json"),
        (b"\xff\xfe\x00", "cli.bad_json"),
        (b"[1, 2]", "cli.json_not_object"),
        (b"[" * 100_000, "cli.json_too_large"),
        (b'{"meeting": NaN}', "cli.json_not_a_number"),
        (b'{"a": 1, "a": 2}', "cli.json_name_twice"),
        (b'{"n": ' + b"9" * 5000 + b"}", "cli.json_too_large"),
    ],
    ids=["empty", "cut", "not UTF-8", "list", "deep", "NaN", "name twice", "huge number"],
)
def test_data_that_are_no_json_object(tmp_path: Path, content: bytes, code: str) -> None:
    data = tmp_path / "data.json"
    data.write_bytes(content)
    here("render", "kq-protokol", data, "--out", tmp_path / "out.pdf").refused(code)
    assert [p.name for p in tmp_path.iterdir()] == ["data.json"]


def test_places_that_cannot_be_used(data_file: Changed, tmp_path: Path) -> None:
    data = data_file(lambda data: None)
    here("render", "kq-protokol", tmp_path, "--out", tmp_path / "out.pdf").refused("cli.file_unreadable")
    here("render", "kq-protokol", tmp_path / "no.json", "--out", tmp_path / "out.pdf").refused("cli.file_not_found")
    here("render", "kq-protokol", data, "--out", tmp_path).refused("cli.not_a_file")
    here("render", "kq-protokol", data, "--out", "/dev/null").refused("cli.not_a_file")
    here("render", "kq-protokol", data, "--out", data / "out.pdf").refused("cli.unusable_place")
    here("demo", "--out", data).refused("cli.unusable_place")
    assert [p.name for p in tmp_path.iterdir()] == ["data.json"]
    assert not Path("/dev/null").is_file()
