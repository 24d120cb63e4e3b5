#!/usr/bin/python3
"""Asks a paxid server about one passenger, with nothing but the published contract.

  protoc -I proto --python_out=GENERATED --grpc_python_out=GENERATED \
    --plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin \
    $(cd proto && find . -name '*.proto')
  PYTHONPATH=GENERATED verify_passenger.py SERVER CA CERTIFICATE KEY
"""
import sys
import uuid

import grpc
from paxid.v1 import claim_pb2, verification_service_pb2, verification_service_pb2_grpc

DEADLINE_SECONDS = 0.8


def read(path):
    with open(path, "rb") as file:
        return file.read()


def passenger():
    wire = verification_service_pb2
    return wire.VerifyRequest(
        request_id=str(uuid.uuid4()),
        channel=wire.CHANNEL_DESK,
        purpose=wire.PURPOSE_BOARDING_CHECK,
        claims=[
            claim_pb2.Claim(source=claim_pb2.SOURCE_BOOKING,
                            capture_method=claim_pb2.CAPTURE_METHOD_RECEIVED,
                            assurance=claim_pb2.ASSURANCE_ASSERTED,
                            booking_name=b"MUELLER/HANS MR"),
            claim_pb2.Claim(source=claim_pb2.SOURCE_VISUAL,
                            capture_method=claim_pb2.CAPTURE_METHOD_TYPED,
                            assurance=claim_pb2.ASSURANCE_ASSERTED,
                            person_name=claim_pb2.PersonName(surname="MÜLLER",
                                                             given_names="HANS")),
        ])


def ask(stub, request):
    """At most two attempts with the same request id: there is one record, whatever is lost."""
    for attempt in (1, 2):
        try:
            request.client_time.GetCurrentTime()
            return stub.Verify(request, timeout=DEADLINE_SECONDS)
        except grpc.RpcError as error:
            silent = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
            if error.code() not in silent or attempt == 2:
                raise


def main():
    server, ca, certificate, key = sys.argv[1:]
    credentials = grpc.ssl_channel_credentials(read(ca), read(key), read(certificate))
    with grpc.secure_channel(server, credentials) as channel:
        stub = verification_service_pb2_grpc.VerificationServiceStub(channel)
        answer = ask(stub, passenger())
    name = verification_service_pb2.Verdict.Name(answer.verdict).removeprefix("VERDICT_")
    print(f"{name}: {answer.sentence}")


if __name__ == "__main__":
    main()
