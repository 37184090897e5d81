"""The use cases, built over whatever parts the settings chose."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.bootstrap.archive import sweeping
from doc_service.bootstrap.clusters import ClusterUseCases, build_clusters
from doc_service.bootstrap.dispatch import DispatchCases, build_dispatch
from doc_service.bootstrap.group import GroupCases, build_group
from doc_service.bootstrap.parts import Parts
from doc_service.bootstrap.registry_sheets import RegistrySheets, build_registry_sheets
from doc_service.bootstrap.templates import TemplateCases, build_templates
from doc_service.services.calendar_files import DeadlineCalendar, MeetingCalendar
from doc_service.services.check_before_signature import CheckBeforeSignature
from doc_service.services.complete_signature import CompleteSignature
from doc_service.services.consent_to_sign import ConsentToSign
from doc_service.services.convene_meeting import ConveneMeeting
from doc_service.services.decide_visa import DecideVisa
from doc_service.services.decline_signature import DeclineSignature
from doc_service.services.draft_document import DraftDocument
from doc_service.services.end_substitution import EndSubstitution
from doc_service.services.export_evidence import ExportEvidence
from doc_service.services.final_copy import FinalCopy
from doc_service.services.go_on_without import GoOnWithout
from doc_service.services.hand_out import HandOutEvidence, HandOutLog
from doc_service.services.identity_proof import ReadIdentityProof
from doc_service.services.open_journal import OpenJournal
from doc_service.services.place_in_queue import PlaceInQueue
from doc_service.services.prepare_signature import PrepareSignature
from doc_service.services.record_checks import RecordChecks
from doc_service.services.record_meeting import RecordMeeting
from doc_service.services.record_substitution import RecordSubstitution
from doc_service.services.register_body import RegisterBody
from doc_service.services.register_document import RegisterDocument
from doc_service.services.registers.correct_organisation import CorrectOrganisation
from doc_service.services.registers.correct_person import CorrectPerson
from doc_service.services.registers.record_organisation import RecordOrganisation
from doc_service.services.registers.record_person import RecordPerson
from doc_service.services.reopen_request import ReopenRequest
from doc_service.services.resend_request import ResendRequest
from doc_service.services.return_document import ReturnDocument, ReturnHistory
from doc_service.services.revise_document import ReviseDocument
from doc_service.services.revive_jobs import ReviveJobs
from doc_service.services.set_deadline import OverdueRequests, SetDeadline
from doc_service.services.show_document import ShowDocument
from doc_service.services.sign_with_key import SignWithKey
from doc_service.services.signing_record import ReadSigningRecords
from doc_service.services.submit_document import SubmitDocument
from doc_service.services.sweep_orphans import SweepOrphans
from doc_service.services.verify_archive import VerifyArchive
from doc_service.services.webhooks.add_webhook import AddWebhook
from doc_service.services.webhooks.change_webhook import ChangeWebhook
from doc_service.services.webhooks.list_webhooks import ListWebhooks
from doc_service.services.webhooks.redeliver import Redeliver
from doc_service.services.webhooks.rotate_secret import RotateSecret
from doc_service.services.withdraw_document import WithdrawDocument
from doc_service.settings import Settings


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the command line and the API call."""

    group: GroupCases
    dispatch: DispatchCases
    templates: TemplateCases
    register_body: RegisterBody
    record_person: RecordPerson
    correct_person: CorrectPerson
    record_organisation: RecordOrganisation
    correct_organisation: CorrectOrganisation
    clusters: ClusterUseCases
    registry_sheets: RegistrySheets
    open_journal: OpenJournal
    record_substitution: RecordSubstitution
    convene_meeting: ConveneMeeting
    record_meeting: RecordMeeting
    draft_document: DraftDocument
    submit_document: SubmitDocument
    check_before_signature: CheckBeforeSignature
    return_document: ReturnDocument
    return_history: ReturnHistory
    decide_visa: DecideVisa
    revise_document: ReviseDocument
    register_document: RegisterDocument
    show_document: ShowDocument
    consent_to_sign: ConsentToSign
    prepare_signature: PrepareSignature
    complete_signature: CompleteSignature
    sign_with_key: SignWithKey
    decline_signature: DeclineSignature
    end_substitution: EndSubstitution
    final_copy: FinalCopy
    go_on_without: GoOnWithout
    place_in_queue: PlaceInQueue
    reopen_request: ReopenRequest
    resend_request: ResendRequest
    withdraw_document: WithdrawDocument
    set_deadline: SetDeadline
    overdue_requests: OverdueRequests
    signing_records: ReadSigningRecords
    export_evidence: ExportEvidence
    hand_out_evidence: HandOutEvidence
    hand_out_log: HandOutLog
    sweep_orphans: SweepOrphans
    verify_archive: VerifyArchive
    revive_jobs: ReviveJobs
    identity_proof: ReadIdentityProof
    deadline_calendar: DeadlineCalendar
    meeting_calendar: MeetingCalendar
    add_webhook: AddWebhook
    rotate_webhook_secret: RotateSecret
    change_webhook: ChangeWebhook
    redeliver_webhook: Redeliver
    webhooks: ListWebhooks


