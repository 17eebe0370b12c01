"""Instructions that can't be carried out, behind the payload: bad numbers, an empty stack, no mark, a slot that nobody
filled, a use on the wrong object."""
from assembling import POP, payload

VERDICT, FINDINGS = "dangerous", ["dangerousGlobal", "refused"]
INSPECT = (
    "malformedPickle", "stackUnderflow", "missingMark", "unknownMemoSlot", "unexpectedObject", "unsupportedOpcode", "limitExceeded",
    "truncated")
FIRES = {"pickle": "runs", "pickle.py": "runs"}
ENDS = {
    "integer": b"Iabc\n.", "long": b"L12x\n.", "long_text": b"L" + b"9" * 5000 + b"L\n.", "float": b"Fabc\n.", "string": b"Sabc\n.",
    "get_word": b"gabc\n.", "put_negative": b"Np-1\n.", "utf_8": b"X\2\0\0\0\xff\xfe.", "empty": b"s.", "no_value": b".",
    "pops": b"000.", "no_mark": b"K\1t.", "no_slot": b"h\5.", "reduce": b"K\1K\2R.", "append": b"K\1K\2a.", "build": b"K\1K\2b.",
    "odd": b"}(K\1u.", "protocol": b"\x80\xffN.", "frame": b"\x95\xff\xff\xff\xff\xff\xff\xff\x7fN.", "buffer": b"\x97.",
    "extension": b"\x82\0.", "name": b"c\xff\xfe\n\xff\n.", "stack_global": b"K\1K\2\x93."}


def build(canary):
    return {f"{word}.pkl": b"\x80\x04" + payload(canary) + POP + end for word, end in ENDS.items()}
