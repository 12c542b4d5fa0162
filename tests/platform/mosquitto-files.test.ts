import assert from "node:assert/strict";
import {
  mosquittoConfiguration,
  mosquittoPassword,
  mosquittoTopics,
} from "../../platform/data/mosquitto/files.ts";
import { mosquittoOptions } from "../../platform/data/mosquitto/options.ts";

describe("Mosquitto's files", () => {
  it("lets nobody in without an account, on any listener", () => {
    const lines = mosquittoConfiguration().split("\n");
    assert.equal(lines[0], "allow_anonymous false");
    assert.deepEqual(
      lines.filter((line) => line.startsWith("listener ")),
      ["listener 1883", "listener 8883"],
    );
    assert.ok(!lines.some((line) => line.includes("allow_anonymous true")));
  });

  it("serves devices outside over TLS only", () => {
    const [, outside] = mosquittoConfiguration().split("listener 8883\n");
    assert.match(outside ?? "", /^certfile .*tls\.crt\nkeyfile .*tls\.key\ntls_version tlsv1\.2$/m);
  });

  // The line below was accepted by a real broker (2.0.11) with this password, and refused with another.
  it("hashes a password as the broker expects it", () => {
    assert.equal(
      mosquittoPassword("sensor", "correct-horse", "HzeAZD9HWY1himWV"),
      "sensor:$7$1000$HzeAZD9HWY1himWV$cFfc3nmSHdmE4G8U7e7QiR+7PPC2YOs11TOGn5J/QE2uzf5iDvC3akUWeLpPsCtNdhtr+iFe8FTOJ5ZU7ajgVw==",
    );
  });

  it("gives every account its own topics", () => {
    const topics = mosquittoTopics([
      { name: "sysop", publish: ["#"], subscribe: ["#"] },
      { name: "sensor", publish: ["sensor/#"], subscribe: [] },
    ]);
    assert.equal(topics, "user sysop\ntopic write #\ntopic read #\n\nuser sensor\ntopic write sensor/#\n");
  });
});

describe("Mosquitto's options", () => {
  const topic = (filter: string) =>
    mosquittoOptions.safeParse({ accounts: [{ name: "a", publish: [filter] }] }).success;

  it("accept the topic filters of MQTT", () => {
    for (const filter of ["#", "sensor/#", "sensor/+", "+/temperature", "factory/hall-1/+/state"]) {
      assert.ok(topic(filter), filter);
    }
  });

  it("refuse what the broker would stop at", () => {
    for (const filter of ["", "sensor#", "sensor/#/a", "a b", "sensor/a+"]) assert.ok(!topic(filter), filter);
  });

  it("refuse two accounts of one name", () => {
    assert.ok(!mosquittoOptions.safeParse({ accounts: [{ name: "a" }, { name: "a" }] }).success);
  });
});
