"""Pickles as Python 2 wrote them, opcode by opcode: there is no Python 2 here to write them.

Values are Python's own, where `str` stands for Python 2's unicode, and the classes below for what Python 3 lacks.
"""
import struct


class Str(bytes):
    """A str of Python 2."""


class Instance:
    """An object of an old-style class, made by INST or OBJ."""

    def __init__(self, module, name, arguments=(), state=None):
        self.module, self.name, self.arguments, self.state = module, name, arguments, state


class New:
    """An object of a new-style class: copy_reg._reconstructor, or NEWOBJ from protocol 2 on."""

    def __init__(self, module, name, state=None):
        self.module, self.name, self.state = module, name, state


class Call:
    """What REDUCE makes, with list items, entries and a state."""

    def __init__(self, module, name, arguments, state=None, pairs=()):
        self.module, self.name, self.arguments, self.state, self.pairs = module, name, arguments, state, pairs


class Global:
    def __init__(self, module, name):
        self.module, self.name = module, name


class Persistent:
    """What a persistent id stands for."""

    def __init__(self, identity):
        self.identity = identity


class Writer:
    def __init__(self, protocol):
        self.protocol, self.slots, self.out = protocol, 0, bytearray(b"\x80\x02" if protocol == 2 else b"")

    def dump(self, value):
        self.write(value)
        return bytes(self.out + b".")

    def put(self):
        slot, self.slots = self.slots, self.slots + 1
        if self.protocol == 0:
            self.out += b"p%d\n" % slot
        else:
            self.out += b"q" + bytes([slot]) if slot < 256 else b"r" + struct.pack("<I", slot)

    def write(self, value):
        method = next((method for kind, method in KINDS.items() if isinstance(value, kind)), None)
        if method is None:
            raise TypeError(f"Python 2 has no {type(value)}")
        method(self, value)

    def write_none(self, value):
        self.out += b"N"

    def write_bool(self, value):
        if self.protocol == 2:
            self.out += b"\x88" if value else b"\x89"
        else:
            self.out += b"I01\n" if value else b"I00\n"

    def write_int(self, value):
        if not -2 ** 63 <= value < 2 ** 63 or (self.protocol == 2 and not -2 ** 31 <= value < 2 ** 31):
            return self.write_long(value)
        if self.protocol == 0 or not -2 ** 31 <= value < 2 ** 31:
            self.out += b"I%d\n" % value
        elif 0 <= value < 256:
            self.out += b"K" + bytes([value])
        elif 0 <= value < 65536:
            self.out += b"M" + struct.pack("<H", value)
        else:
            self.out += b"J" + struct.pack("<i", value)

    def write_long(self, value):
        if self.protocol < 2:
            self.out += b"L%dL\n" % value
        else:
            data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
            self.out += b"\x8a" + bytes([len(data)]) + data

    def write_float(self, value):
        self.out += b"F%s\n" % repr(value).encode() if self.protocol == 0 else b"G" + struct.pack(">d", value)

    def write_str(self, value):
        if self.protocol == 0:
            text = "".join(chr(b) if 32 <= b < 127 and b not in b"\\'" else f"\\x{b:02x}" for b in value)
            self.out += b"S'" + text.encode() + b"'\n"
        elif len(value) < 256:
            self.out += b"U" + bytes([len(value)]) + bytes(value)
        else:
            self.out += b"T" + struct.pack("<i", len(value)) + bytes(value)
        self.put()

    def write_unicode(self, value):
        if self.protocol == 0:
            self.out += b"V" + value.replace("\\", "\\u005c").replace("\n", "\\u000a").encode("raw-unicode-escape") + b"\n"
        else:
            data = value.encode()
            self.out += b"X" + struct.pack("<I", len(data)) + data
        self.put()

    def write_tuple(self, value):
        if self.protocol == 2 and 1 <= len(value) <= 3:
            self.items(value)
            self.out += bytes([0x84 + len(value)])
        elif not value and self.protocol > 0:
            self.out += b")"
            return
        else:
            self.out += b"("
            self.items(value)
            self.out += b"t"
        self.put()

    def items(self, values):
        for value in values:
            self.write(value)

    def write_list(self, value):
        self.out += b"(l" if self.protocol == 0 else b"]"
        self.put()
        for item in value:
            self.write(item)
            self.out += b"a"

    def write_dict(self, value):
        self.out += b"(d" if self.protocol == 0 else b"}"
        self.put()
        self.pairs(value.items())

    def pairs(self, pairs):
        for key, item in pairs:
            self.items((key, item))
            self.out += b"s"

    def write_global(self, value):
        self.out += b"c%s\n%s\n" % (value.module.encode(), value.name.encode())
        self.put()

    def state(self, value):
        if value.state is not None:
            self.write(value.state)
            self.out += b"b"

    def write_instance(self, value):
        self.out += b"("
        if self.protocol == 0:
            self.items(value.arguments)
            self.out += b"i%s\n%s\n" % (value.module.encode(), value.name.encode())
        else:
            self.write(Global(value.module, value.name))
            self.items(value.arguments)
            self.out += b"o"
        self.put()
        self.state(value)

    def write_new(self, value):
        made = Global(value.module, value.name)
        if self.protocol == 2:
            self.items((made, ()))
            self.out += b"\x81"
        else:
            self.items((Global("copy_reg", "_reconstructor"), (made, Global("__builtin__", "object"), None)))
            self.out += b"R"
        self.put()
        self.state(value)

    def write_call(self, value):
        self.items((Global(value.module, value.name), value.arguments))
        self.out += b"R"
        self.put()
        self.pairs(value.pairs)
        self.state(value)

    def write_persistent(self, value):
        if self.protocol == 0:
            self.out += b"P%s\n" % str(value.identity).encode()
        else:
            self.write(value.identity)
            self.out += b"Q"



# bool before int, Str before str: the first that fits.
KINDS = {type(None): Writer.write_none, bool: Writer.write_bool, int: Writer.write_int, float: Writer.write_float, Str: Writer.write_str,
         str: Writer.write_unicode, tuple: Writer.write_tuple, list: Writer.write_list, dict: Writer.write_dict, Instance: Writer.write_instance,
         New: Writer.write_new, Call: Writer.write_call, Global: Writer.write_global, Persistent: Writer.write_persistent}


def dumps(value, protocol):
    return Writer(protocol).dump(value)
