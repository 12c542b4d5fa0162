import { configureGlobal } from "fast-check";
import Mocha from "mocha";

/**
 * Property tests draw the same values on every run, so that a change is never blamed for what it did not do. `SEED` draws others:
 * `SEED=$RANDOM make test` looks for more.
 */
configureGlobal({ seed: Number(process.env.SEED ?? 20_261_121) });

/** A test that waits for a real engine or API server may take this long, in milliseconds. */
const timeout = 120_000;

/** Runs the test files named on the command line and tells the parent process how many passed and failed. */
const mocha = new Mocha({ timeout, reporter: "spec", forbidOnly: true });
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();

const runner = mocha.run((failed) => {
  const passed = runner.stats?.passes ?? 0;
  process.send?.({ passed, failed }, () => process.exit());
});
