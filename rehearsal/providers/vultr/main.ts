import { serve } from "../protocol/serve.ts";
import { vultr } from "./provider.ts";

await serve(vultr());
