import { setTimeout as pause } from "node:timers/promises";
import type { ApiAnswer, ApiMessage, KubernetesApi } from "../kubernetes-api.ts";

/** A control plane that is being replaced answers on a retry; one that is silent was already waited for. */
const attempts = 3;
const pauseBetween = 500;

/**
 * Asks the API up to three times, and once when it stays silent: that was waited for already.
 *
 * @param accepted the status codes that are an answer and no error, beside those of success
 * @throws when there is no answer, or another one.
 */
export async function ask(
  api: KubernetesApi,
  path: string,
  message?: ApiMessage & { readonly accepted?: readonly number[] },
): Promise<ApiAnswer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(api, path, message);
    if (!("failure" in outcome)) {
      const { status } = outcome;
      if ((status >= 200 && status < 300) || message?.accepted?.includes(status)) return outcome;
    }
    const isSilent = "failure" in outcome && outcome.failure === silence;
    if (attempt === attempts || isSilent)
      throw new Error(`the API at ${api.server.host} ${complaint(outcome)}`);
    await pause(pauseBetween);
  }
}

interface Failure {
  readonly failure: string;
}

const silence = "no answer in time";

async function tryOnce(
  api: KubernetesApi,
  path: string,
  message: ApiMessage | undefined,
): Promise<ApiAnswer | Failure> {
  try {
    return await api.request(path, message);
  } catch (error) {
    const { code, message: text } = error as Error & { readonly code?: string };
    return { failure: code === "UAP_TIMEOUT" ? silence : (code ?? text) };
  }
}

function complaint(outcome: ApiAnswer | Failure): string {
  return "failure" in outcome ? `does not answer (${outcome.failure}).` : `answers ${outcome.status}.`;
}
