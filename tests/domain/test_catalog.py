"""Every code has a text in both languages, with the parameters that its errors carry (DESIGN 13)."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doc_service.domain.accounts import ACCOUNT_TRANSITIONS, AccountAction, AccountState
from doc_service.domain.bodies import ActKind, Matter
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.domain.documents import DOCUMENT_TRANSITIONS, DocumentAction, DocumentState
from doc_service.domain.errors import Fault
from doc_service.domain.principals import AccountRole
from doc_service.domain.signatures import REQUEST_TRANSITIONS, RequestAction, RequestState
from doc_service.domain.visas import VISA_TRANSITIONS, VisaAction, VisaState
from doc_service.messages.catalog import LANGUAGES, Catalog, MessageNotFoundError, placeholders

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("doc_service", "signing", "storage")
ERRORS = frozenset({"DomainError", "NotFoundError", "ConflictError", "SigningError", "StorageError"})
NOT_PARAMETERS = {
    **dict.fromkeys(("DomainError", "NotFoundError", "ConflictError"), frozenset({"code", "field"})),
    **dict.fromkeys(("SigningError", "StorageError"), frozenset({"code", "retryable"})),
}


@dataclass(frozen=True)
class Use:
    """One place that raises or reports a code; ``params`` None: not known from the source."""

    code: str
    where: str
    params: frozenset[str] | None


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def error_classes() -> frozenset[str]:
    """The error classes and everything derived from them by name."""
    known = set(ERRORS)
    bases = {
        node.name: {_name(base) for base in node.bases}
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    while derived := {name for name, parents in bases.items() if parents & known} - known:
        known |= derived
    return frozenset(known)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _literals(node: ast.expr | None) -> list[str]:
    """The texts an argument can be: a literal, or both arms of a conditional."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _params(call: ast.Call, name: str) -> frozenset[str] | None:
    if name == "Fault":
        given_params = call.args[2] if len(call.args) > 2 else None
        given_params = next((k.value for k in call.keywords if k.arg == "params"), given_params)
        if given_params is None:
            return frozenset()
        if not isinstance(given_params, ast.Dict):
            return None
        keys = [k.value if isinstance(k, ast.Constant) else None for k in given_params.keys]
        return frozenset(str(k) for k in keys) if None not in keys else None
    if name not in NOT_PARAMETERS or any(k.arg is None for k in call.keywords):
        return None
    return frozenset(str(k.arg) for k in call.keywords) - NOT_PARAMETERS[name]


@pytest.fixture(scope="module", name="uses")
def _uses() -> list[Use]:
    classes = error_classes() | {"Fault"}
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and _name(node.func) in classes):
                continue
            first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "code"), None)
            for code in _literals(first):
                found.append(Use(code, f"{path}:{node.lineno}", _params(node, _name(node.func))))
    return found


def area_files(language: str) -> dict[str, dict[str, str]]:
    folder = ROOT / "doc_service" / "messages" / language
    return {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))}


