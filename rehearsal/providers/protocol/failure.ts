/** What the engine is told when an operation did not succeed. */
import { Metadata, status, type ServerErrorResponse } from "@grpc/grpc-js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import { messageOf } from "../../errors.ts";
import { InitializationError } from "./provider.ts";
import { toStruct } from "./struct.ts";

/** The gRPC error for anything that was thrown. */
export function failure(error: unknown): Partial<ServerErrorResponse> {
  if (error instanceof InitializationError) return initializationFailure(error);
  return { code: status.UNKNOWN, details: messageOf(error) };
}

/**
 * "The resource exists, yet not as asked": the engine reads id and state from the details and keeps the resource. They travel
 * in a header, of which the engine takes 16 MiB; no Kubernetes object is larger than 1.5 MiB.
 */
function initializationFailure(error: InitializationError): Partial<ServerErrorResponse> {
  const details = new anyProto.Any();
  details.pack(initializationDetails(error), "pulumirpc.ErrorResourceInitFailed");
  const answer = new statusProto.Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(error.message);
  answer.addDetails(details);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code: status.UNKNOWN, details: error.message, metadata };
}

function initializationDetails({ id, state, inputs, reasons }: InitializationError): Uint8Array {
  const message = new providerProto.ErrorResourceInitFailed();
  message.setId(id);
  message.setProperties(toStruct(state));
  message.setInputs(toStruct(inputs));
  message.setReasonsList([...reasons]);
  return message.serializeBinary();
}
