import { z } from "zod";
import { withStack } from "../session/session.ts";
import type { RunOptions } from "../session/options.ts";
import { table } from "../report/table.ts";
import { heading } from "./heading.ts";

const accountsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** Prints the generated accounts on standard output: the one command that shows secrets, because it was asked to. */
export async function credentials(options: RunOptions): Promise<void> {
  heading(options, "credentials");
  await withStack(options, async (stack) => {
    const outputs = await stack.outputs();
    const accounts = accountsSchema.parse(outputs.credentials?.value ?? {});
    if (options.json) {
      process.stdout.write(`${JSON.stringify(accounts, undefined, 2)}\n`);
      return;
    }
    const rows = Object.entries(accounts).flatMap(([system, passwords]) =>
      Object.entries(passwords).map(([account, password]) => [system, account, password]),
    );
    const columns = [{ heading: "system" }, { heading: "account" }, { heading: "password" }];
    const text = table(options.terminal, "Accounts", columns, rows);
    process.stdout.write(text === "" ? "The stack has no accounts.\n" : `${text}\n`);
  });
}
