"""Values without a class, by Python's own pickler in every protocol; large enough for several frames."""
import pickle

VERDICT, FINDINGS, INSPECT, FIRES = "clean", [], "inert", {"pickle": "accepts", "pickle.py": "accepts"}


def build(canary):
    value = {"epoch": 3, "loss": [0.5, float("nan"), -1e300], "ids": {1, 2}, "raw": b"\x80\x02abc", "deep": ((((),),),),
             "none": None, "large": 1 << 300, "names": [f"layer.{place}.weight" for place in range(20_000)]}
    return {f"protocol_{protocol}.pkl": pickle.dumps(value, protocol) for protocol in range(6)}
