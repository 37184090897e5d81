"""One letter a person and day, to those who have been asked long enough, and nothing in it that may not travel."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from doc_service.domain.documents import DocumentState
from doc_service.domain.errors import DomainError
from doc_service.domain.signatures import RequestState
from doc_service.persistence.engine import make_engine
from doc_service.persistence.migrate import migrate
from doc_service.ports import Mail
from tests.notify.bench import DAY, MORNING, URL, Bench
from tests.notify.mails import read, text_of
from tests.persistence.engines import ENGINES
from tests.persistence.samples import fill
from tools.servers.smtp import Fault, SmtpServer

TODAY = date(2026, 3, 9)
REMINDED, FAILED = "signature.reminded", "signature.reminder_failed"


@pytest.fixture(params=sorted(ENGINES))
def bench(request: pytest.FixtureRequest, tmp_path: Path, mail_server: SmtpServer) -> Iterator[Bench]:
    engine = make_engine(ENGINES[request.param](tmp_path))
    migrate(engine)
    fill(engine, ())
    made = Bench(engine, mail_server)
    for name in ("a", "b"):
        made.document(name)
    yield made
    engine.dispose()


# Who is reminded


def test_one_letter_covers_all_documents_of_a_person(bench: Bench) -> None:
    bench.ask("a", "nigar")
    bench.ask("b", "nigar", state=RequestState.CONSENTED)
    bench.ask("b", "elçin", email="elchin@qurum.example")
    bench.remind()
    assert bench.recipients() == ["elchin", "nigar"]
    assert bench.events("a") == [(REMINDED, {"request": "a-nigar", "day": "2026-03-09"})]
    assert sorted(str(d["request"]) for _, d in bench.events("b")) == ["b-elçin", "b-nigar"]
    assert not bench.pending()


def test_only_who_has_been_asked_long_enough(bench: Bench) -> None:
    bench.ask("a", "just", days=3)
    bench.ask("a", "before", days=3 - 1e-6)
    bench.remind()
    assert bench.recipients() == ["just"]


@pytest.mark.parametrize("state", sorted(set(RequestState) - {RequestState.OPEN, RequestState.CONSENTED}))
def test_nobody_is_reminded_who_cannot_sign(state: RequestState, bench: Bench) -> None:
    bench.ask("a", "nigar", state=state)
    bench.remind()
    assert not bench.letters()


@pytest.mark.parametrize("state", sorted(set(DocumentState) - {DocumentState.SIGNING}))
def test_nobody_is_reminded_of_a_document_that_is_not_being_signed(state: DocumentState, bench: Bench) -> None:
    bench.document("c", state)
    bench.ask("c", "nigar")
    bench.remind()
    assert not bench.letters()


def test_a_record_without_its_opening_counts_from_the_newest_revision(bench: Bench) -> None:
    """Revision 0 of the samples is of 4 March, 06:30 UTC."""
    bench.ask("a", "nigar", opened_at=None)
    bench.after = 5 * DAY
    bench.remind()
    assert not bench.letters()
    bench.clock.move(timedelta(hours=1, minutes=31))
    bench.daily("again")
    bench.work()
    assert bench.recipients() == ["nigar"]


def test_persons_without_an_address_are_counted_and_the_others_served(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.ask("a", "nigar", email="")
    bench.ask("a", "lale")
    bench.remind()
    assert bench.recipients() == ["lale"]
    assert "without an e-mail address: 1" in caplog.text
    assert "nigar" not in caplog.text


def test_the_address_recorded_last_is_written_to(bench: Bench) -> None:
    bench.ask("a", "nigar", days=9, email="old@qurum.example")
    bench.ask("b", "nigar", days=4, email="new@qurum.example")
    bench.remind()
    assert bench.recipients() == ["new"]


# Once a day


def test_the_same_day_again_is_nothing_new(bench: Bench) -> None:
    bench.ask("a", "nigar")
    for key in ("one", "two"):
        bench.daily(key)
    bench.work()
    bench.ask("b", "nigar", days=5)
    bench.daily("three")
    bench.work()
    assert bench.recipients() == ["nigar"]


def test_a_letter_is_asked_for_once_whoever_plans(bench: Bench) -> None:
    """Also when what it was about is signed since, and something else waits."""
    request = bench.ask("a", "nigar")
    assert [bench.reminding().plan() for _ in range(2)] == [1, 0]
    bench.work()
    bench.end(request)
    bench.ask("b", "nigar")
    assert bench.reminding().plan() == 0


def test_the_handler_run_twice_sends_once(bench: Bench) -> None:
    bench.ask("a", "nigar")
    bench.ask("b", "nigar")
    for _ in range(2):
        bench.reminding().remind("nigar", TODAY)
    assert len(bench.letters()) == 1
    assert len(bench.events("a")) == len(bench.events("b")) == 1


def test_every_day_until_it_is_signed(bench: Bench) -> None:
    request = bench.ask("a", "nigar")
    for _ in range(3):
        bench.remind()
        bench.clock.move(DAY)
    bench.end(request)
    bench.remind()
    assert len(set(bench.letters())) == 3
    assert [d["day"] for _, d in bench.events("a")] == ["2026-03-09", "2026-03-10", "2026-03-11"]


def test_a_day_is_one_of_baku(bench: Bench) -> None:
    """19:59 and 20:01 UTC are 23:59 and 00:01 of the next day in Baku."""
    bench.ask("a", "nigar")
    bench.clock.at = MORNING.replace(hour=19, minute=59)
    bench.daily("before")
    bench.work()
    bench.clock.move(timedelta(minutes=2))
    bench.daily("after")
    bench.work()
    assert [d["day"] for _, d in bench.events("a")] == ["2026-03-09", "2026-03-10"]


def test_a_letter_whose_day_is_over_is_not_sent(bench: Bench) -> None:
    bench.ask("a", "nigar")
    bench.server.faults(Fault("connect", reply="421 4.3.2 down"))
    bench.remind()
    bench.clock.move(DAY)
    bench.server.faults()
    bench.work()
    assert not bench.letters()
    assert not bench.pending()
    bench.remind()
    assert [d["day"] for _, d in bench.events("a")] == ["2026-03-10"]


def test_what_was_signed_between_plan_and_letter_is_left_out(bench: Bench) -> None:
    requests = [bench.ask(name, "nigar") for name in ("a", "b")]
    bench.reminding().plan()
    bench.end(requests[0])
    bench.work()
    assert (bench.events("a"), len(bench.events("b"))) == ([], 1)
    bench.clock.move(DAY)
    bench.reminding().plan()
    bench.end(requests[1])
    bench.work()
    assert len(bench.letters()) == 1


def test_two_workers_send_once_to_each(bench: Bench) -> None:
    people = [f"p{n:02d}" for n in range(12)]
    for person in people:
        bench.ask("a", person)
        bench.ask("b", person)
    for key in ("one", "two"):
        bench.daily(key)
    threads = [threading.Thread(target=bench.work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bench.work()
    assert bench.recipients() == people
    assert len(bench.events("a")) == len(bench.events("b")) == len(people)


# Outages and refusals


def test_a_server_that_is_down_delays_and_loses_nothing(bench: Bench) -> None:
    bench.ask("a", "nigar")
    bench.server.faults(Fault("MAIL", reply="451 4.3.0 later"))
    bench.remind()
    assert not bench.events("a")
    (job,) = bench.pending()
    assert "notify.unavailable" in job.last_error
    assert "nigar@" not in job.last_error
    bench.server.faults()
    bench.clock.move(timedelta(minutes=2))
    bench.work()
    assert bench.recipients() == ["nigar"]
    assert [action for action, _ in bench.events("a")] == [REMINDED]


def test_a_refused_address_is_recorded_and_the_others_served(bench: Bench) -> None:
    for person in ("elvin", "nigar", "orxan"):
        bench.ask("a", person)
    bench.server.faults(Fault("RCPT", match="nigar@", reply="550 5.1.1 <nigar@qurum.example> unknown"))
    bench.remind()
    bench.daily("again")
    bench.work()
    assert bench.recipients() == ["elvin", "orxan"]
    failed = [details for action, details in bench.events("a") if action == FAILED]
    reason = {"code": "notify.refused", "reason": "RCPT 550 5.1.1"}
    assert failed == [{"request": "a-nigar", "day": "2026-03-09", **reason}]
    assert not bench.pending()


def test_one_slow_address_holds_up_nobody_else(bench: Bench) -> None:
    for person in ("elvin", "nigar", "orxan"):
        bench.ask("a", person)
    bench.server.faults(Fault("RCPT", match="elvin@", reply="450 4.2.1 busy"))
    bench.remind()
    assert bench.recipients() == ["nigar", "orxan"]
    assert len(bench.pending()) == 1


def test_an_address_that_is_none_is_recorded(bench: Bench) -> None:
    bench.ask("a", "nigar", email="nigar@qurum.example\r\nBcc: x@y.example")
    bench.remind()
    assert not bench.letters()
    assert bench.events("a") == [(FAILED, {"request": "a-nigar", "day": "2026-03-09", "code": "person.bad_email"})]


def test_a_letter_that_could_not_be_recorded_goes_out_again_as_the_same_one(bench: Bench) -> None:
    """At least once, and said so: the copy carries the Message-ID of the first."""
    bench.ask("a", "nigar")
    mailer = bench.mailer()

    class Dies:
        def send(self, mail: Mail) -> None:
            mailer.send(mail)
            raise MemoryError

    bench.daily()
    bench.work(Dies())
    bench.clock.move(timedelta(minutes=2))
    bench.work()
    (first, second) = bench.letters()
    assert first == second
    assert len(bench.events("a")) == 1


def test_a_lost_answer_sends_the_same_letter_again(bench: Bench) -> None:
    bench.ask("a", "nigar")
    bench.server.faults(Fault("kept"))
    bench.remind()
    bench.server.faults()
    bench.clock.move(timedelta(minutes=2))
    bench.work()
    assert len(bench.letters()) == 2
    assert len(set(bench.letters())) == 1
    assert len(bench.events("a")) == 1


def test_an_error_of_another_kind_is_not_taken_for_a_refusal(bench: Bench) -> None:
    bench.ask("a", "nigar")

    class Broken:
        def send(self, mail: Mail) -> None:
            raise DomainError("persistence.no_space")

    with pytest.raises(DomainError, match="no_space"):
        bench.reminding(Broken()).remind("nigar", TODAY)
    assert not bench.events("a")


# What the letter says


def test_the_letter_in_full(bench: Bench) -> None:
    bench.ask("a", "nigar", days=6)
    bench.ask("b", "nigar", days=4)
    bench.remind()
    (mail,) = bench.server.received()
    letter = read(mail.data)
    assert letter["Subject"] == "İmzanızı gözləyən sənədlərin sayı: 2 / Documents awaiting your signature: 2"
    assert letter["Date"].datetime == MORNING
    text = text_of(letter)
    azerbaijani, english = text.split("\n\n* * *\n\n")
    for line in ("№ 3-21-5/a/2026, 03.03.2026 tarixindən", "№ 3-21-5/b/2026, 05.03.2026 tarixindən"):
        assert f"  – İclasın protokolu, {line}\n" in azerbaijani
    assert "  – Protocol of a meeting, No. 3-21-5/a/2026, since 03.03.2026\n" in english
    assert text.count(URL) == 2
    assert "{" not in text


def test_the_letter_tells_nothing_it_may_not(bench: Bench) -> None:
    """No title, no FİN, no name, no post, nobody else."""
    for person in ("nigar", "orxan"):
        bench.ask("a", person)
    bench.remind()
    for mail in bench.server.received():
        letter = read(mail.data)
        whole = f"{letter['Subject']}\n{text_of(letter)}\n{list(letter.items())}"
        for secret in ("Məhdud", "5Z7A1B2", "Quliyeva", "Aygün", "müdiri", "KOBİA", "sədr"):
            assert secret not in whole
        other = "orxan" if mail.recipients[0].startswith("nigar") else "nigar"
        assert other not in whole


def test_one_document_with_two_signatures_of_a_person_is_one_line(bench: Bench) -> None:
    bench.ask("a", "nigar")
    bench.ask("a", "nigar", id="second", field="imza_2")
    bench.remind()
    (mail,) = bench.server.received()
    assert "sayı: 1" in read(mail.data)["Subject"]
    assert sorted(str(d["request"]) for _, d in bench.events("a")) == ["a-nigar", "second"]


def test_a_long_list_ends_in_a_number(bench: Bench) -> None:
    for n in range(53):
        bench.document(f"d{n:02d}")
        bench.ask(f"d{n:02d}", "nigar", days=60 - n)
    bench.remind()
    (mail,) = bench.server.received()
    text = text_of(read(mail.data))
    assert "  – daha 3 sənəd\n" in text
    assert "  – 3 more\n" in text
    assert "3-21-5/d49/2026" in text
    assert "3-21-5/d50/2026" not in text
