"""Files that are not checkpoints, or are damaged or deceptive ones: a reader must say so, never crash or invent."""
import gzip
import io
import json
import pickle
import struct
import tarfile
import zipfile
import zlib

from matrix_containers import small
from saving import records, saved_bytes, stable_legacy_keys, zipped


def entries():
    return records(saved_bytes(small()))


def real():
    return saved_bytes(small())


def legacy():
    with stable_legacy_keys():
        return saved_bytes(small(), _use_new_zipfile_serialization=False)


def lfs_pointer():
    return b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 102530333\n"


def png():
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\xff")) +
            chunk(b"IEND", b""))


def safetensors():
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + struct.pack("<2f", 1.5, -2.0)


def plain_tar():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:") as tar:
        member = tarfile.TarInfo("README")
        member.size = 5
        tar.addfile(member, io.BytesIO(b"hello"))
    return buffer.getvalue()


# Editing zips by hand: where an entry's headers are, and writing a field of them.

def positions(data, name):
    """Offsets of an entry's local header and of its central one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        local = archive.getinfo(name).header_offset
    central = zipfile.ZipFile(io.BytesIO(data)).start_dir
    while data[central:central + 4] == b"PK\1\2":
        length, extra, comment = struct.unpack_from("<HHH", data, central + 28)
        if data[central + 46:central + 46 + length] == name.encode():
            return local, central
        central += 46 + length + extra + comment
    raise KeyError(name)


def put(data, offset, format, *values):
    return data[:offset] + struct.pack(format, *values) + data[offset + struct.calcsize(format):]


PICKLE, STORAGE = "archive/data.pkl", "archive/data/0"


def encrypted(central_only=False, local_only=False):
    data = zipped(entries())
    local, central = positions(data, PICKLE)
    if not central_only:
        data = put(data, local + 6, "<H", 1)
    return data if local_only else put(data, central + 8, "<H", 1)


def duplicate_names():
    harmless = pickle.dumps({"other": 1}, 2)
    return zipped(entries() + [(PICKLE, harmless)])


def equal_but_for_case():
    return zipped(entries() + [("archive/DATA.PKL", pickle.dumps({"other": 1}, 2))])


def overlapping():
    """Two entries whose data are the same bytes of the file."""
    data = zipped(entries())
    first, _ = positions(data, STORAGE)
    _, second = positions(data, "archive/data/1")
    return put(data, second + 42, "<I", first)


def sizes_beyond_the_file():
    data = zipped(entries())
    local, central = positions(data, STORAGE)
    data = put(data, local + 18, "<II", 0x7FFFFFF0, 0x7FFFFFF0)
    return put(data, central + 20, "<II", 0x7FFFFFF0, 0x7FFFFFF0)


def offset_beyond_the_file():
    data = zipped(entries())
    _, central = positions(data, STORAGE)
    return put(data, central + 42, "<I", len(data) + 1000)


def central_directory_offset_beyond():
    data = zipped(entries())
    return put(data, len(data) - 6, "<I", len(data) + 100)


def leaving_entry():
    return zipped(entries() + [("archive/../../outside.txt", b"x")])


def local_name_differs():
    data = zipped(entries())
    local, _ = positions(data, STORAGE)
    return data[:local + 30] + b"archive/data/7" + data[local + 44:]


def local_sizes_differ():
    data = zipped(entries())
    local, _ = positions(data, STORAGE)
    return put(data, local + 18, "<II", 4, 4)


def local_method_differs():
    data = zipped(entries())
    local, _ = positions(data, STORAGE)
    return put(data, local + 8, "<H", 8)


def local_name_length_differs():
    data = zipped(entries())
    local, _ = positions(data, STORAGE)
    return put(data, local + 26, "<H", 60000)


def unknown_method():
    data = zipped(entries())
    local, central = positions(data, PICKLE)
    return put(put(data, local + 8, "<H", 99), central + 10, "<H", 99)


def damaged_deflate():
    data = bytearray(zipped(entries(), zipfile.ZIP_DEFLATED))
    local, _ = positions(bytes(data), PICKLE)
    start = local + 30 + len(PICKLE)
    data[start + 10:start + 20] = b"\xff" * 10
    return bytes(data)


def with_pickle(body):
    """A well-formed archive around a pickle of our making."""
    return lambda: zipped([(name, body if name == PICKLE else content) for name, content in entries()])


def tensor_call(size, stride, offset=0, numel=6, storage_class=b"FloatStorage", key=b"0"):
    """The pickle of one tensor with free choice of numbers; storage 0 of the archive is 12 floats long."""
    def integers(values):
        return b"(" + b"".join(b"\x8a\x08" + struct.pack("<q", v) for v in values) + b"t"
    text = lambda value: b"X" + struct.pack("<I", len(value)) + value
    return (b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((" + text(b"storage") + b"ctorch\n" + storage_class + b"\n" + text(key) + text(b"cpu") +
            b"\x8a\x08" + struct.pack("<q", numel) + b"tQ\x8a\x08" + struct.pack("<q", offset) + integers(size) + integers(stride) +
            b"\x89ccollections\nOrderedDict\n)RtR.")


MEMO_BOMB = b"\x80\x02]q\x00" + b"".join(b"]q" + bytes([i + 1]) + b"(" + (b"h" + bytes([i])) * 10 + b"e" for i in range(60)) + b"."

CASES = {
    "git_lfs_pointer.pth": ("the text that git leaves in place of a file in large file storage", lfs_pointer),
    "error_page.pth": ("an HTML page saved under a checkpoint's name", lambda: b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n"),
    "picture.pth": ("a PNG picture", png),
    "empty.pth": ("an empty file", lambda: b""),
    "one_byte.pth": ("one byte", lambda: b"\x80"),
    "zeros.pth": ("4096 zero bytes, as an interrupted download can leave", lambda: bytes(4096)),
    "truncated_header.pth": ("the first 20 bytes of a checkpoint", lambda: real()[:20]),
    "truncated_pickle.pth": ("a checkpoint cut inside data.pkl", lambda: real()[:200]),
    "truncated_half.pth": ("the first half of a checkpoint", lambda: real()[:len(real()) // 2]),
    "truncated_directory.pth": ("a checkpoint cut inside its central directory", lambda: real()[:-150]),
    "truncated_last_byte.pth": ("a checkpoint without its last byte", lambda: real()[:-1]),
    "truncated_end_record.pth": ("a checkpoint without its end record", lambda: real()[:-22]),
    "truncated_front.pth": ("a checkpoint without its first 100 bytes", lambda: real()[100:]),
    "truncated_legacy_pickle.pth": ("a legacy checkpoint cut inside its pickles", lambda: legacy()[:300]),
    "truncated_legacy_storage.pth": ("a legacy checkpoint cut inside its last storage", lambda: legacy()[:-3]),
    "truncated_legacy_magic.pth": ("the first 10 bytes of a legacy checkpoint", lambda: legacy()[:10]),
    "safetensors_inside.pth": ("a safetensors file under a checkpoint's name", safetensors),
    "gzip.pth": ("a checkpoint compressed with gzip", lambda: gzip.compress(real(), mtime=0)),
    "json.pth": ("a JSON document", lambda: b'{"model_type": "bert", "hidden_size": 768}\n'),
    "onnx_start.pth": ("the start of an ONNX model (protocol buffers)", lambda: b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:\x0a\x0a\x01x\x12\x01y\"\x04Relu"),
    "hdf5.pth": ("an HDF5 signature, as Keras weights have", lambda: b"\x89HDF\r\n\x1a\n" + bytes(88)),
    "text.pth": ("a plain text", lambda: b"epoch 1 loss 0.5\nepoch 2 loss 0.25\n"),
    "plain_tar.pth.tar": ("a tar without torch's members", plain_tar),
    "gguf.pth": ("a GGUF signature", lambda: b"GGUF" + struct.pack("<IQQ", 3, 0, 0)),
    "numpy.pth": ("a .npy array", lambda: b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }".ljust(128) + bytes(4)),
    "zip_empty.pth": ("a zip without entries", lambda: zipped([])),
    "zip_without_data_pkl.pth": ("a zip of something else", lambda: zipped([("archive/readme.txt", b"hello"), ("archive/version", b"3\n")])),
    "zip_encrypted.pth": ("data.pkl is marked as encrypted in both of its headers", encrypted),
    "zip_encrypted_central_only.pth": ("data.pkl is marked as encrypted in the central directory only", lambda: encrypted(central_only=True)),
    "zip_encrypted_local_only.pth": ("data.pkl is marked as encrypted in its local header only", lambda: encrypted(local_only=True)),
    "zip_duplicate_names.pth": ("two entries named archive/data.pkl with different contents", duplicate_names),
    "zip_equal_but_for_case.pth": ("archive/data.pkl and archive/DATA.PKL with different contents", equal_but_for_case),
    "zip_overlapping.pth": ("data/0 and data/1 are the same bytes of the file", overlapping),
    "zip_sizes_beyond_file.pth": ("data/0 claims 2 GiB in a file of a few KB", sizes_beyond_the_file),
    "zip_offset_beyond_file.pth": ("data/0 starts after the end of the file", offset_beyond_the_file),
    "zip_directory_beyond_file.pth": ("the central directory starts after the end of the file", central_directory_offset_beyond),
    "zip_leaving_entry.pth": ("an entry named archive/../../outside.txt", leaving_entry),
    "zip_local_name_differs.pth": ("data/0 is called data/7 in its local header", local_name_differs),
    "zip_local_sizes_differ.pth": ("data/0 has 4 bytes by its local header, 48 by the central directory", local_sizes_differ),
    "zip_local_method_differs.pth": ("data/0 is deflated by its local header, stored by the central directory", local_method_differs),
    "zip_local_name_too_long.pth": ("the local header of data/0 claims a name of 60000 bytes", local_name_length_differs),
    "zip_unknown_method.pth": ("data.pkl is compressed with a method that does not exist (99)", unknown_method),
    "zip_damaged_deflate.pth": ("data.pkl is deflated and damaged", damaged_deflate),
    "pickle_empty.pth": ("data.pkl is empty", with_pickle(b"")),
    "pickle_not_a_pickle.pth": ("data.pkl is text", with_pickle(b"hello, world")),
    "pickle_no_stop.pth": ("data.pkl ends without STOP", with_pickle(b"\x80\x02}q\x00")),
    "pickle_stack_underflow.pth": ("data.pkl takes from an empty stack", with_pickle(b"\x80\x02s.")),
    "pickle_no_mark.pth": ("data.pkl builds a tuple without a mark", with_pickle(b"\x80\x02K\x01t.")),
    "pickle_memo_missing.pth": ("data.pkl reads a memo slot that was never written", with_pickle(b"\x80\x02h\x05.")),
    "pickle_unknown_opcode.pth": ("data.pkl has an opcode that does not exist", with_pickle(b"\x80\x02\xff.")),
    "pickle_length_beyond.pth": ("data.pkl has a string longer than the record", with_pickle(b"\x80\x02X\xff\xff\xff\x7fabc.")),
    "pickle_bad_utf8.pth": ("data.pkl has a string that is not UTF-8", with_pickle(b"\x80\x02X\x02\x00\x00\x00\xff\xfe.")),
    "pickle_protocol_9.pth": ("data.pkl claims protocol 9", with_pickle(b"\x80\x09N.")),
    "pickle_os_system.pth": ("data.pkl calls os.system (with a harmless command)", with_pickle(b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R.")),
    "pickle_after_stop.pth": ("data.pkl continues after STOP", with_pickle(b"\x80\x02K\x01.cposix\nsystem\n.")),
    "pickle_memo_bomb.pth": ("a list of ten references to a list of ten references …, 60 deep: 10^60 paths", with_pickle(MEMO_BOMB)),
    "tensor_past_storage.pth": ("a tensor of 4x4 over a storage of 12", with_pickle(tensor_call((4, 4), (4, 1), numel=12))),
    "tensor_offset_past_storage.pth": ("a tensor that starts after its storage", with_pickle(tensor_call((1,), (1,), offset=13, numel=12))),
    "tensor_negative_size.pth": ("a tensor with a negative size", with_pickle(tensor_call((-1, 2), (2, 1), numel=12))),
    "tensor_negative_stride.pth": ("a tensor with a negative stride", with_pickle(tensor_call((3,), (-1,), offset=5, numel=12))),
    "tensor_negative_offset.pth": ("a tensor with a negative offset", with_pickle(tensor_call((3,), (1,), offset=-1, numel=12))),
    "tensor_huge_size.pth": ("a tensor whose number of elements overflows 64 bits", with_pickle(tensor_call((2**40, 2**40), (2**40, 1), numel=12))),
    "tensor_huge_stride.pth": ("a tensor whose last element's position overflows 64 bits", with_pickle(tensor_call((3,), (2**62,), numel=12))),
    "tensor_rank_differs.pth": ("a tensor with two sizes and one stride", with_pickle(tensor_call((2, 2), (1,), numel=12))),
    "tensor_numel_too_large.pth": ("a storage that claims more elements than its record has", with_pickle(tensor_call((2,), (1,), numel=1000))),
    "tensor_numel_negative.pth": ("a storage that claims a negative number of elements", with_pickle(tensor_call((2,), (1,), numel=-1))),
    "tensor_missing_record.pth": ("a storage whose record is missing", with_pickle(tensor_call((2,), (1,), numel=12, key=b"77"))),
    "tensor_key_leaves.pth": ("a storage key that is a path", with_pickle(tensor_call((2,), (1,), numel=12, key=b"../version"))),
    "tensor_unknown_storage.pth": ("a storage class that does not exist", with_pickle(tensor_call((2,), (1,), numel=12, storage_class=b"QuadStorage"))),
}

# What torch says about these is not a fact about the file.
UNSTABLE = {
    "zip_damaged_deflate.pth": "torch ignores that inflating failed and reads whatever its buffer held before",
}
NOT_WALKED = {"pickle_memo_bomb.pth"}

ABOUT = {name: about for name, (about, _) in CASES.items()}


def write(folder):
    for name, (_, make) in CASES.items():
        folder.attempt(name, lambda: folder.write(name, make()))
