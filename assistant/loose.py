"""Methods that do not keep their objects.

What an object keeps of its own methods, such as a cache of their results, holds the object in turn: nobody else may hold it any
more, and still it stays until all there is has been searched for such circles. A server does that seldom, for everybody waits
meanwhile, and goes on to a new index often.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import ParamSpec, TypeVar
from weakref import WeakMethod

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def loose(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """``function``; if it is a method, one to be called only while somebody else holds its object. Raises ``ReferenceError``."""
    if not isinstance(function, MethodType):
        return function
    method = WeakMethod(function)

    def call(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        bound = method()
        if bound is None:
            raise ReferenceError("the object of this method is gone")
        result: Result = bound(*arguments, **named)
        return result

    return call
