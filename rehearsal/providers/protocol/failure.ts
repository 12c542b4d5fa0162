/** What the engine is told when an operation did not succeed. */
import { Metadata, status, type ServerErrorResponse } from "@grpc/grpc-js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import { messageOf } from "../../errors.ts";
import { InitializationError, type Properties } from "./provider.ts";
import { toStruct } from "./struct.ts";

/**
 * Most bytes of details in one answer. They travel in an HTTP/2 header, of which Node sends no more than 64 KiB in all; base64
 * makes four bytes of three.
 */
const detailsLimit = 46 * 1024;

/** The gRPC error for anything that was thrown. */
export function failure(error: unknown): Partial<ServerErrorResponse> {
  if (error instanceof InitializationError) return initializationFailure(error);
  return { code: status.UNKNOWN, details: messageOf(error) };
}

/** "The resource exists, yet not as asked": the engine reads id and state from the details and keeps the resource. */
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

function initializationDetails(error: InitializationError): Uint8Array {
  const encode = (state: Properties, inputs: Properties): Uint8Array => {
    const message = new providerProto.ErrorResourceInitFailed();
    message.setId(error.id);
    message.setProperties(toStruct(state));
    message.setInputs(toStruct(inputs));
    message.setReasonsList([...error.reasons]);
    return message.serializeBinary();
  };
  const whole = encode(error.state, error.inputs);
  if (whole.length <= detailsLimit) return whole;
  // Too big for the header: the largest properties go, and the next refresh or update brings them back. Losing the whole
  // answer would be worse: the engine would forget a resource that exists.
  return encode(smallest(error.state, detailsLimit / 2), smallest(error.inputs, detailsLimit / 4));
}

/** As many properties as fit into so many bytes, the small ones first. */
function smallest(properties: Properties, bytes: number): Properties {
  const sized = Object.entries(properties).map(([key, value]) => {
    return { key, value, size: toStruct({ [key]: value }).serializeBinary().length };
  });
  let room = bytes;
  const kept: Properties = {};
  for (const { key, value, size } of sized.sort((a, b) => a.size - b.size)) {
    room -= size;
    if (room < 0) break;
    kept[key] = value;
  }
  return kept;
}
