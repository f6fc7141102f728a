"""A process as BPMN 2.0 XML with its drawing, for tools of other houses. Read from the same diagram as our own; decides nothing.

A state is a task (of people where it opens user tasks, else of machines where it asks for work), a final state an end event, a move that
leads elsewhere a flow. Choices are exclusive gateways, since several flows out of a task would all be taken at once. A move from many
states, or to many, passes one gateway of its own name below them, so that the drawing stays readable. Moves that stay are told in a
state's documentation.

Source: OMG formal/2013-12-09 (BPMN 2.0.2), chapters 10 and 12.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree import ElementTree as Xml

from workflows.engine.diagram import Arrow, Diagram, Node

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_LINE = "http://www.omg.org/spec/DD/20100524/DI"
_MANY = 3
"""From or to so many states, a move gets a gateway of its own."""
_PITCH, _TOP, _ROW = 260, 120, 110
_SIZES = {"startEvent": (36, 36), "endEvent": (36, 36), "exclusiveGateway": (50, 50)}
_TASK = (130, 80)


@dataclass
class _Box:
    """A flow node: its element, and the middle of its place."""

    id: str
    kind: str
    name: str
    x: int
    y: int
    notes: list[str] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        return _SIZES.get(self.kind, _TASK)


@dataclass
class _Flow:
    origin: _Box
    to: _Box
    name: str = ""
    notes: list[str] = field(default_factory=list)


def as_bpmn(diagram: Diagram) -> bytes:
    """The process as a BPMN file in UTF-8, the same bytes each time."""
    boxes, flows = _plan(diagram)
    for prefix, uri in (("bpmn", _MODEL), ("bpmndi", _DI), ("dc", _DC), ("di", _LINE)):
        Xml.register_namespace(prefix, uri)
    root = Xml.Element(f"{{{_MODEL}}}definitions", id=f"jalon_{diagram.name}", targetNamespace="urn:jalon:process", exporter="Jalon")
    process = Xml.SubElement(root, f"{{{_MODEL}}}process", id=diagram.name, name=diagram.name, isExecutable="false")
    _note(process, [f"sha256 {diagram.sha256}"])
    drawing = Xml.SubElement(root, f"{{{_DI}}}BPMNDiagram", id="drawing")
    plane = Xml.SubElement(drawing, f"{{{_DI}}}BPMNPlane", id="plane", bpmnElement=diagram.name)
    for box in boxes:
        _write_box(process, plane, box, flows)
    lowest = max(box.y for box in boxes)
    for number, flow in enumerate(flows):
        _write_flow(process, plane, flow, number, lowest)
    Xml.indent(root)
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _plan(diagram: Diagram) -> tuple[list[_Box], list[_Flow]]:
    """Where everything stands, and what leads where."""
    states = {node.state: _state(node, diagram) for node in diagram.nodes}
    births = [arrow for arrow in diagram.arrows if arrow.origin is None]
    # Each way to begin starts for itself, one left of the other: a start event chooses nothing.
    starts = [
        _Box(f"start_{number}" if number else "start", "startEvent", "", _PITCH // 2 - _PITCH * number, _TOP)
        for number in range(max(1, len(births)))
    ]
    flows = [_Flow(start, states[arrow.to], arrow.command, _terms(arrow)) for start, arrow in zip(starts, births, strict=False)]
    flows = flows or [_Flow(starts[0], states[diagram.nodes[0].state])]
    leaving = [arrow for arrow in diagram.arrows if arrow.origin is not None and arrow.origin != arrow.to]
    many = _many(leaving)
    hubs: dict[str, _Box] = {}
    boxes = [*starts, *states.values()]
    ways: dict[str, list[tuple[_Box, str, list[str]]]] = defaultdict(list)
    for arrow in leaving:
        origin = arrow.origin or ""
        if arrow.command not in many:
            ways[origin].append((states[arrow.to], arrow.command, _terms(arrow)))
            continue
        hub = hubs.get(arrow.command)
        if hub is None:
            below = _TOP + _ROW * (len(hubs) + 1)
            hub = hubs[arrow.command] = _Box(f"many_{arrow.command}", "exclusiveGateway", arrow.command, _PITCH // 2, below)
            boxes.append(hub)
        if not any(target is hub for target, _, _ in ways[origin]):
            ways[origin].append((hub, "", _terms(arrow)))
        if not any(flow.origin is hub and flow.to is states[arrow.to] for flow in flows):
            flows.append(_Flow(hub, states[arrow.to]))
    for state, found in ways.items():
        box = states[state]
        if len(found) > 1:
            choice = _Box(f"choice_{state}", "exclusiveGateway", "", box.x + _PITCH // 2, _TOP)
            boxes.append(choice)
            flows.append(_Flow(box, choice))
            box = choice
        flows += [_Flow(box, target, name, notes) for target, name, notes in found]
    return boxes, flows


def _many(leaving: list[Arrow]) -> set[str]:
    """Commands of moves that start from many states, or lead to many."""
    ends: dict[str, tuple[set[str | None], set[str]]] = defaultdict(lambda: (set(), set()))
    for arrow in leaving:
        origins, targets = ends[arrow.command]
        origins.add(arrow.origin)
        targets.add(arrow.to)
    return {command for command, (origins, targets) in ends.items() if max(len(origins), len(targets)) >= _MANY}


def _state(node: Node, diagram: Diagram) -> _Box:
    kind = "endEvent" if node.is_end else "userTask" if node.opens else "serviceTask" if node.requests else "task"
    told = (("opens", node.opens), ("asks of machines", node.requests), ("issues", node.issues))
    notes = [f"{word}: {', '.join(names)}" for word, names in told if names]
    notes += [
        f"stays: {arrow.command}; {'; '.join(_terms(arrow))}"
        for arrow in diagram.arrows
        if arrow.origin == node.state and arrow.to == node.state
    ]
    return _Box(f"state_{node.state}", kind, node.state, _PITCH * (node.position + 1), _TOP, notes)


def _terms(arrow: Arrow) -> list[str]:
    told = (("by", arrow.by), ("while", arrow.conditions), ("checks", arrow.checks), ("leaves", arrow.effects))
    return [f"{word}: {', '.join(names)}" for word, names in told if names]


def _write_box(process: Xml.Element, plane: Xml.Element, box: _Box, flows: list[_Flow]) -> None:
    element = Xml.SubElement(process, f"{{{_MODEL}}}{box.kind}", {"id": box.id, **({"name": box.name} if box.name else {})})
    _note(element, box.notes)
    for tag, side in (("incoming", "to"), ("outgoing", "origin")):
        for number, flow in enumerate(flows):
            if getattr(flow, side) is box:
                Xml.SubElement(element, f"{{{_MODEL}}}{tag}").text = f"flow_{number}"
    width, height = box.size
    shape = Xml.SubElement(plane, f"{{{_DI}}}BPMNShape", id=f"{box.id}_shape", bpmnElement=box.id)
    if box.kind == "exclusiveGateway":
        shape.set("isMarkerVisible", "true")
    place = {"x": box.x - width // 2, "y": box.y - height // 2, "width": width, "height": height}
    Xml.SubElement(shape, f"{{{_DC}}}Bounds", {name: str(value) for name, value in place.items()})


def _write_flow(process: Xml.Element, plane: Xml.Element, flow: _Flow, number: int, lowest: int) -> None:
    names = {"name": flow.name} if flow.name else {}
    ends = {"id": f"flow_{number}", "sourceRef": flow.origin.id, "targetRef": flow.to.id}
    _note(Xml.SubElement(process, f"{{{_MODEL}}}sequenceFlow", names | ends), flow.notes)
    edge = Xml.SubElement(plane, f"{{{_DI}}}BPMNEdge", id=f"flow_{number}_edge", bpmnElement=f"flow_{number}")
    for x, y in _way(flow, number, lowest):
        Xml.SubElement(edge, f"{{{_LINE}}}waypoint", x=str(x), y=str(y))


def _way(flow: _Flow, number: int, lowest: int) -> list[tuple[int, int]]:
    """Straight to a neighbour; down to a gateway below and up from it; else over or under what lies between, at a height of its own."""
    origin, to = flow.origin, flow.to
    near = origin.y == to.y and 0 < to.x - origin.x <= _PITCH
    if near:
        return [(origin.x + origin.size[0] // 2, origin.y), (to.x - to.size[0] // 2, to.y)]
    if to.y > origin.y:
        return [(_lane(origin.x, to), origin.y + origin.size[1] // 4), (_lane(origin.x, to), to.y), (to.x + to.size[0] // 2, to.y)]
    if to.y < origin.y:
        below = origin.y + origin.size[1] // 2
        x = _lane(to.x, origin)
        return [(origin.x, below), (origin.x, below + 12), (x, below + 12), (x, to.y + to.size[1] // 2)]
    over = to.x > origin.x
    height = _TOP - 60 - 8 * (number % 6) if over else lowest + 60 + 12 * (number % 12)
    side = -1 if over else 1
    return [
        (origin.x, origin.y + side * (origin.size[1] // 2)),
        (origin.x, height),
        (to.x, height),
        (to.x, to.y + side * (to.size[1] // 2)),
    ]


def _lane(x: int, hub: _Box) -> int:
    """Where a flow from or to a gateway below goes down: each gateway has its own side of the middle."""
    return x + 9 * ((hub.y - _TOP) // _ROW % 7 - 3)


def _note(element: Xml.Element, notes: list[str]) -> None:
    if notes:
        Xml.SubElement(element, f"{{{_MODEL}}}documentation").text = "\n".join(notes)
