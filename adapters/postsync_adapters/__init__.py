"""Every format that postsync reads or writes: one module each, found by looking into this folder.

A module without a leading underscore that ends with a `FORMAT` record is a format: OpenTimelineIO sees an adapter
`postsync_<name>`, the command line lists it, and the tests of losses and of damaged files pick it up.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from functools import lru_cache
from types import ModuleType
from typing import Any

from postsync.formats import Format


@lru_cache(maxsize=1)
def format_modules() -> dict[str, ModuleType]:
    """Give the format modules by the name of their format, in order of name.

    >>> format_modules()["edl"].__name__
    'postsync_adapters.edl'
    """
    names = sorted(info.name for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return {module.FORMAT.name: module for module in modules}


@lru_cache(maxsize=1)
def formats() -> dict[str, Format]:
    """Give every format record by name.

    >>> formats()["fcpxml"].suffixes
    ('.fcpxml', '.fcpxmld')
    """
    return {name: module.FORMAT for name, module in format_modules().items()}


def plugin_manifest() -> Any:
    """Give OpenTimelineIO the manifest of our adapters.

    The modules are handed over already imported, under the name by which OTIO looks for them: it would otherwise execute
    each file a second time, with classes that do not match ours.

    >>> manifest = plugin_manifest()
    >>> "postsync_aaf" in [adapter.name for adapter in manifest.adapters]
    True
    """
    import opentimelineio as otio

    manifest = otio.plugins.manifest.Manifest()
    for module in format_modules().values():
        fmt: Format = module.FORMAT
        sys.modules.setdefault(f"opentimelineio.adapters.{fmt.otio_name}", module)
        suffixes = [suffix.lstrip(".") for suffix in fmt.suffixes] if fmt.claims_suffixes_in_otio else []
        manifest.adapters.append(
            otio.adapters.Adapter(name=fmt.otio_name, filepath=str(module.__file__), suffixes=suffixes)
        )
    return manifest
