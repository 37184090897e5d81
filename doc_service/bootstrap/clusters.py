"""The use cases of clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from doc_service.bootstrap.parts import Parts
from doc_service.domain.body_kinds import BODY_KINDS
from doc_service.instruments.cluster.klaster_reyestr import KlasterReyestr
from doc_service.services.accession.accede import Accede
from doc_service.services.accession.decide_accession import DecideAccession
from doc_service.services.accession.draft_sheet import SheetData
from doc_service.services.accession.enter_registry import EnterRegistry
from doc_service.services.accession.lodge_application import LodgeApplication
from doc_service.services.accession.open_accession import OpenAccession
from doc_service.services.accession.withdraw_accession import WithdrawAccession
from doc_service.services.clusters.check_compliance import CheckCompliance
from doc_service.services.clusters.correct_cluster import CorrectCluster
from doc_service.services.clusters.correct_participation import CorrectParticipation
from doc_service.services.clusters.draft_registry import REGISTRY, RegistryDraft
from doc_service.services.clusters.exclude_participant import ExcludeParticipant
from doc_service.services.clusters.keep_file import KeepFile
from doc_service.services.clusters.leave_cluster import LeaveCluster
from doc_service.services.clusters.move_cluster import MoveCluster
from doc_service.services.clusters.move_project import MoveProject
from doc_service.services.clusters.publish_registry import PublishEdition
from doc_service.services.clusters.record_cluster import RecordCluster
from doc_service.services.clusters.record_figures import RecordFigures
from doc_service.services.clusters.record_participation import RecordParticipation
from doc_service.services.clusters.record_project import RecordProject
from doc_service.services.clusters.renew_registry import RenewRegistry
from doc_service.services.clusters.show_road_map import ShowRoadMap
from doc_service.services.clusters.take_figures import TakeFigures


@dataclass(frozen=True, slots=True)
class ClusterUseCases:
    """What the API calls."""

    record: RecordCluster
    correct: CorrectCluster
    move: MoveCluster
    take_in: RecordParticipation
    correct_participation: CorrectParticipation
    leave: LeaveCluster
    exclude: ExcludeParticipant
    propose_project: RecordProject
    move_project: MoveProject
    figures: RecordFigures
    take_figures: TakeFigures
    keep_file: KeepFile
    road_map: ShowRoadMap
    compliance: CheckCompliance
    renew_registry: RenewRegistry
    registry_draft: RegistryDraft
    publish_edition: PublishEdition
    open_accession: OpenAccession
    lodge: LodgeApplication
    decide: DecideAccession
    sheet_data: SheetData
    accede: Accede
    enter: EnterRegistry
    withdraw: WithdrawAccession


def build_clusters(p: Parts) -> ClusterUseCases:
    work = p.work
    return ClusterUseCases(
        record=RecordCluster(work),
        correct=CorrectCluster(work),
        move=MoveCluster(work),
        take_in=RecordParticipation(work),
        correct_participation=CorrectParticipation(work),
        leave=LeaveCluster(work),
        exclude=ExcludeParticipant(work),
        propose_project=RecordProject(work),
        move_project=MoveProject(work),
        figures=RecordFigures(work),
        take_figures=TakeFigures(work),
        keep_file=KeepFile(work, p.store),
        road_map=ShowRoadMap(work),
        compliance=CheckCompliance(work),
        renew_registry=RenewRegistry(work),
        registry_draft=RegistryDraft(work, cast(KlasterReyestr, p.registry.get(REGISTRY))),
        publish_edition=PublishEdition(work),
        open_accession=OpenAccession(work),
        lodge=LodgeApplication(work),
        decide=DecideAccession(work, BODY_KINDS),
        sheet_data=SheetData(work),
        accede=Accede(work),
        enter=EnterRegistry(work),
        withdraw=WithdrawAccession(work),
    )
