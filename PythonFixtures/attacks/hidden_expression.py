"""A program of torch.export whose sizes are expressions of Python: torch.export.load hands them to eval."""
import json

from archives import Entry, archive
from assembling import program

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["computedExpression"], "missingRecord", {}


def build(canary):
    import_ = "__import__('os').open(" + repr(canary) + ", 64)"
    expressions = {
        "attribute.pt2": import_, "text.pt2": "Max(1, '" + "ex' 'ec(1)')", "list.pt2": "[exec][0]('1')",
        "builtin.pt2": f"exec({program(canary)!r})", "formatted.pt2": "S('%c%c' % (95, 95))", "prefix.pt2": "S(f'{95:c}')",
        "symbol.pt2": "Symbol('a' 'b')", "parts.pt2": "Max(1, Symbol('s0'), 's1')", "point.pt2": "s0.evalf",
        "renamed.pt2": "Integer([S(Add(95)) for Add in [chr]][0])", "walrus.pt2": "(Add := chr, Add(95))",
        "name.pt2": "Max(1, chr)", "class.pt2": "Lambda(1, 2)"}
    files = {name: json.dumps({"expr_str": expression}) for name, expression in expressions.items()}
    files["escape.pt2"] = '{"expr\\u005fstr": "s0"}'
    return {name: exported(content.encode()) for name, content in files.items()}


def exported(content):
    records = {"models/model.json": content, "archive_format": b"pt2", "archive_version": b"0", "byteorder": b"little", ".data/version": b"3\n"}
    return archive([Entry("model/" + record, content) for record, content in records.items()])
