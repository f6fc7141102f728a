"""Every process is a whole BPMN file: each node and flow there once, each drawn, each reference to something that is there."""

from xml.etree import ElementTree as Xml

import pytest

from workflows.engine.bpmn import as_bpmn
from workflows.engine.diagram import diagram_of
from workflows.engine.process import Process
from workflows.processes import REGISTRY

NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
every_process = pytest.mark.parametrize("process", REGISTRY.processes, ids=lambda process: process.name)


def drawn(process: Process) -> tuple[Xml.Element, list[Xml.Element], list[Xml.Element]]:
    """The file, its nodes and its flows."""
    root = Xml.fromstring(as_bpmn(diagram_of(process)))
    flows = root.findall(".//bpmn:sequenceFlow", NAMES)
    nodes = [one for one in root.findall("./bpmn:process/*", NAMES) if one not in flows and not one.tag.endswith("documentation")]
    return root, nodes, flows


@every_process
def test_every_node_and_flow_is_drawn_once_under_an_id_of_its_own(process: Process) -> None:
    root, nodes, flows = drawn(process)

    ids = [one.get("id") for one in root.iter() if one.get("id")]
    shapes = [one.get("bpmnElement") for one in root.findall(".//bpmndi:BPMNShape", NAMES)]
    edges = [one.get("bpmnElement") for one in root.findall(".//bpmndi:BPMNEdge", NAMES)]

    assert len(ids) == len(set(ids))
    assert sorted(map(str, shapes)) == sorted(str(one.get("id")) for one in nodes)
    assert sorted(map(str, edges)) == sorted(str(one.get("id")) for one in flows)
    assert all(len(edge.findall("di:waypoint", NAMES)) >= 2 for edge in root.findall(".//bpmndi:BPMNEdge", NAMES))


@every_process
def test_both_ends_of_a_flow_know_it(process: Process) -> None:
    _, nodes, flows = drawn(process)
    by_id = {one.get("id"): one for one in nodes}

    for flow in flows:
        origin, to = by_id[flow.get("sourceRef")], by_id[flow.get("targetRef")]
        assert flow.get("id") in [one.text for one in origin.findall("bpmn:outgoing", NAMES)]
        assert flow.get("id") in [one.text for one in to.findall("bpmn:incoming", NAMES)]
    told = sum(len(one.findall("bpmn:incoming", NAMES)) + len(one.findall("bpmn:outgoing", NAMES)) for one in nodes)
    assert told == 2 * len(flows)


@every_process
def test_only_gateways_choose(process: Process) -> None:
    _, nodes, _ = drawn(process)

    chooses = [one for one in nodes if len(one.findall("bpmn:outgoing", NAMES)) > 1]
    assert all(one.tag.endswith("exclusiveGateway") for one in chooses)


@every_process
def test_every_state_is_there_and_every_move_that_leads_elsewhere_is_named(process: Process) -> None:
    root, nodes, flows = drawn(process)
    diagram = diagram_of(process)

    named = {one.get("name") for one in [*nodes, *flows]}
    assert {node.state for node in diagram.nodes} <= named
    assert {arrow.command for arrow in diagram.arrows if arrow.origin and arrow.origin != arrow.to} <= named
    assert diagram.sha256 in str(root.findtext("./bpmn:process/bpmn:documentation", namespaces=NAMES))


def test_the_same_process_is_the_same_file() -> None:
    (campaign, *_) = REGISTRY.processes
    assert as_bpmn(diagram_of(campaign)) == as_bpmn(diagram_of(campaign))
