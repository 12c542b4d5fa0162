import { serve } from "../protocol/serve.ts";
import { aws } from "./provider.ts";

await serve(aws());
