"""Texts of protocol 0 have escapes: UNICODE those with \\u, STRING all of Python's. Nobody who looks for the bytes of a
name finds them."""
from assembling import call, checkpoint, shell, state_dict, text

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousGlobal"], "inert", {"load": "runs"}


def build(canary):
    escaped = lambda word, form: "".join(form % ord(letter) for letter in word).encode()
    unicode = b"".join(b"V" + escaped(word, "\\u%04x") + b"\n" for word in ("posix", "system"))
    string = b"".join(b"S'" + escaped(word, "\\x%02x") + b"'\n" for word in ("posix", "system"))
    return {
        file: checkpoint(state_dict(extra=call(words + b"\x93", text(shell(canary)))), 4)
        for file, words in (("unicode.pth", unicode), ("string.pth", string))}
