// The engine's way into the pack. It is JavaScript because Pulumi's runner compiles a TypeScript entry by itself, with type
// checks and without the project's settings; what this file imports is read by Node, which strips the types.
import { flushCompileCache } from "node:module";
import "./index.ts";

// The engine ends the pack by a signal, and what Node compiled would be lost to the next start.
flushCompileCache();
