"""deploy/helm: linted and rendered by helm, every object judged by Kubernetes' own schemas, then by our rules."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deploy.conftest import ROOT
from tools.servers.binaries import find

CHART = ROOT / "deploy" / "helm" / "doc-service"
VALUES = Path(__file__).parent / "values"
SETS = ["smallest", "everything", "one-machine"]
OLDEST, NEWEST = "1.29.0", "1.34.0"
# Kinds of operators that a cluster may or may not have: no schemas of theirs are at hand.
FOREIGN = {"ScaledObject", "TriggerAuthentication", "PodMonitor", "PrometheusRule"}


def helm(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([find("helm"), *arguments], capture_output=True, text=True, check=False)


def template(values: str, *more: str) -> str:
    done = helm(
        "template", "doc", CHART, "-n", "documents", "-f", VALUES / f"{values}.yaml", "--kube-version", NEWEST, *more
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(*settings: str, values: str = "smallest") -> str:
    """What helm says of values that it must not take."""
    chosen = [word for setting in settings for word in ("--set", setting)]
    done = helm("template", "doc", CHART, "-f", VALUES / f"{values}.yaml", "--kube-version", NEWEST, *chosen)
    assert done.returncode != 0
    return done.stderr


@pytest.fixture(scope="session", params=SETS)
def objects(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return list(yaml.load_all(template(request.param), yaml.CSafeLoader))


@pytest.fixture(scope="session")
def everything() -> list[dict[str, Any]]:
    return list(yaml.load_all(template("everything"), yaml.CSafeLoader))


@pytest.fixture(scope="session", params=[OLDEST, NEWEST])
def schemas(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kubernetes' schemas as kubeconform reads them: each file whole in itself, so that no reference leads outside, and
    with what it refers to alone, as compiling all definitions for each kind takes seconds."""
    place = tmp_path_factory.mktemp("schemas")
    source = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / f"v{request.param}-local-strict"
    common = _without_files(source / "_definitions.json")
    at = "$defs" if "$defs" in common else "definitions"
    for kind in _kinds():
        schema = _without_files(source / f"{kind}.json")
        schema.pop("$id", None)
        schema[at] = _reachable(schema, common[at], f"#/{at}/")
        (place / f"{kind}.json").write_text(json.dumps(schema), encoding="utf-8")
    return place


