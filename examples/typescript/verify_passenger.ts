// Asks a paxid server about one passenger, with nothing but the published contract.
//
//   npm ci && npm run build
//   node build/verify_passenger.js PROTO_DIRECTORY SERVER CA CERTIFICATE KEY

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import * as loader from "@grpc/proto-loader";

const DEADLINE_MILLISECONDS = 800;

// What of the contract is used here.
interface Claim {
  source: string;
  capture_method: string;
  assurance: string;
  booking_name?: Buffer;
  person_name?: { surname: string; given_names: string };
}
interface VerifyRequest {
  request_id: string;
  channel: string;
  purpose: string;
  claims: Claim[];
  client_time?: { seconds: number };
}
interface VerifyResponse {
  verdict: string;
  sentence: string;
}
interface VerificationClient extends grpc.Client {
  Verify(
    request: VerifyRequest,
    options: grpc.CallOptions,
    then: (error: grpc.ServiceError | null, response?: VerifyResponse) => void,
  ): void;
}

function passenger(): VerifyRequest {
  return {
    request_id: randomUUID(),
    channel: "CHANNEL_DESK",
    purpose: "PURPOSE_BOARDING_CHECK",
    claims: [
      {
        source: "SOURCE_BOOKING",
        capture_method: "CAPTURE_METHOD_RECEIVED",
        assurance: "ASSURANCE_ASSERTED",
        booking_name: Buffer.from("MUELLER/HANS MR"),
      },
      {
        source: "SOURCE_VISUAL",
        capture_method: "CAPTURE_METHOD_TYPED",
        assurance: "ASSURANCE_ASSERTED",
        person_name: { surname: "MÜLLER", given_names: "HANS" },
      },
    ],
  };
}

function connect(protos: string, server: string, tls: Buffer[]): VerificationClient {
  const [ca, certificate, key] = tls;
  if (!ca || !certificate || !key) throw new Error("usage: PROTOS SERVER CA CERTIFICATE KEY");
  const definition = loader.loadSync("paxid/v1/verification_service.proto", {
    includeDirs: [protos],
    keepCase: true,
    enums: String,
    longs: Number,
  });
  const root = grpc.loadPackageDefinition(definition) as unknown as {
    paxid: { v1: { VerificationService: grpc.ServiceClientConstructor } };
  };
  const credentials = grpc.credentials.createSsl(ca, key, certificate);
  return new root.paxid.v1.VerificationService(server, credentials) as unknown as VerificationClient;
}

function attempt(client: VerificationClient, request: VerifyRequest): Promise<VerifyResponse> {
  const deadline = new Date(Date.now() + DEADLINE_MILLISECONDS);
  const timed = { ...request, client_time: { seconds: Math.floor(Date.now() / 1000) } };
  return new Promise((resolve, reject) => {
    client.Verify(timed, { deadline }, (error, response) =>
      response ? resolve(response) : reject(error),
    );
  });
}

// At most two attempts with the same request id: there is one record, whatever is lost.
async function ask(client: VerificationClient, request: VerifyRequest): Promise<VerifyResponse> {
  try {
    return await attempt(client, request);
  } catch (error) {
    const code = (error as grpc.ServiceError).code;
    const silent = [grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED].includes(code);
    if (!silent) throw error;
    return attempt(client, request);
  }
}

async function main(): Promise<void> {
  const [protos, server, ...files] = process.argv.slice(2);
  if (!protos || !server) throw new Error("usage: PROTOS SERVER CA CERTIFICATE KEY");
  const client = connect(protos, server, files.map((file) => readFileSync(file)));
  try {
    const answer = await ask(client, passenger());
    console.log(`${answer.verdict.replace("VERDICT_", "")}: ${answer.sentence}`);
  } finally {
    client.close();
  }
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
