"""Reads a stream of length-delimited records with Python's protobuf and prints them as JSON lines."""

import os
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def record_class():
    files = descriptor_pb2.FileDescriptorSet()
    with open(os.path.join(ROOT, "Sources/CanonicalRecords/Protos/records.binpb"), "rb") as source:
        files.ParseFromString(source.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    descriptor = pool.FindMessageTypeByName("qiao.records.v1.Record")
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def varint(data, position):
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def main():
    record = record_class()
    with open(sys.argv[1], "rb") as source:
        data = source.read()
    position = 0
    while position < len(data):
        length, position = varint(data, position)
        message = record.FromString(data[position : position + length])
        position += length
        print(json_format.MessageToJson(message, indent=None, ensure_ascii=False))


if __name__ == "__main__":
    main()
