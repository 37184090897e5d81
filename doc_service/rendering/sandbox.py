"""The language of templates: a small, closed part of Jinja.

Templates are edited by people who know Word, and one may come from anywhere; filling must not run code, read
anything but its context, or take more than bounded time and memory. So the parsed template is checked against a
list of allowed constructs (no calls, imports, macros, assignments), and at run time attribute and item access reach
plain data only. Jinja's own ``ImmutableSandboxedEnvironment`` stays beneath as the second line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from doc_service.domain.errors import DomainError
from doc_service.rendering.plain import Items, Missing, Record
from doc_service.rendering.sandbox_filters import ALLOWED_TESTS, FILTERS, METER, Meter, metered

MAX_STEPS = 1_000_000
MAX_OUTPUT = 48_000_000
_METERED = "__metered"
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.For, nodes.If, nodes.CondExpr, nodes.Filter,
    nodes.Test, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Mul, nodes.FloorDiv, nodes.Mod, nodes.Concat,
    nodes.List, nodes.Tuple,
)  # fmt: skip
_LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})
_RESERVED = frozenset({"self", "super", "caller", "varargs", "kwargs"})
_MAX_WHOLE = 10**15


def describe(node: nodes.Node) -> str:
    """The expression as its author wrote it, near enough to find it."""
    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Const):
        return repr(node.value)
    if isinstance(node, nodes.Getattr):
        return f"{describe(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{describe(node.node)}[{describe(node.arg)}]"
    if isinstance(node, nodes.Call):
        return f"{describe(node.node)}(…)"
    if isinstance(node, nodes.Filter | nodes.Test):
        mark = "|" if isinstance(node, nodes.Filter) else " is "
        return f"{describe(node.node) if node.node else ''}{mark}{node.name}"
    return type(node).__name__.lower()


def _forbid(expression: str, place: str = "filling") -> NoReturn:
    raise DomainError("template.forbidden", expression=expression[:120], place=place)


class _Vetting(NodeTransformer):
    """Refuses what is not allowed and puts the step counter around the iterable of each loop."""

    def __init__(self, place: str) -> None:
        self._place = place

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        expression = self._fault(node)
        if expression:
            _forbid(expression, f"{self._place}:{node.lineno}")
        self.generic_visit(node)
        if isinstance(node, nodes.For):
            node.iter = nodes.Filter(node.iter, _METERED, [], [], None, None, lineno=node.lineno)
        return node

    @staticmethod
    def _fault(node: nodes.Node) -> str:
        """The expression when ``node`` is not allowed, else ""."""
        refused = not isinstance(node, _ALLOWED)
        if isinstance(node, nodes.Name):
            refused = node.name.startswith("_") or node.name in _RESERVED
        elif isinstance(node, nodes.Getattr):
            refused = node.attr.startswith("_")
        elif isinstance(node, nodes.Getitem):
            refused = isinstance(node.arg, nodes.Const) and str(node.arg.value).startswith("_")
        elif isinstance(node, nodes.Filter):
            refused = node.name not in FILTERS or node.node is None
        elif isinstance(node, nodes.Test):
            refused = node.name not in ALLOWED_TESTS
        elif isinstance(node, nodes.For):
            refused = node.recursive
        elif isinstance(node, nodes.List) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
            refused = not all(isinstance(item, nodes.Const) for item in node.items)
        return describe(node) if refused else ""


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """An environment with nothing in it but the allowed filters and tests; values are escaped for XML."""

    intercepted_binops = frozenset({"+", "-", "*", "//", "%"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=Missing, finalize=_printable, cache_size=0)
        self.globals.clear()
        self.filters = {**FILTERS, _METERED: metered}
        self.tests = dict(ALLOWED_TESTS)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        vetted: nodes.Template = _Vetting(name or "").visit(tree)
        return vetted

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self._reach(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self._reach(obj, argument)

    def _reach(self, obj: Any, key: Any) -> Any:
        """One step into plain data; a key that is not there becomes ``Missing`` under its whole path."""
        if isinstance(obj, Missing):
            raise DomainError("template.unknown_variable", name=str(obj._undefined_name))
        if isinstance(key, str) and key.startswith("_"):
            _forbid(key)
        if isinstance(obj, Record) and isinstance(key, str):
            return obj[key] if key in obj else Missing(name=f"{obj.path}.{key}")
        if isinstance(obj, Items) and isinstance(key, int):
            return obj[key] if -len(obj) <= key < len(obj) else Missing(name=f"{obj.path}[{key}]")
        kind = "a list" if isinstance(obj, Items) else "a mapping" if isinstance(obj, Record) else "a value"
        _forbid(f"{key!r} of {kind}")

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> NoReturn:
        _forbid("a call")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        for side in (left, right):
            if isinstance(side, Missing):
                str(side)
            if type(side) is not int or abs(side) > _MAX_WHOLE:
                _forbid(f"{operator} on something that is not a whole number")
        if right == 0 and operator in ("//", "%"):
            _forbid(f"{operator} 0")
        return super().call_binop(context, operator, left, right)

    def fill(self, template: Any, context: Mapping[str, Any]) -> str:
        """The output of a compiled ``template``: at most a million loop steps and 48 million characters."""
        pieces: list[str] = []
        size = 0
        for piece in template.generate({**context, METER: Meter(MAX_STEPS)}):
            size += len(piece)
            if size > MAX_OUTPUT:
                _forbid("more output than allowed")
            pieces.append(piece)
        return "".join(pieces)


def _printable(value: Any) -> Any:
    """What may be printed: text and whole numbers. A truth value, list or mapping in the text is a mistake."""
    if isinstance(value, bool) or not isinstance(value, str | int | Missing):
        _forbid("printing a value that is neither text nor a whole number")
    return value
