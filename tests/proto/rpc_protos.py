"""Our google/rpc protos are the published ones, so a program can have both.

usage: rpc_protos.py PROTOC PROTO_DIRECTORY PUBLISHED

Every protobuf runtime refuses two files of one name that differ. Python's is asked: it takes the
published descriptors beside ours, and would refuse the least difference.
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, any_pb2

PROTOC, PROTOS, PUBLISHED = sys.argv[1:4]
FILES = ["google/rpc/status.proto", "google/rpc/error_details.proto"]


def files_of(path):
    files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(path).read_bytes()).file
    return {file.name: file for file in files}


class RpcProtos(unittest.TestCase):
    def setUp(self):
        with tempfile.TemporaryDirectory() as directory:
            ours = pathlib.Path(directory) / "ours.binpb"
            subprocess.run([PROTOC, "-I", PROTOS, f"--descriptor_set_out={ours}", *FILES], check=True)
            self.ours = files_of(ours)
        self.published = files_of(PUBLISHED)
        self.pool = descriptor_pool.DescriptorPool()
        for known in (any_pb2, duration_pb2):
            self.pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)

    def test_same_descriptors(self):
        self.assertEqual(sorted(self.ours), sorted(FILES))
        for name in FILES:
            self.assertEqual(self.ours[name].SerializeToString(deterministic=True),
                             self.published[name].SerializeToString(deterministic=True), name)

    def test_both_in_one_program(self):
        for files in (self.ours, self.published):
            for name in FILES:
                self.pool.AddSerializedFile(files[name].SerializeToString())
        found = self.pool.FindMessageTypeByName("google.rpc.BadRequest.FieldViolation")
        self.assertEqual([field.name for field in found.fields],
                         ["field", "description", "reason", "localized_message"])

    def test_a_difference_would_be_refused(self):
        name = "google/rpc/error_details.proto"
        self.pool.AddSerializedFile(self.published[name].SerializeToString())
        other = descriptor_pb2.FileDescriptorProto()
        other.CopyFrom(self.ours[name])
        del other.message_type[1].field[0]
        with self.assertRaises(TypeError):
            self.pool.AddSerializedFile(other.SerializeToString())
            self.pool.FindFileByName(name)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
