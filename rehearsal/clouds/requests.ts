/**
 * Requests to the simulated clouds: `/<cloud>/<kind>` and `/<cloud>/<kind>/<id>`, with the usual methods; `/recorded`, and
 * `/names/<name>` for the DNS.
 */
import { z } from "zod";
import { CloudError } from "./cloud-error.ts";
import { faultError, type CloudOperation, type Faults } from "./faults.ts";
import { allOf, simulatedClouds, type CloudsState, type SimulatedCloud } from "./inventory.ts";
import {
  create,
  existing,
  nameOf,
  record,
  remove,
  ruleOf,
  update,
  type Circumstances,
} from "./operations.ts";
import { rules } from "./kinds/index.ts";
import { hasZoneOf, resolveName } from "./zones.ts";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What is sent back, and the state after it. */
export interface Answer {
  readonly state: CloudsState;
  readonly status: number;
  readonly content: unknown;
  /** Seconds. */
  readonly retryAfter?: number;
}

const values = z.record(z.string(), z.unknown());
const newResource = z.object({ urn: z.string(), inputs: values });
const changedResource = z.object({ inputs: values });
const recorded = z.object({ urn: z.string() });

/** Carries a request out; what goes wrong is an answer too. */
export function answer(
  state: CloudsState,
  request: Request,
  faults: Faults,
  circumstances: Circumstances,
): Answer {
  let reached = state;
  try {
    if (request.path === "/recorded") {
      return { state: record(state, recorded.parse(request.body).urn), status: 200, content: {} };
    }
    if (request.path.startsWith(namesPath))
      return { state, status: 200, content: answerName(state, request) };
    const target = targetOf(request);
    const subject = subjectOf(state, target, request);
    const fault = faults.take({
      cloud: target.cloud,
      operation: target.operation,
      kind: target.kind,
      name: subject,
    });
    const refusal =
      fault === undefined
        ? undefined
        : faultError(fault, rules[target.cloud].title, ruleOf(target.cloud, target.kind).rule.title, subject);
    if (refusal !== undefined && fault?.carriedOut !== true) throw refusal;
    const result = carryOut(state, target, request.body, circumstances);
    reached = result.state;
    if (refusal !== undefined) throw refusal;
    return { ...result, status: 200 };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const { status, message, retryAfter } = error;
    return {
      state: reached,
      status,
      content: { message },
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }
}

const namesPath = "/names/";

/** What the DNS of the simulated clouds says; `known` is false for names of other people's zones. */
export interface NameAnswer {
  readonly known: boolean;
  readonly addresses: readonly string[];
}

function answerName(state: CloudsState, { path }: Request): NameAnswer {
  const name = decodeURIComponent(path.slice(namesPath.length));
  return { known: hasZoneOf(name, state), addresses: resolveName(name, state) };
}

interface Target {
  readonly cloud: SimulatedCloud;
  readonly kind: string;
  /** Undefined for requests about the kind as a whole. */
  readonly id: string | undefined;
  readonly operation: CloudOperation;
}

function targetOf({ method, path }: Request): Target {
  const [cloud = "", kind = "", id] = path.slice(1).split("/").map(decodeURIComponent);
  const found = simulatedClouds.find((name) => name === cloud);
  const operation = operationOf(method, id);
  if (found === undefined || operation === undefined)
    throw new CloudError(404, `Nothing is at ${method} ${path}.`);
  return { cloud: found, kind, id, operation };
}

function operationOf(method: string, id: string | undefined): CloudOperation | undefined {
  const operations: Readonly<Record<string, CloudOperation>> =
    id === undefined ? { POST: "create", GET: "list" } : { GET: "read", PUT: "update", DELETE: "delete" };
  return operations[method];
}

/** The name that the request is about. */
function subjectOf(state: CloudsState, { cloud, kind, id }: Target, { body }: Request): string {
  if (id !== undefined) {
    const found = allOf(state, cloud, kind).find((resource) => resource.id === id);
    return found === undefined ? id : nameOf(found);
  }
  const order = newResource.safeParse(body);
  return order.success ? nameOf({ id: "", inputs: order.data.inputs }) : "";
}

function carryOut(
  state: CloudsState,
  { cloud, kind, id = "", operation }: Target,
  body: unknown,
  circumstances: Circumstances,
): Pick<Answer, "state" | "content"> {
  switch (operation) {
    case "create": {
      const made = create(state, { cloud, kind, ...newResource.parse(body) }, circumstances);
      return { state: made.state, content: made.resource };
    }
    case "list":
      ruleOf(cloud, kind);
      return { state, content: allOf(state, cloud, kind) };
    case "read":
      return { state, content: existing(state, cloud, kind, id) };
    case "update": {
      const { inputs } = changedResource.parse(body);
      const changed = update(state, existing(state, cloud, kind, id), inputs, circumstances);
      return { state: changed.state, content: changed.resource };
    }
    case "delete":
      return { state: remove(state, existing(state, cloud, kind, id)), content: {} };
  }
}
