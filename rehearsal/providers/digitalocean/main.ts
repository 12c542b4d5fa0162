import { serve } from "../protocol/serve.ts";
import { digitalocean } from "./provider.ts";

await serve(digitalocean());