def build_use_cases(p: Parts, settings: Settings) -> UseCases:
    """The use cases over ``p``."""
    show = ShowDocument(p.work, p.store)
    consent = ConsentToSign(p.work)
    prepare = PrepareSignature(p.work, p.store, p.engine, p.checker, p.policy)
    complete = CompleteSignature(p.work, p.store, p.engine, p.checker)
    evidence = ExportEvidence(p.work, p.store, p.verify, p.embedded, p.prove_audit, p.anchors_pem)
    draft = DraftDocument(p.work, p.registry, p.renderer, p.policy)
    records = (RecordChecks(p.work.clock),)
    check = CheckBeforeSignature(p.work, p.registry, p.renderer, records)
    return UseCases(
        group=build_group(p, draft),
        dispatch=build_dispatch(p, draft),
        templates=build_templates(settings, p),
        register_body=RegisterBody(p.work),
        record_person=RecordPerson(p.work),
        correct_person=CorrectPerson(p.work),
        record_organisation=RecordOrganisation(p.work),
        correct_organisation=CorrectOrganisation(p.work),
        clusters=build_clusters(p),
        registry_sheets=build_registry_sheets(p),
        open_journal=OpenJournal(p.work),
        record_substitution=RecordSubstitution(p.work),
        convene_meeting=ConveneMeeting(p.work),
        record_meeting=RecordMeeting(p.work),
        draft_document=draft,
        submit_document=SubmitDocument(p.work, p.registry, records),
        check_before_signature=check,
        return_document=ReturnDocument(p.work),
        return_history=ReturnHistory(p.work),
        decide_visa=DecideVisa(p.work),
        revise_document=ReviseDocument(p.work, p.registry),
        register_document=RegisterDocument(p.work, p.registry, check),
        show_document=show,
        consent_to_sign=consent,
        prepare_signature=prepare,
        complete_signature=complete,
        sign_with_key=SignWithKey(show, consent, prepare, complete),
        decline_signature=DeclineSignature(p.work),
        end_substitution=EndSubstitution(p.work),
        final_copy=FinalCopy(p.work, p.store),
        go_on_without=GoOnWithout(p.work, p.registry),
        place_in_queue=PlaceInQueue(p.work, p.policy),
        reopen_request=ReopenRequest(p.work),
        resend_request=ResendRequest(p.work, p.policy),
        withdraw_document=WithdrawDocument(p.work),
        set_deadline=SetDeadline(p.work),
        overdue_requests=OverdueRequests(p.work),
        signing_records=ReadSigningRecords(p.work),
        export_evidence=evidence,
        hand_out_evidence=HandOutEvidence(p.work, evidence),
        hand_out_log=HandOutLog(p.work, p.audit, p.export_audit),
        sweep_orphans=SweepOrphans(p.work, sweeping(p.stores, p.work), p.audit),
        verify_archive=VerifyArchive(p.work, p.store if p.reserve is None else p.stores.primary),
        revive_jobs=ReviveJobs(p.work),
        identity_proof=ReadIdentityProof(p.work, p.identity),
        deadline_calendar=DeadlineCalendar(p.work, p.notifying.send_notice.text),
        meeting_calendar=MeetingCalendar(p.work, p.notifying.send_notice.text),
        add_webhook=p.notifying.add_webhook,
        rotate_webhook_secret=p.notifying.rotate_secret,
        change_webhook=p.notifying.change_webhook,
        redeliver_webhook=p.notifying.redeliver,
        webhooks=p.notifying.webhooks,
    )
