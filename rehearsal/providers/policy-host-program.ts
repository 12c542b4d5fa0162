// Pulumi's own runner of policy packs, which by itself would outlive an engine that was killed.
import { engineEnd } from "./protocol/engine-end.ts";

void engineEnd().then(() => process.exit());
await import("@pulumi/pulumi/cmd/run-policy-pack/index.js");
