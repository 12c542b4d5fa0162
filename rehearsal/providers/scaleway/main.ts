import { serve } from "../protocol/serve.ts";
import { scaleway } from "./provider.ts";

await serve(scaleway());
