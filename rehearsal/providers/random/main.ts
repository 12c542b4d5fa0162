import { serve } from "../protocol/serve.ts";
import { random } from "./provider.ts";

await serve(random());
