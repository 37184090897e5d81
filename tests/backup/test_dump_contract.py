"""Dump and load on every engine: what lies in the dump, and that a load takes its place at the very end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from doc_service.audit.snapshot import DatabaseDumper, DatabaseLoader
from doc_service.audit.store import CheckpointRecord
from doc_service.domain.errors import ConflictError, DomainError
from doc_service.persistence.audit_store import SqlLogStore
from doc_service.persistence.dump import SqliteDump, SqliteLoad
from doc_service.persistence.dump_postgres import STAGING_SCHEMA, PostgresDump, PostgresLoad
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import check_drift, migrate
from doc_service.persistence.uow import SqlUnitOfWorkFactory
from tests.persistence.engines import ENGINES
from tests.persistence.samples import JOURNAL, NOW, fill

Pair = tuple[DatabaseDumper, DatabaseLoader]


def dumper(url: str) -> DatabaseDumper:
    return SqliteDump(url) if url.startswith("sqlite") else PostgresDump(url)


def loader(url: str) -> DatabaseLoader:
    return SqliteLoad(url) if url.startswith("sqlite") else PostgresLoad(url)


def checkpoint(size: int, previous: str) -> CheckpointRecord:
    sha256 = f"{size:064x}"
    return CheckpointRecord(size, bytes(32), NOW, sha256, b"{}", f"audit/log/checkpoints/{size:012d}/{sha256}")


@pytest.fixture(params=sorted(ENGINES))
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Of a filled database and of an empty one on the same engine."""
    make = ENGINES[request.param]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    source, target = make(tmp_path / "a"), make(tmp_path / "b")
    engine = make_engine(source)
    migrate(engine)
    units = fill(engine)
    with units() as unit:
        unit.journals.register(JOURNAL, "d1", NOW)
        unit.commit()
    SqlLogStore(engine).add_checkpoint(checkpoint(1, ""))
    SqlLogStore(engine).add_checkpoint(checkpoint(3, ""))
    engine.dispose()
    return source, target


def rows(url: str, query: str) -> list[Any]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def taken(url: str, target: Path) -> dict[str, Any]:
    """Everything the snapshot answers."""
    with dumper(url).dump(target) as snapshot:
        last = snapshot.last_checkpoint()
        return {
            "schema": snapshot.schema,
            "references": list(snapshot.references()),
            "counts": dict(snapshot.counts()),
            "journals": list(snapshot.journals()),
            "last": last.size if last else None,
        }


def test_a_dump_comes_back_whole(urls: tuple[str, str], tmp_path: Path) -> None:
    source, target = urls
    state = taken(source, tmp_path / "dump")
    load = loader(target)
    load.require_empty()
    load.load(tmp_path / "dump")
    assert dict(load.counts()) == state["counts"]
    assert list(load.references()) == state["references"]
    load.finish()
    assert taken(target, tmp_path / "again") == state
    engine: Engine = make_engine(target)
    assert check_drift(engine) == []
    with SqlUnitOfWorkFactory(engine)() as unit:
        assert unit.journals.register(JOURNAL, "d1", NOW).seq == 1
    engine.dispose()


def test_checkpoints_are_referred_to_with_their_links(urls: tuple[str, str], tmp_path: Path) -> None:
    keys = [r.key for r in taken(urls[0], tmp_path / "dump")["references"]]
    assert keys == sorted(keys)
    assert "audit/log/links/first" in keys
    assert f"audit/log/links/{1:064x}" in keys


def test_what_is_written_after_the_snapshot_is_not_in_the_dump(urls: tuple[str, str], tmp_path: Path) -> None:
    source, target = urls
    with dumper(source).dump(tmp_path / "dump") as snapshot:
        engine = make_engine(source)
        SqlLogStore(engine).add_checkpoint(checkpoint(9, ""))
        engine.dispose()
        last = snapshot.last_checkpoint()
    assert last is not None
    assert last.size == 3
    load = loader(target)
    load.load(tmp_path / "dump")
    loaded = load.last_checkpoint()
    assert loaded is not None
    assert loaded.size == 3


def test_until_it_is_finished_the_place_is_empty_and_it_may_begin_again(urls: tuple[str, str], tmp_path: Path) -> None:
    source, target = urls
    taken(source, tmp_path / "dump")
    for _ in range(2):
        load = loader(target)
        load.require_empty()
        load.load(tmp_path / "dump")
    load.require_empty()
    load.finish()
    with pytest.raises(ConflictError, match=r"backup\.database_not_empty"):
        loader(target).require_empty()
    if target.startswith("postgres"):
        assert rows(target, f"SELECT 1 FROM pg_namespace WHERE nspname = '{STAGING_SCHEMA}'") == []


def test_a_dump_cut_short_is_not_loaded(urls: tuple[str, str], tmp_path: Path) -> None:
    source, target = urls
    taken(source, tmp_path / "dump")
    content = (tmp_path / "dump").read_bytes()
    (tmp_path / "dump").write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(DomainError, match=r"backup\.load_failed|persistence\.damaged"):
        loader(target).load(tmp_path / "dump")
    loader(target).require_empty()


def test_leases_are_taken_off_jobs(urls: tuple[str, str], tmp_path: Path) -> None:
    from doc_service.domain.jobs import Job, JobKind

    source, target = urls
    engine = make_engine(source)
    with SqlUnitOfWorkFactory(engine)() as unit:
        unit.jobs.enqueue(Job("j1", JobKind.RENDER, "render:d1", NOW, {"document_id": "d1"}))
        assert unit.jobs.claim(NOW, NOW.replace(year=NOW.year + 1), "dead runner")
        unit.commit()
    engine.dispose()
    taken(source, tmp_path / "dump")
    load = loader(target)
    load.load(tmp_path / "dump")
    assert load.release_leases() == 1
    load.finish()
    engine = make_engine(target)
    with SqlUnitOfWorkFactory(engine)() as unit:
        (job,) = unit.jobs.claim(NOW, NOW.replace(year=NOW.year + 1), "next runner")
        assert (job.id, job.attempts) == ("j1", 0)
    engine.dispose()