def _without_files(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    return dict(json.loads(re.sub(r'"[^"#]*_definitions\.json#/', '"#/', text)))


def _reachable(schema: dict[str, Any], definitions: dict[str, Any], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        for name in re.findall(f'"{re.escape(prefix)}([^"]+)"', json.dumps(waiting.pop())):
            if name not in found:
                found[name] = definitions[name]
                waiting.append(definitions[name])
    return found


def _kinds() -> list[str]:
    return [
        "configmap-v1", "deployment-apps-v1", "horizontalpodautoscaler-autoscaling-v2", "ingress-networking-v1",
        "job-batch-v1", "networkpolicy-networking-v1", "pod-v1", "poddisruptionbudget-policy-v1", "service-v1",
        "serviceaccount-v1",
    ]  # fmt: skip


@pytest.mark.parametrize("values", SETS)
def test_lint(values: str) -> None:
    done = helm("lint", "--strict", CHART, "-f", VALUES / f"{values}.yaml")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("values", SETS)
def test_every_object_fits_its_schema(values: str, schemas: Path) -> None:
    report = _conform(template(values), schemas)
    skipped = {r["kind"] for r in report["resources"] if r["status"] == "statusSkipped"}
    assert {key: report["summary"][key] for key in ("invalid", "errors")} == {"invalid": 0, "errors": 0}, report
    assert report["summary"]["valid"] >= 7
    assert skipped <= FOREIGN


def test_the_judge_sees_a_fault(schemas: Path) -> None:
    faulty = template("smallest").replace("terminationGracePeriodSeconds", "terminationGracePeriod")
    assert _conform(faulty, schemas)["summary"]["invalid"] > 0


def _conform(manifests: str, schemas: Path) -> dict[str, Any]:
    done = subprocess.run(
        [find("kubeconform"), "-strict", "-summary", "-verbose", "-output", "json", "-skip", ",".join(sorted(FOREIGN)),
         "-schema-location", f"{schemas}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"],
        input=manifests, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def _pods(objects: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for o in objects:
        name = f"{o['kind']}/{o['metadata']['name']}"
        if o["kind"] == "Pod":
            yield name, o["spec"]
        elif o["kind"] in ("Deployment", "Job"):
            yield name, o["spec"]["template"]["spec"]


def test_every_pod_meets_the_restricted_standard(objects: list[dict[str, Any]]) -> None:
    """Pod Security Standards, level restricted; and a root that cannot be written, and no token of the cluster."""
    for name, pod in _pods(objects):
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod), name
        assert all({"emptyDir", "secret", "configMap"} & set(v) for v in pod.get("volumes", ())), name
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False, name
            assert security["capabilities"] == {"drop": ["ALL"]}, name
            assert security["readOnlyRootFilesystem"] is True, name
            assert container["resources"]["limits"]["memory"], name


def test_every_deployment_is_probed_and_ends_in_time(objects: list[dict[str, Any]]) -> None:
    for o in objects:
        if o["kind"] == "Deployment":
            pod = o["spec"]["template"]["spec"]
            assert {"startupProbe", "livenessProbe"} <= set(pod["containers"][0])
            least = 150 if "worker" in o["metadata"]["name"] else 30
            assert pod["terminationGracePeriodSeconds"] >= least


def test_no_secret_is_in_the_chart(objects: list[dict[str, Any]]) -> None:
    assert not [o for o in objects if o["kind"] == "Secret"]
    text = json.dumps(objects)
    assert not re.search('(ACCESS|SECRET)_KEY"', text)
    assert "DATABASE_URL" not in text


def test_alerts_are_those_that_are_tested() -> None:
    """A chart can carry only files below itself, so it has a copy."""
    assert (CHART / "files" / "alerts.yml").read_text() == (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text()


def test_alerts_are_rendered_as_they_are(everything: list[dict[str, Any]]) -> None:
    rule = next(o for o in everything if o["kind"] == "PrometheusRule")
    assert rule["spec"] == yaml.safe_load((CHART / "files" / "alerts.yml").read_text())


def test_selectors_find_their_pods(objects: list[dict[str, Any]]) -> None:
    """Services, budgets and policies name labels that pods of the chart really have."""
    labels = [
        o["spec"]["template"]["metadata"]["labels"] if o["kind"] != "Pod" else o["metadata"]["labels"]
        for o in objects
        if o["kind"] in ("Deployment", "Job", "Pod")
    ]
    for o in objects:
        selector = {
            "Service": lambda s: s["selector"],
            "PodDisruptionBudget": lambda s: s["selector"]["matchLabels"],
            "NetworkPolicy": lambda s: s["podSelector"]["matchLabels"],
            "PodMonitor": lambda s: s["selector"]["matchLabels"],
        }.get(o["kind"])
        if selector is not None:
            assert any(selector(o["spec"]).items() <= given.items() for given in labels), o["metadata"]["name"]


def test_scalers_name_deployments_without_a_number_of_their_own(everything: list[dict[str, Any]]) -> None:
    replicas = {o["metadata"]["name"]: o["spec"].get("replicas") for o in everything if o["kind"] == "Deployment"}
    scaled = [
        o["spec"]["scaleTargetRef"]["name"]
        for o in everything
        if o["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")
    ]
    assert sorted(scaled) == sorted(set(scaled))
    assert {name for name, number in replicas.items() if number is None} == set(scaled)
    assert replicas["doc-doc-service-beat"] == 1


def test_every_queue_has_a_worker(objects: list[dict[str, Any]]) -> None:
    taken: list[str] = []
    for name, pod in _pods(objects):
        arguments = pod["containers"][0].get("args", [])
        if arguments[:1] == ["worker"]:
            taken += arguments[arguments.index("--queues") + 1].split(",")
        assert isinstance(name, str)
    assert sorted(taken) == ["archive", "convert", "extend", "notify", "sign"]


def test_the_converter_has_no_way_out(everything: list[dict[str, Any]]) -> None:
    outside = {
        o["metadata"]["name"]
        for o in everything
        if o["kind"] == "Deployment"
        and o["spec"]["template"]["metadata"]["labels"].get("doc-service/outside") == "true"
    }
    assert outside == {f"doc-doc-service-{name}" for name in ("api", "worker-extend", "worker-archive")}


def test_hooks_need_nothing_of_the_chart(everything: list[dict[str, Any]]) -> None:
    """They run before its ConfigMap and its account are there."""
    for o in everything:
        if o["kind"] == "Job":
            pod = o["spec"]["template"]["spec"]
            assert "pre-install" in o["metadata"]["annotations"]["helm.sh/hook"]
            assert "serviceAccountName" not in pod
            assert "envFrom" not in pod["containers"][0]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("existingSecret=", "existingSecret is missing"),
        ("trustConfigMap=", "trustConfigMap is missing"),
        ("settings.DOC_SERVICE_TSA_URL=", "DOC_SERVICE_TSA_URL is missing"),
        ("settings.DOC_SERVICE_ARCHIVE_URL=https://x/y", "settings/DOC_SERVICE_ARCHIVE_URL"),
        ("settings.DOC_SERVICE_ENVIRONMENT=embedded", "settings/DOC_SERVICE_ENVIRONMENT"),
        ("settings.DOC_SERVICE_DATABASE_URL=postgresql://u:p@h/d", "DOC_SERVICE_DATABASE_URL"),
        ("image.tag=latest", "image/tag"),
        ("ingress.enabled=true", "nothing is served without TLS"),
        ("workers.convert.queues={convertt}", "workers/convert/queues"),
        ("workers.convert.keda.enabled=true", "exclude each other"),
        ("apii.replicas=2", "apii"),
    ],
)
def test_wrong_values_are_refused(setting: str, said: str) -> None:
    message = refused(setting)
    assert said in message or said.replace("/", ".") in message
