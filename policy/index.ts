import { PolicyPack } from "@pulumi/policy";
import { toPulumiPolicies } from "./analyzer.ts";
import { policies } from "./policies.ts";

/** The pack that the engine runs. Starting it is its only effect, so nothing else imports this file. */
new PolicyPack("uap", { policies: toPulumiPolicies(policies), enforcementLevel: "mandatory" });
