"""State dicts of whole modules, scripts and exported programs, as rows."""
import re

import torch

from walk import Walker

SHORT = ("dtype", "shape", "sha256")


def of(value):
    """The field of a row: nothing where the value is no module."""
    return attempt(value.state_dict) if isinstance(value, torch.nn.Module) else {}


def exported(path):
    return attempt(lambda: torch.export.load(path).state_dict)


def attempt(make):
    """Modules and programs of an older torch may be without what this one asks for: then the row says so."""
    try:
        return {"stateDict": rows(make())}
    except Exception as error:
        return {"stateDictError": type(error).__name__}


def rows(state):
    walker = Walker({})
    return [{"name": name, **entry(walker, value)} for name, value in state.items()]


def entry(walker, value):
    """Plain tensors by dtype, shape and hash; other tensors with all their facts; anything else by its repr."""
    if isinstance(value, (tuple, list)) and any(isinstance(item, torch.Tensor) for item in value):
        return {"items": [entry(walker, item) for item in value]}
    if not isinstance(value, torch.Tensor):
        return {"repr": repr(value)}
    facts = walker.facts(value)
    plain = facts["layout"] == "strided" and "quantization" not in facts
    return {field: facts[field] for field in SHORT} if plain else facts


def attributes(script, path=()):
    """The attributes of a script module and of the modules in it, by path. Their names are those that its dump names."""
    modules = dict(torch._C.ModuleDict(script).items())
    for name in dict.fromkeys(re.findall(r"^\s+(\w+) = ", script.dump_to_str(False, True, False), re.MULTILINE)):
        if not script.hasattr(name) or name in modules:
            continue
        value = script.getattr(name)
        yield [*path, name], value.__getstate__() if isinstance(value, torch.ScriptObject) else value
    for name, module in modules.items():
        yield from attributes(module, (*path, name))
