import { serve } from "../protocol/serve.ts";
import { cloudflare } from "./provider.ts";

await serve(cloudflare());
