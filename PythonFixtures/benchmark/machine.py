"""What was measured on: figures mean little without it."""
import importlib.metadata
import os
import platform
import shutil

MEMORY_FILE_SYSTEM = "/dev/shm"
PACKAGES = ("torch", "safetensors", "numpy")


def fields(path):
    """The fields of a file of /proc; none where there is no such file."""
    try:
        with open(path) as file:
            return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in file)}
    except FileNotFoundError:
        return {}


def available_mib():
    return int(fields("/proc/meminfo").get("MemAvailable", "0 kB").split()[0]) >> 10


def folder(room_mib):
    """The memory file system where there is one with room for all (it takes from the same memory), or .build."""
    if os.path.isdir(MEMORY_FILE_SYSTEM) and min(available_mib(), shutil.disk_usage(MEMORY_FILE_SYSTEM).free >> 20) >= room_mib:
        return os.path.join(MEMORY_FILE_SYSTEM, "checkpoint-bench")
    return os.path.join(".build", "bench")


def description(folder):
    return {"processor": fields("/proc/cpuinfo").get("model name", platform.processor()), "processors": os.cpu_count(),
            "architecture": platform.machine(), "system": f"{platform.system()} {platform.release()}",
            "memoryMiB": int(fields("/proc/meminfo").get("MemTotal", "0 kB").split()[0]) >> 10,
            "loadBefore": os.getloadavg()[0], "inMemory": folder.startswith(MEMORY_FILE_SYSTEM),
            "python": platform.python_version(), **{name: importlib.metadata.version(name) for name in PACKAGES}}


def line(machine):
    packages = ", ".join(f"{name} {machine[name]}" for name in PACKAGES)
    where = "a file system in memory" if machine["inMemory"] else "a disk"
    return (f"{machine['processors']} processors {machine['architecture']} ({machine['processor']}), {machine['memoryMiB'] / 1024:.0f} GiB, "
            f"{machine['system']}, files on {where}, load {machine['loadBefore']:.1f} before; Python {machine['python']}, {packages}")
