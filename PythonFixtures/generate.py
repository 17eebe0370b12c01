#!/usr/bin/env python3
"""Write the fixtures that this torch can write, then say in the manifest what torch reads from all of them.

    generate.py --out PythonFixtures/files            the committed files and manifest.json
    generate.py --large --out DIR                     what is too large to commit, where it is missing

Run by an older torch, it writes that version's folder and leaves the manifest alone: the manifest is always what the
pinned torch reads. See README.md.
"""
import argparse
import os
import sys
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
NUMPY_1 = "2.1.2"   # the writer whose arrays stand for all that numpy wrote before version 2
FIXED = {"PYTHONHASHSEED": "0", "ATEN_CPU_CAPABILITY": "default", "CUDA_VISIBLE_DEVICES": ""}


def fix_environment():
    """Sets are pickled in hash order and vector units round differently: start again with both pinned."""
    if any(os.environ.get(name) != value for name, value in FIXED.items()):
        os.environ.update(FIXED)
        os.execv(sys.executable, [sys.executable] + sys.argv)


def pinned():
    """The torch version that requirements.txt names."""
    with open(os.path.join(HERE, "requirements.txt")) as file:
        return next(line.strip().split("==")[1] for line in file if line.startswith("torch=="))


def write_folder(out, version, complete):
    """One version's folder: everything for the pinned torch, the essential part for older ones."""
    import matrix_containers
    import matrix_kinds
    import matrix_modules
    import matrix_old
    import matrix_python
    import matrix_scripts
    import matrix_tensors
    import matrix_training
    import matrix_values
    import matrix_views
    import matrix_writing
    from saving import Folder
    folder = Folder(os.path.join(out, f"torch-{version}"))
    for matrix in (matrix_tensors, matrix_views, matrix_training, matrix_kinds, matrix_modules, matrix_scripts):
        matrix.write(folder)
    matrix_old.write_legacy_protocols(folder)
    matrix_values.write(folder, complete)
    matrix_writing.write(folder, complete)
    if complete:
        import printing
        matrix_python.write(folder)
        matrix_values.write_top_level(folder)
        matrix_values.write_protocols(folder)
        matrix_containers.write(folder)
        printing.write(folder)
    else:
        if version == NUMPY_1:
            matrix_python.write(folder, matrix_python.NUMPY)
            matrix_python.write_pickles(folder, matrix_python.NUMPY, (0, 2, 4))
        folder.save("container_path.pth", matrix_containers.small)
        matrix_containers.write_file_object(folder)
        matrix_containers.write_legacy(folder)
        matrix_containers.write_torchscript(folder)
    return folder


def write_unversioned(out):
    import matrix_broken
    import matrix_old
    import matrix_python
    import matrix_python2
    import matrix_values
    from saving import Folder
    pickles, by_hand = Folder(os.path.join(out, "pickles")), Folder(os.path.join(out, "by_hand"))
    matrix_values.write_pickles(pickles)
    matrix_python.write_pickles(pickles)
    matrix_python2.write_pickles(pickles)
    matrix_python2.write_legacy(by_hand)
    matrix_old.write_tars(by_hand)
    matrix_broken.write(Folder(os.path.join(out, "not_checkpoints")))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", required=True, help="the folder to write to")
    arguments.add_argument("--large", action="store_true", help="write what is too large to commit instead")
    arguments.add_argument("--writer", help="the version to name the folder by, where torch.__version__ says it wrongly")
    arguments = arguments.parse_args()
    fix_environment()
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    import torch
    if arguments.large:
        import large
        return large.write(arguments.out)
    version = arguments.writer or torch.__version__.split("+")[0]
    complete = version == pinned()
    folder = write_folder(arguments.out, version, complete)
    for name, reason in folder.skipped:
        print(f"torch {version} cannot make {name}: {reason}")
    if complete:
        import manifest
        write_unversioned(arguments.out)
        count = manifest.write(os.path.join(HERE, "manifest.json"), arguments.out)
        print(f"{count} files in the manifest")


if __name__ == "__main__":
    main()
