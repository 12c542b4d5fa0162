/** The plugin's process: the engine starts it and speaks to it. */
import { serve } from "../protocol/serve.ts";
import { KubernetesProvider } from "./provider.ts";

await serve(new KubernetesProvider());
