"""Which facts an unknown value waits for, as generated Python: what `missing` finds, only sooner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from zhida.decide.source import RuleWriter, Source
from zhida.feel import nodes
from zhida.feel.nodes import Node, children
from zhida.library import Library
from zhida.library.rule import Rule
from zhida.profile.folding import OPEN, constant, is_unset
from zhida.profile.python import NOTHING, Value

if TYPE_CHECKING:
    from zhida.decide.scope import UnitScope

Waiting = Callable[["UnitScope"], tuple[str, ...]]
PASSED_OVER = (nodes.Literal, nodes.Name, nodes.Range, nodes.Test)


def compile_waiting(
    library: Library, rule: Rule, node: Node, ask: Callable[..., None], walk: Callable[..., Any]
) -> Waiting:
    """The function that names what a folded tree waits for in a scope. `ask(found, scope, entity, key)` adds
    a fact that is unknown; `walk(node, scope)` names what is left to walking."""
    source = WaitingWriter(library, rule).source(node)
    waiting: Waiting = source.compiled(f"what {rule.measure} waits for", ask=ask, walk=walk)["waiting"]
    return waiting


class WaitingWriter(RuleWriter):
    """Writes `waiting(scope)`. Parts whose value is known are passed over: nothing could change them."""

    longest_in_place = 0

    def source(self, node: Node) -> Source:
        return self.joined([self.function("waiting", lambda: self.body(node))])

    def body(self, node: Node) -> str:
        self.writer.write("found = {}")
        self.visit(node)
        return "tuple(found)"

    def visit(self, node: Node) -> None:
        """What `node` waits for where it is unknown."""
        if isinstance(node, nodes.List):  # never unknown itself
            self.each(children(node))
        elif isinstance(node, nodes.Figure):
            if constant(node) is OPEN:
                self.add(f"parameters.{node.source.key}")
        elif not isinstance(node, PASSED_OVER):
            self.guarded(self.writer.value(node), lambda: self.parts(node))

    def guarded(self, value: Value, write: Callable[[], None]) -> None:
        """What is written only holds where the value is unknown."""
        if value == NOTHING:
            write()
        elif value.open:
            self.under(value.unknown, write)

    def under(self, test: str, write: Callable[[], None]) -> None:
        with self.writer.branch() as lines:
            write()
        if lines:
            self.writer.write(f"if {test}:")
            self.writer.lines += lines

    def each(self, parts: tuple[Node, ...]) -> None:
        for part in parts:
            self.visit(part)

    def add(self, key: str) -> None:
        self.writer.write(f"found[{key!r}] = None")

    def unstated(self, entity: str, key: str) -> None:
        """A fact; one that a rule may derive waits for more."""
        if (entity, key) in self.library.derivations:
            self.writer.write(f"ask(found, scope, {entity!r}, {key!r})")
        elif not self.library.facts[entity, key].internal:
            self.writer.write(f'found[f"{{scope.entry({entity!r}).path}}.{key}"] = None')

    # ---- what an unknown node is made of

    def parts(self, node: Node) -> None:
        match node:
            case nodes.Fact(entity, key):
                self.unstated(entity, key)
            case nodes.Binary("and" | "or" as op):
                self.each(tuple(_operands(op, node)))
            case nodes.If():
                self.choice(node)
            case nodes.Call(nodes.Name("lookup")):
                self.lookup(node)
            case nodes.Rows() | nodes.Filter() | nodes.Path(nodes.Rows() | nodes.Filter()):
                self.walked(node)
            case nodes.Call(_, arguments) if any(_is_of_rows(part) for part in arguments):
                self.walked(node)
            case _:
                self.each(children(node))

    def walked(self, node: Node) -> None:
        self.writer.steps += 1
        name = f"PART_{self.writer.steps}"
        self.writer.constants[name] = node
        self.writer.write(f"found.update(dict.fromkeys(walk({name}, scope)))")

    def choice(self, node: nodes.If) -> None:
        """Both branches wait while the condition is unknown, save one that this place has no figure for."""
        condition = self.writer.value(node.condition)

        def undecided() -> None:
            self.visit(node.condition)
            self.each(tuple(part for part in (node.consequent, node.alternative) if not is_unset(part)))

        self.guarded(condition, undecided)
        if condition != NOTHING:
            self.under(f"{condition.text} is True", lambda: self.visit(node.consequent))
            self.under(f"{condition.text} is False", lambda: self.visit(node.alternative))

    def lookup(self, node: nodes.Call) -> None:
        """The arguments that are unknown, or the standard itself where none is."""
        table, key, *days = node.arguments
        parts = (*(key.items if isinstance(key, nodes.List) else (key,)), *days)
        values = [self.writer.value(part) for part in parts]
        if any(value.kind == "list" for value in values):
            self.walked(node)
            return
        self.each(parts)
        if NOTHING in values:
            return
        name = self.library.tables[str(constant(table)).partition(".")[0]].definition.table
        known = " and ".join(dict.fromkeys(f"not ({v.unknown})" for v in values if v.open))
        self.under(known or "True", lambda: self.add(f"standards.{name}"))


def _operands(op: str, node: Node) -> Iterator[Node]:
    """The operands of a chain: where it is unknown, each part of it is that holds an unknown operand."""
    if isinstance(node, nodes.Binary) and node.op == op:
        yield from _operands(op, node.left)
        yield from _operands(op, node.right)
    else:
        yield node


def _is_of_rows(node: Node) -> bool:
    if isinstance(node, nodes.Path):
        return _is_of_rows(node.base)
    return isinstance(node, nodes.Rows | nodes.Filter)
