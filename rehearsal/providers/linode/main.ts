import { serve } from "../protocol/serve.ts";
import { linode } from "./provider.ts";

await serve(linode());
