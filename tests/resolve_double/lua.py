"""A real Lua in which the double's objects look as Resolve's do."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resolve_double.application import Fusion
from resolve_double.profiles import Proxy

WRAP = """
function(get, call)
  local function wrapped(object)
    return setmetatable({}, {__index = function(_, name)
      local method = get(object, name)
      if method == nil then return nil end
      return function(_, ...) return call(method, ...) end
    end})
  end
  return wrapped
end
"""


class LuaWorld:
    """A Lua in which the double's objects look as Resolve's do: methods by colon, tables for lists and dicts."""

    def __init__(self, runtime: str) -> None:
        pytest.importorskip("lupa", reason="lupa is not installed: no Lua to run the export")
        module = importlib.import_module(f"lupa.{runtime}")
        self.lua = module.LuaRuntime(unpack_returned_tuples=True, register_eval=False)
        self.said: list[str] = []
        self.kept: list[Any] = []
        self.wrapped: Callable[[Any], Any] = self.lua.eval(WRAP)(self._get, self._call)
        self.lua.globals().print = lambda *words: self.said.append(" ".join(str(word) for word in words))

    def _get(self, handle: int, name: str) -> int | None:
        method = getattr(self.kept[handle], name)
        return None if method is None else self._keep(method)

    def _call(self, handle: int, *arguments: Any) -> Any:
        return self.as_lua(self.kept[handle](*arguments))

    def _keep(self, value: Any) -> int:
        """Give the number under which Lua knows an object: lupa mixes up objects that come and go."""
        self.kept.append(value)
        return len(self.kept) - 1

    def as_lua(self, value: Any) -> Any:
        if isinstance(value, (Proxy, Fusion)):
            return self.wrapped(self._keep(value))
        if isinstance(value, dict):
            return self.lua.table_from({key: self.as_lua(one) for key, one in value.items()})
        if isinstance(value, (list, tuple)):
            return self.lua.table_from([self.as_lua(one) for one in value])
        return value

    def run(self, script: Path, **names: Any) -> str:
        """Run a script with names of the application as globals; give what it printed."""
        for name, value in names.items():
            self.lua.globals()[name] = self.as_lua(value)
        self.lua.execute(script.read_text(encoding="utf-8"))
        return "\n".join(self.said)
