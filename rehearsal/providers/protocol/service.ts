/** Pulumi's resource provider service, answered by a {@link Provider}. */
import {
  status,
  type handleUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import type * as wire from "@pulumi/pulumi/proto/provider_pb.js";
import type { Empty as EmptyMessage } from "google-protobuf/google/protobuf/empty_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { topLevel } from "./difference.ts";
import { failure } from "./failure.ts";
import type {
  CheckResult,
  DiffResult,
  Properties,
  PropertyChange,
  Provider,
  ResourceRequest,
} from "./provider.ts";
import { revealed } from "./secret.ts";
import { fromStruct, readPlainly, toStruct } from "./struct.ts";

/** The service's calls as Pulumi generates them, with property bags read straight into plain values. */
export const serviceDefinition: ServiceDefinition = Object.fromEntries(
  Object.entries<ServiceDefinition[string]>(providerGrpc.ResourceProviderService).map(([name, method]) => [
    name,
    {
      ...method,
      requestDeserialize: (bytes: Buffer): unknown =>
        readPlainly((): unknown => method.requestDeserialize(bytes)),
    },
  ]),
);

/** The handlers, one for each call of the service. What is missing here is answered "unimplemented" by gRPC itself. */
export function handlers(provider: Provider): UntypedServiceImplementation {
  return {
    ...aboutPlugin(provider),
    ...aboutConfiguration(provider),
    ...aboutPlans(provider),
    ...aboutResources(provider),
  };
}

function aboutPlugin(provider: Provider): UntypedServiceImplementation {
  return {
    // Nothing is accepted beyond plain values: the engine unwraps secrets, resources and outputs before it sends them.
    handshake: answer(() => new providerProto.ProviderHandshakeResponse()),
    attach: answer(() => new emptyProto.Empty()),
    getPluginInfo: answer(() => new pluginProto.PluginInfo().setVersion(provider.version)),
    getSchema: answer(() => {
      const schema = JSON.stringify({ name: provider.name, version: provider.version });
      return new providerProto.GetSchemaResponse().setSchema(schema);
    }),
    cancel: answer(() => {
      provider.cancel?.();
      return new emptyProto.Empty();
    }),
  };
}

function aboutConfiguration(provider: Provider): UntypedServiceImplementation {
  return {
    checkConfig: answer(async (request: wire.CheckRequest) => {
      const news = known(request.getNews());
      return checkResponse((await provider.checkConfig?.(news)) ?? { inputs: news });
    }),
    diffConfig: answer(async (request: wire.DiffRequest) => {
      if (provider.diffConfig === undefined) throw new Unimplemented("DiffConfig");
      return diffResponse(await provider.diffConfig(known(request.getOldInputs()), known(request.getNews())));
    }),
    configure: answer(async (request: wire.ConfigureRequest) => {
      await provider.configure?.(revealed(known(request.getArgs())) as Properties);
      return new providerProto.ConfigureResponse().setSupportspreview(true);
    }),
  };
}

function aboutPlans(provider: Provider): UntypedServiceImplementation {
  return {
    check: answer(async (request: wire.CheckRequest) => {
      const olds = known(request.getOlds());
      return checkResponse(
        await provider.check({
          ...resource(request),
          // The engine sends an empty bag where there are no old inputs.
          olds: Object.keys(olds).length === 0 ? undefined : olds,
          news: known(request.getNews()),
          randomSeed: request.getRandomseed_asU8(),
        }),
      );
    }),
    diff: answer(async (request: wire.DiffRequest) => {
      return diffResponse(
        await provider.diff({
          ...resource(request),
          id: request.getId(),
          oldInputs: known(request.getOldInputs()),
          oldState: known(request.getOlds()),
          newInputs: known(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      );
    }),
    invoke: answer(async (request: wire.InvokeRequest) => {
      const token = request.getTok();
      if (provider.invoke === undefined) throw new Error(`${provider.name} has no function ${token}.`);
      const result = await provider.invoke(token, known(request.getArgs()));
      return new providerProto.InvokeResponse().setReturn(toStruct(result));
    }),
  };
}

function aboutResources(provider: Provider): UntypedServiceImplementation {
  return {
    create: answer(async (request: wire.CreateRequest) => {
      const { id, state } = await provider.create({
        ...resource(request),
        inputs: known(request.getProperties()),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      return new providerProto.CreateResponse().setId(id).setProperties(toStruct(state));
    }),
    read: answer(async (request: wire.ReadRequest) => {
      const found = await provider.read({
        ...resource(request),
        id: request.getId(),
        inputs: known(request.getInputs()),
        state: known(request.getProperties()),
      });
      const response = new providerProto.ReadResponse();
      // An answer without an id says that the resource is gone.
      if (found === undefined) return response;
      return response.setId(found.id).setProperties(toStruct(found.state)).setInputs(toStruct(found.inputs));
    }),
    update: answer(async (request: wire.UpdateRequest) => {
      const state = await provider.update({
        ...resource(request),
        id: request.getId(),
        oldInputs: known(request.getOldInputs()),
        oldState: known(request.getOlds()),
        newInputs: known(request.getNews()),
        timeout: request.getTimeout(),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
      });
      return new providerProto.UpdateResponse().setProperties(toStruct(state));
    }),
    delete: answer(async (request: wire.DeleteRequest) => {
      await provider.delete({
        ...resource(request),
        id: request.getId(),
        oldInputs: known(request.getOldInputs()),
        state: known(request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new emptyProto.Empty();
    }),
  };
}

/** A call that this provider does not have; the engine then does what it does for providers without it. */
class Unimplemented extends Error {}

/** Turns a function into a handler of gRPC's. */
function answer<Request = EmptyMessage, Response = EmptyMessage>(
  operation: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const run = async (): Promise<Response> => operation(call.request);
    run().then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        if (error instanceof Unimplemented) callback({ code: status.UNIMPLEMENTED, details: error.message });
        else callback(failure(error));
      },
    );
  };
}

function resource(request: { getUrn(): string; getType(): string; getName(): string }): ResourceRequest {
  return { urn: request.getUrn(), type: request.getType(), name: request.getName() };
}

function known(message: Parameters<typeof fromStruct>[0]): Properties {
  return fromStruct(message) ?? {};
}

function checkResponse(result: CheckResult): wire.CheckResponse {
  const failures = (result.failures ?? []).map(({ property, reason }) =>
    new providerProto.CheckFailure().setProperty(property).setReason(reason),
  );
  return new providerProto.CheckResponse().setInputs(toStruct(result.inputs)).setFailuresList(failures);
}

function diffResponse(result: DiffResult): wire.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = providerProto.DiffResponse.DiffChanges;
  const response = new providerProto.DiffResponse()
    .setChanges(result.changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList([...(result.replaces ?? [])])
    .setDeletebeforereplace(result.deleteBeforeReplace ?? false)
    .setHasdetaileddiff(result.detailed !== undefined);
  const detailed = Object.entries(result.detailed ?? {});
  response.setDiffsList([...new Set(detailed.map(([path]) => topLevel(path)))]);
  for (const [path, change] of detailed) response.getDetaileddiffMap().set(path, propertyDiff(change));
  return response;
}

const kinds: Readonly<Record<PropertyChange, keyof typeof wire.PropertyDiff.Kind>> = {
  add: "ADD",
  "add-replace": "ADD_REPLACE",
  delete: "DELETE",
  "delete-replace": "DELETE_REPLACE",
  update: "UPDATE",
  "update-replace": "UPDATE_REPLACE",
};

function propertyDiff(change: PropertyChange): wire.PropertyDiff {
  // Paths speak of inputs, so the engine shows the old input beside the new one.
  return new providerProto.PropertyDiff()
    .setKind(providerProto.PropertyDiff.Kind[kinds[change]])
    .setInputdiff(true);
}
