import { serve } from "../protocol/serve.ts";
import { command } from "./provider.ts";

await serve(command());
