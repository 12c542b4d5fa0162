import assert from "node:assert/strict";
import { parse } from "yaml";
import { portalFileNames, portalFiles } from "../../platform/devops/portal/files.ts";

const links = [
  {
    group: "data",
    title: "Mosquitto",
    description: "takes messages",
    url: "mqtts://mqtt.data.lab.example.org:8883",
  },
  { group: "devops", title: "Git", description: "keeps sources", url: "https://git.lab.example.org" },
  { group: "data", title: "Kibana", description: "shows logs", url: "https://kib.data.lab.example.org" },
];

describe("the portal's files", () => {
  it("are all there, since the image cannot create missing ones", () => {
    assert.deepEqual(Object.keys(portalFiles("lab", [])).sort(), [...portalFileNames].sort());
  });

  it("group the links by layer and show addresses that a browser cannot open as text", () => {
    assert.deepEqual(parse(portalFiles("lab", links)["services.yaml"]), [
      {
        data: [
          { Mosquitto: { description: "takes messages (mqtts://mqtt.data.lab.example.org:8883)" } },
          { Kibana: { href: "https://kib.data.lab.example.org", description: "shows logs" } },
        ],
      },
      { devops: [{ Git: { href: "https://git.lab.example.org", description: "keeps sources" } }] },
    ]);
  });
});
