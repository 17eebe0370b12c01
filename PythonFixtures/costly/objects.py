"""Containers, modules and objects that share their parts, so that going through all of them would not end."""
from parts import archive, call, content, get, group, listed, mapped, name, number, numbers, put, tensor, text

MODULE = name("torch.nn.modules.module", "Module") + b")\x81"


def fields(modules=b"", parameters=b"}"):
    """The state of a module whose submodules are keys and values in turn."""
    return mapped([
        (text("_parameters"), parameters), (text("_buffers"), b"}"), (text("_modules"), b"}(" + modules + b"u")])


def deep_modules():
    start = MODULE + b"}(" + text("_parameters") + b"}" + text("_buffers") + b"}" + text("_modules") + b"}(" + text("a")
    return archive(start * 10_000 + MODULE + fields() + b"b" + b"uub" * 10_000)


def doubling_modules():
    """Modules that are two of the one before, 60 deep."""
    body = MODULE + fields() + b"b" + put(0)
    for level in range(60):
        body = MODULE + fields(text("a") + body + text("b") + get(level)) + b"b" + put(level + 1)
    return archive(body)


def shared_state():
    """5,000 modules that share a state of 5,000 parameters."""
    first = tensor([1], [1]) + put(2)
    parameters = b"}(" + b"".join(text(f"p{place}") + (get(2) if place else first) for place in range(5_000)) + b"u"
    children = b"".join(text(f"m{place}") + MODULE + get(1) + b"b" for place in range(5_000))
    return archive(fields(parameters=parameters) + put(1) + b"0" + MODULE + fields(children) + b"b")


def shared_pairs():
    """2,000 dictionaries that are made of the same 20,000 pairs."""
    pairs = b"](" + b"".join(group(number(place), b"N") for place in range(20_000)) + b"e"
    each = name("collections", "OrderedDict") + put(1) + b"0"
    return archive(pairs + put(0) + b"0" + each + b"](" + (get(1) + get(0) + b"\x85R") * 2_000 + b"e")


def shared_sets():
    """2,000 sets of the same 50,000 numbers."""
    numbers_ = b"](" + b"".join(number(place) for place in range(50_000)) + b"e"
    each = name("__builtin__", "set") + put(1) + b"0"
    return archive(numbers_ + put(0) + b"0" + each + b"](" + (get(1) + get(0) + b"\x85R") * 2_000 + b"e")


def shared_deques():
    numbers_ = b"](" + b"".join(number(place) for place in range(50_000)) + b"e"
    each = name("collections", "deque") + put(1) + b"0"
    return archive(numbers_ + put(0) + b"0" + each + b"](" + (get(1) + get(0) + b"\x85RNa") * 2_000 + b"e")


def shared_arguments():
    """2,000 objects with the same 50,000 arguments."""
    arguments = b"(" + b"".join(number(place) for place in range(50_000)) + b"t"
    each = name("m", "f") + put(1) + b"0"
    return archive(arguments + put(0) + b"0" + each + b"](" + (get(1) + get(0) + b"R") * 2_000 + b"e")


def doubling_arguments():
    """Objects with twice the object before as arguments, 60 deep."""
    body = name("m", "f") + put(100) + b")R" + put(0)
    for level in range(60):
        body = b"N0" + body + b"0" + get(100) + get(level) + get(level) + b"\x86R" + put(level + 1)
    return archive(body)


def deep_callables():
    """getattr of getattr of getattr …"""
    body = name("__builtin__", "getattr") + put(0) + b"0" + text("a") + put(1) + b"0"
    return archive(body + get(0) * 50_000 + b"N" + (get(1) + b"\x86R") * 50_000)


def deep_configurations():
    """OmegaConf's dictionaries in each other."""
    start = name("omegaconf.dictconfig", "DictConfig") + b")\x81}(" + text("_content") + b"}" + text("a")
    return archive(start * 8_000 + b"N" + b"sub" * 8_000)


def deep_nodes():
    """Values of OmegaConf that are values that are values …"""
    start = name("omegaconf.nodes", "AnyNode") + b")\x81}" + text("_val")
    inner = start * 10_000 + b"N" + b"sb" * 10_000
    outer = name("omegaconf.dictconfig", "DictConfig") + b")\x81}" + text("_content") + mapped([(text("a"), inner)])
    return archive(outer + b"sb")


def cyclic_content():
    """A DictConfig that is its own content."""
    return archive(name("omegaconf.dictconfig", "DictConfig") + b")\x81" + put(0) + b"}" + text("_content") + get(0) + b"sb")


def cyclic_node():
    return archive(name("omegaconf.nodes", "AnyNode") + b")\x81" + put(0) + b"}" + text("_val") + get(0) + b"sb")


def deep_partials():
    start = name("functools", "partial") + b"("
    return archive(start * 20_000 + name("m", "f") + b"tR" * 20_000)


def deep_slices():
    body = name("__builtin__", "slice") + put(0) + b"0"
    return archive(body + get(0) * 40_000 + b"N" + b"NN\x87R" * 40_000)


def deep_time_zones():
    """Times whose zone is a time whose zone is …"""
    start = name("datetime", "datetime") + b"(" + content(bytes(10))
    return archive(start * 10_000 + b"N" + b"tR" * 10_000, 3)


def deep_keys():
    """A tuple of a tuple of a tuple … as a key."""
    return archive(b"}" + b"N" + b"\x85" * 400_000 + b"Ns")


def wide_keys():
    """A dictionary of 20,000 keys that are tuples of one tuple of 20,000 numbers."""
    return archive(numbers(range(20_000)) + put(0) + b"0}(" + (get(0) + b"\x85N") * 20_000 + b"u")


def equal_keys():
    """50,000 keys of one repr."""
    return archive(b"}(" + b"\x8f\x85N" * 50_000 + b"u", 4)


def doubling_dictionaries():
    """Dictionaries whose two entries are the one before, 60 deep."""
    body = b"}" + put(0)
    for level in range(60):
        body += b"0" + mapped([(text("a"), get(level)), (text("b"), get(level))]) + put(level + 1)
    return archive(body)


def many_state_dicts():
    """20,000 dictionaries of one tensor at once."""
    one = text("t") + put(1) + tensor([1], [1]) + put(0)
    return archive(b"}(" + number(0) + b"}(" + one + b"u" + b"".join(
        number(place) + b"}" + get(1) + get(0) + b"s" for place in range(1, 20_000)) + b"u")


def deep_state_dicts():
    """State dicts in state dicts, 4,000 deep."""
    one = text("t") + tensor([1], [1]) + put(0)
    return archive(b"}(" + one + (text("x") + b"}(" + text("t") + get(0)) * 4_000 + b"u" * 4_001)


def metadata():
    """Ten thousand state dicts with one _metadata of ten thousand entries."""
    entries = b"}(" + b"".join(text(f"m{place}") + b"}" for place in range(5_000)) + b"u"
    state = mapped([(text("_metadata"), entries)]) + put(1) + b"0" + tensor([1], [1]) + put(2) + b"0"
    one = name("collections", "OrderedDict") + b")R" + text("w") + get(2) + b"s" + get(1) + b"b"
    return archive(state + b"](" + one * 5_000 + b"e")


ALL = [
    deep_modules, doubling_modules, shared_state, shared_pairs, shared_sets, shared_deques, shared_arguments,
    doubling_arguments, deep_callables, deep_configurations, deep_nodes, cyclic_content, cyclic_node, deep_partials,
    deep_slices, deep_time_zones, deep_keys, wide_keys, equal_keys, doubling_dictionaries, many_state_dicts,
    deep_state_dicts, metadata]
