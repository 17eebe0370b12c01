"""An archive of TorchScript whose __setstate__ makes a file: torch.from_file does, when it is to be shared."""
import hidden_script_on_load

VERDICT, FINDINGS, INSPECT, FIRES = "dangerous", ["dangerousScript", "scriptOnLoad"], "inert", {}


def build(canary):
    line = f'    _0 = torch.from_file("{canary}", True, 16, dtype=0)\n'
    return hidden_script_on_load.build(canary, line.encode() + hidden_script_on_load.STATEMENTS)
