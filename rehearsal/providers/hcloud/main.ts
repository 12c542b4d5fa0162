import { serve } from "../protocol/serve.ts";
import { hcloud } from "./provider.ts";

await serve(hcloud());
