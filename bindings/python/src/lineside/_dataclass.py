"""`dataclasses.dataclass(frozen=True, slots=True)` in two steps. The standard one takes a third of a millisecond a
class, and Lineside has a hundred: here an import makes the slots, and the first use of a class what only use needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

# The classes that are made so, and the defaults of their members.
_defaults: dict[type[Any], dict[str, Any]] = {}


class _Later:
    """What the standard decorator makes, of whichever class it is asked first."""

    __slots__ = ("_name",)

    def __set_name__(self, _: type[Any], name: str) -> None:
        self._name = name

    def __get__(self, value: object, asked: type[Any]) -> Any:
        kind = next((k for k in asked.__mro__ if k in _defaults), None)
        if kind is None:
            raise AttributeError(f"{asked.__name__} has no {self._name}")
        if self._name not in kind.__dict__:
            _complete(kind)
        made = kind.__dict__[self._name]
        return made if value is None or not callable(made) else made.__get__(value, asked)


def _complete(kind: type[Any]) -> None:
    from dataclasses import dataclass

    own_init = "__init__" in kind.__dict__
    members = {"__module__": kind.__module__, "__annotations__": kind.__annotations__, **_defaults[kind]}
    if kind._constants:
        members["__post_init__"] = Value.__post_init__
    plain: type[Any] = type(kind.__name__, (), members)
    like = dataclass(frozen=True, eq=False, repr=False, init=not own_init)(plain)
    for name in ("__init__", "__dataclass_fields__", "__dataclass_params__"):
        if name != "__init__" or not own_init:
            setattr(kind, name, like.__dict__[name])
    if not own_init:
        kind.__init__.__qualname__ = f"{kind.__qualname__}.__init__"


def _with_slots(kind: type[Any]) -> type[Any]:
    members = dict(kind.__dict__)
    names = tuple(kind.__annotations__)
    defaults = {name: members.pop(name) for name in names if name in members}
    for name in ("__dict__", "__weakref__"):
        members.pop(name, None)
    members["__slots__"] = members["__match_args__"] = names
    made: type[Any] = type(kind.__name__, kind.__bases__, members)
    _defaults[made] = defaults
    return made


class Value:
    """What all values share: written here once, and not made for each of them whenever the package is imported."""

    __slots__: tuple[str, ...] = ()

    if TYPE_CHECKING:
        _constants: ClassVar[Mapping[str, type[Any]]]
    else:
        # The members that are constants, or lists of them: each may be given as its text.
        _constants = {}

        __init__ = _Later()
        __dataclass_fields__ = _Later()
        __dataclass_params__ = _Later()

        def __setattr__(self, name: str, value: object) -> NoReturn:
            _refuse("assign to", name)

        def __delattr__(self, name: str) -> NoReturn:
            _refuse("delete", name)

    def __post_init__(self) -> None:
        for name, kind in self._constants.items():
            given = getattr(self, name)
            if given is None or type(given) is kind:
                continue
            is_list = hasattr(given, "__iter__") and not isinstance(given, str)
            object.__setattr__(self, name, tuple(map(kind, given)) if is_list else kind(given))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.__slots__)})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__slots__))

    def __getstate__(self) -> list[Any]:
        return [getattr(self, name) for name in self.__slots__]

    def __setstate__(self, state: list[Any]) -> None:
        for name, value in zip(self.__slots__, state, strict=True):
            object.__setattr__(self, name, value)


def _refuse(what: str, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot {what} field {name!r}")


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(**_: bool) -> Callable[[type[Any]], type[Any]]:
        """For classes that are a Value: frozen, with slots."""
        return _with_slots
