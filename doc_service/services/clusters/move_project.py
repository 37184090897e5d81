"""A joint project gets its passport, is approved by the members' meeting, completed or dropped (003 §4.4 ç))."""

from __future__ import annotations

from dataclasses import dataclass

from doc_service.domain.audit_events import Action
from doc_service.domain.clusters.clusters import JointProject, ProjectAction
from doc_service.services.base import Workspace
from doc_service.services.clusters.papers import signed_document

PASSPORT = "birge-layihe-pasportu"
PROTOCOL = "klaster-umumi-yigincaq-protokolu"


@dataclass(frozen=True, slots=True)
class MoveProject:
    """Approval needs the signed passport and the signed protocol of the members' meeting; the other steps need the
    protocol. Raises what ``signed_document`` does, ``ConflictError`` "state.not_allowed", "state.stale"."""

    work: Workspace

    def __call__(
        self, project_id: str, action: ProjectAction, basis_id: str, actor: str, *, passport_id: str = "", version: int
    ) -> JointProject:
        with self.work.uow() as uow:
            basis = uow.documents.get(basis_id)
            project = uow.clusters.project(project_id)
            cluster = uow.clusters.get(project.cluster_id)
            signed_document(uow, cluster, basis.id, PROTOCOL)
            passport = project.passport_id
            if action is ProjectAction.APPROVE:
                passport = signed_document(uow, cluster, passport_id, PASSPORT).id
            moved = project.moved(action, passport_id=passport, basis_id=basis_id, version=version)
            saved = uow.clusters.save_project(moved)
            details = {"action": str(action), "basis": basis_id, "passport": passport}
            self.work.record(uow, actor, Action.PROJECT_MOVED, ("joint_project", project.id), details)
            uow.commit()
        return saved
