"""When a failed job is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.errors import ConflictError, DomainError, Fault
from doc_service.jobs.contract import RetryableError
from doc_service.jobs.policy import RetryPolicy, describe, is_retryable
from signing.api import SigningError
from storage.api import StorageError

seconds = st.floats(0.001, 10_000, allow_nan=False)
jitters = st.floats(0, 1, exclude_max=True)


@given(base=seconds, factor=st.floats(1, 1000), spread=st.floats(0, 1), failures=st.integers(1, 10_000), jitter=jitters)
def test_a_delay_stays_between_its_bounds(
    base: float, factor: float, spread: float, failures: int, jitter: float
) -> None:
    policy = RetryPolicy(timedelta(seconds=base), timedelta(seconds=base * factor), spread)
    full = policy.delay(failures, lambda: 0.0)
    delay = policy.delay(failures, lambda: jitter)
    tolerance = timedelta(microseconds=2)
    assert full <= policy.cap + tolerance
    assert full * (1 - spread) - tolerance <= delay <= full + tolerance
    assert full <= policy.delay(failures + 1, lambda: 0.0) + tolerance


def test_delays_double_up_to_the_cap() -> None:
    policy = RetryPolicy(timedelta(seconds=1), timedelta(seconds=10))
    assert [policy.delay(n, lambda: 0.0).total_seconds() for n in range(1, 7)] == [1, 2, 4, 8, 10, 10]
    assert policy.delay(1, lambda: 0.5) == timedelta(seconds=0.75)


def test_by_default_an_outage_may_last_for_hours() -> None:
    policy = RetryPolicy()
    shortest = sum((policy.delay(n, lambda: 0.999) for n in range(1, policy.max_attempts)), timedelta())
    assert timedelta(hours=1) < shortest
    longest = sum((policy.delay(n, lambda: 0.0) for n in range(1, policy.max_attempts)), timedelta())
    assert timedelta(hours=3) < longest < timedelta(hours=6)


@pytest.mark.parametrize(
    "arguments", [{"base": timedelta()}, {"cap": timedelta()}, {"spread": 1.5}, {"spread": -0.1}, {"max_attempts": 0}]
)
def test_a_senseless_policy_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="retry policy"):
        RetryPolicy(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "retryable"),
    [
        (RetryableError("x"), True),
        (SigningError("signing.tsa_unavailable", retryable=True), True),
        (SigningError("signing.certificate_revoked"), False),
        (DomainError("template.broken"), False),
        (DomainError("render.timeout"), True),
        (DomainError("persistence.unavailable"), True),
        (DomainError("persistence.no_space"), True),
        (ConflictError("state.stale"), True),
        (ConflictError("state.not_allowed"), False),
        (StorageError("storage.unavailable"), True),
        (StorageError("storage.no_space"), True),
        (StorageError("storage.clock_skew"), True),
        (StorageError("storage.denied"), True),
        (StorageError("storage.exists"), False),
        (ConnectionResetError(), True),
        (KeyError("unforeseen"), True),
    ],
)
def test_what_is_tried_again(error: Exception, retryable: bool) -> None:
    assert is_retryable(error) is retryable


def test_the_error_kept_names_every_fault() -> None:
    faults = [Fault("a.one", "x.y", {"n": 3}), Fault("a.two")]
    assert describe(DomainError.of(faults)) == "a.one x.y n=3; a.two"
    assert describe(SigningError("signing.x", host="tsa")) == "SigningError: signing.x {'host': 'tsa'}"
    assert len(describe(ValueError("x" * 10_000))) == 2000
