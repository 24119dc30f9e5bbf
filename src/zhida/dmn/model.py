"""A DMN model as data. Boxed expressions are kept as FEEL trees: they are another notation for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhida.feel.nodes import Node


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type: an alias, a context of components, or a function type."""

    name: str
    type: str = ""
    components: tuple[ItemDefinition, ...] = ()
    collection: bool = False
    allowed: Node | None = None
    function: tuple[tuple[str, ...], str] | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A name with the type that its values are coerced to."""

    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Typed(Node):
    """An expression whose value is coerced to a type."""

    value: Node
    type: str


@dataclass(frozen=True, slots=True)
class Boxed(Node):
    """A boxed context whose last entry, without a name, is its result."""

    entries: tuple[tuple[str, Node], ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions; `allowed` are its input values."""

    expression: Node
    type: str = ""
    allowed: Node | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of conclusions; `values` are its output values, best first."""

    name: str
    type: str = ""
    values: tuple[Node, ...] = ()
    default: Node | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one unary test for each input, one expression for each output."""

    tests: tuple[Node, ...]
    outputs: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable(Node):
    """`policy` is a hit policy such as UNIQUE, `aggregation` what COLLECT does: SUM, MIN, MAX or COUNT."""

    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that the case supplies."""

    id: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """`requires` are references to what its logic may name."""

    id: str
    variable: Variable
    requires: tuple[str, ...] = ()
    logic: Node | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function."""

    id: str
    variable: Variable
    requires: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    logic: Node | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: a function of its inputs whose body is a part of the model."""

    id: str
    variable: Variable
    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


Element = InputData | Decision | Knowledge | Service


@dataclass(frozen=True, slots=True)
class Import:
    """Another model, known by a name in this one."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Model:
    """One file. `elements` are by id, `types` by name."""

    namespace: str
    name: str
    types: dict[str, ItemDefinition] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    imports: tuple[Import, ...] = ()