def test_both_languages_have_the_same_areas_codes_and_placeholders() -> None:
    az, en = area_files("az"), area_files("en")
    assert sorted(az) == sorted(en)
    wrong = []
    for area in az:
        wrong += [f"{area}: {code} in one language only" for code in sorted(az[area].keys() ^ en[area].keys())]
        wrong += [
            f"{area}: {code}: placeholders az {sorted(placeholders(text))}, en {sorted(placeholders(en[area][code]))}"
            for code, text in az[area].items()
            if code in en[area] and placeholders(text) != placeholders(en[area][code])
        ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_in_the_source_has_a_text(language: str, uses: list[Use]) -> None:
    catalog = Catalog(language)
    missing: dict[str, list[str]] = {}
    for use in uses:
        if use.code not in catalog.codes:
            missing.setdefault(use.code, []).append(use.where)
    report = "\n".join(f"{code}: {', '.join(places)}" for code, places in sorted(missing.items()))
    assert not missing, f"\n{len(missing)} codes without a text in {language}:\n{report}"


def test_no_text_asks_for_a_parameter_that_its_error_does_not_carry(uses: list[Use]) -> None:
    texts = {code: text for table in area_files("az").values() for code, text in table.items()}
    wrong = []
    for use in uses:
        if use.params is None or use.code not in texts:
            continue
        unfilled = placeholders(texts[use.code]) - use.params
        if unfilled:
            wrong.append(f"{use.where}: {use.code} carries {sorted(use.params)}, its text asks for {sorted(unfilled)}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_scan_sees_the_codes_of_the_rules(uses: list[Use]) -> None:
    """So that an empty scan cannot pass for a complete catalogue."""
    seen = {use.code: use for use in uses}
    assert {"vote.invited", "quorum.not_met", "journal.bad_pattern", "state.not_allowed", "body.unknown_kind"} <= set(
        seen
    )
    assert seen["journal.bad_pattern"].params == {"pattern"}
    assert seen["attendance.unknown_member"].params == {"member"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_action_act_and_clause_has_a_label(language: str) -> None:
    codes = Catalog(language).codes
    states = [*DocumentState, *RequestState, *VisaState, *AccountState]
    actions = [*DocumentAction, *RequestAction, *VisaAction, *AccountAction]
    wanted = {f"label.state.{s}" for s in states} | {f"label.action.{a}" for a in actions}
    wanted |= {f"label.aggregate.{t.name}" for t in (DOCUMENT_TRANSITIONS, REQUEST_TRANSITIONS, VISA_TRANSITIONS)}
    wanted |= {f"label.aggregate.{ACCOUNT_TRANSITIONS.name}"} | {f"label.role.{role}" for role in AccountRole}
    wanted |= {f"label.other_role.{role}" for role in AccountRole}
    wanted |= {f"label.act.{k}" for k in ActKind} | {f"label.allowed.{k}" for k in ActKind}
    wanted |= {f"label.matter.{m}" for m in Matter}
    for rules in BODY_KINDS.values():
        figures = ("quorum", "ordinary_notice_days", "extraordinary_notice_days", "acts")
        wanted |= {f"label.clause.{rules.clauses.get(figure, '')}" for figure in figures}
    assert not wanted - codes


def test_a_fault_is_told_with_its_field_rule_and_labels() -> None:
    params = {"act": "decision", "matter": "other", "allowed": "proposal, recommendation", "clause": "001 §5.10"}
    fault = Fault("act.not_allowed", "items[0].act_kind", params)
    assert Catalog("az").fault_text(fault) == (
        "items[0].act_kind: Bu məsələ (digər məsələ) üzrə bu növ akt (qərar) qəbul edilə bilməz; "
        "mümkün olan: təklif, tövsiyə (Əsasnamə, 5.10-cu bənd)."
    )
    assert Catalog("en").fault_text(Fault("agenda.empty")) == "The agenda needs at least one item."


def test_a_missing_parameter_stays_visible_and_doubled_braces_are_braces() -> None:
    catalog = Catalog("en")
    assert "“{voter}”" in catalog.text("vote.unknown_voter")
    pattern = catalog.text("journal.bad_pattern", {"pattern": "{x}/{seq}"})
    assert pattern.startswith("The index pattern “{x}/{seq}” is not usable: it must use {seq} and {year}")


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.integers(), st.text(max_size=20)), max_size=4))
def test_no_parameters_make_a_message_fail(params: dict[str, int | str]) -> None:
    catalog = CATALOGS["az"]
    for code in catalog.codes:
        assert catalog.text(code, params)


CATALOGS = {language: Catalog(language) for language in LANGUAGES}


def test_a_value_is_put_in_as_it_is() -> None:
    text = CATALOGS["en"].text("vote.unknown_voter", {"voter": "{voter}{0.__class__}"})
    assert text.startswith("“{voter}{0.__class__}” is not")


def test_an_unknown_code_or_language_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match=r"no\.such_code"):
        Catalog("az").text("no.such_code")
    with pytest.raises(MessageNotFoundError):
        Catalog("ru")
