import { serve } from "../protocol/serve.ts";
import { tls } from "./provider.ts";

await serve(tls());
