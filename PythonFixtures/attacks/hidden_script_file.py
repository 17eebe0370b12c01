"""Archives of TorchScript whose __setstate__ makes a file: torch.from_file does, when it is to be shared, however it is
spelled."""
import hidden_script_on_load

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousScript", "scriptOnLoad"], "inert", {}
SPELLINGS = {
    "script": "torch.from_file", "space": "torch.from_file ", "operators": "ops.aten.from_file",
    "lines": "torch.\\\n    from_file", "lookup": 'getattr(torch, "from_file")',
    "together": 'getattr(torch, "from_" "file")', "quotes": '_1 = """ " """\n    _2 = torch.from_file',
    "self": "self = torch\n    _2 = self.from_file", "inside": 'getattr(getattr(ops, "aten"), "from_file")'}


def build(canary):
    files = {}
    for name, spelling in SPELLINGS.items():
        line = f'    _0 = {spelling}("{canary}", True, 16, dtype=0)\n'
        made = hidden_script_on_load.build(canary, line.encode() + hidden_script_on_load.STATEMENTS)
        files[f"{name}.pt"] = made["script.pt"]
    return files
