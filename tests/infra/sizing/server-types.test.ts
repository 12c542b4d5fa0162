import assert from "node:assert/strict";
import { clouds, regions, type CloudName } from "../../../config/regions.ts";
import { poolSchema } from "../../../config/sections/pools.ts";
import { labelsSchema } from "../../../config/node-marks.ts";
import {
  complainAboutType,
  monthlyPrice,
  nearestTypes,
  priceLists,
} from "../../../infra/sizing/server-types.ts";

const cloudNames = Object.keys(clouds) as CloudName[];
const nuremberg = { cloud: "hetzner", region: "nbg1" } as const;

/** What is said about a pool of this type. */
function complaintAbout(cloud: CloudName, type: string, more: object = {}) {
  const pool = poolSchema.parse({ name: "main", cloud, region: regions[cloud][0], type, ...more });
  assert.ok(pool.cloud !== "on-prem");
  return complainAboutType({ ...pool, ingress: false });
}

describe("the price lists", () => {
  for (const cloud of cloudNames) {
    const { asOf, regions: listed = [], types, withdrawn } = priceLists[cloud];
    const entries = Object.entries(types);

    it(`of ${cloud} name sizes that exist, prices with a date, and places of the cloud`, () => {
      assert.match(asOf, /^2026-\d\d(-\d\d)?$/);
      assert.ok(entries.length >= 5);
      for (const [name, { vcpus, memory, disk = 1, monthly = 1, soldIn = [], monthlyIn = {} }] of entries) {
        assert.ok(vcpus >= 1 && memory >= 0.5 && disk > 0 && monthly > 0, name);
        for (const place of [...soldIn, ...Object.keys(monthlyIn)])
          assert.ok(regions[cloud].includes(place), name);
        // Memory and cores are sold in sensible shares: a figure in the wrong column is found by this.
        assert.ok(memory / vcpus >= 0.5 && memory / vcpus <= 8, name);
      }
      for (const region of listed) assert.ok(regions[cloud].includes(region), region);
      assert.ok(Object.keys(withdrawn).every((name) => !Object.hasOwn(types, name)));
    });

    it(`of ${cloud} have the example of the configuration, and names that can be labels`, () => {
      assert.equal(complaintAbout(cloud, clouds[cloud].exampleType), undefined);
      for (const [name] of entries) {
        assert.ok(labelsSchema.safeParse({ "node.kubernetes.io/instance-type": name }).success, name);
      }
    });

    it(`of ${cloud} have prices that grow with the size of their family`, () => {
      const families = Map.groupBy(entries, ([name, { arch }]) => `${name.slice(0, 3)} ${arch}`);
      for (const [family, members] of families) {
        const priced = members.flatMap(([, { vcpus, memory, monthly }]) =>
          monthly === undefined ? [] : [{ size: memory * 100 + vcpus, monthly }],
        );
        const bySize = priced.toSorted((left, right) => left.size - right.size);
        assert.deepEqual(
          bySize.map(({ monthly }) => monthly),
          priced.map(({ monthly }) => monthly).toSorted((left, right) => left - right),
          family,
        );
      }
    });
  }
});

describe("the price of a type", () => {
  it("holds the address that every server gets, where it is sold apart", () => {
    assert.equal(monthlyPrice({ ...nuremberg, type: "cpx32" }), 35.99);
    assert.equal(monthlyPrice({ cloud: "linode", region: "us-east", type: "g6-standard-4" }), 48);
  });

  it("is known only where the price list holds, or has a price of its own", () => {
    assert.equal(monthlyPrice({ cloud: "hetzner", region: "sin", type: "cpx22" }), 26.99);
    assert.equal(monthlyPrice({ cloud: "hetzner", region: "ash", type: "cpx11" }), 17.99);
    assert.equal(monthlyPrice({ cloud: "hetzner", region: "ash", type: "ccx13" }), undefined);
    assert.equal(monthlyPrice({ cloud: "aws", region: "eu-central-1", type: "t3.medium" }), 35.04);
    assert.equal(monthlyPrice({ cloud: "aws", region: "us-east-1", type: "t3.medium" }), undefined);
  });

  it("is unknown where nobody told it, or the type is not known", () => {
    assert.equal(monthlyPrice({ cloud: "linode", region: "us-ord", type: "g8-dedicated-8-2" }), undefined);
    assert.equal(monthlyPrice({ ...nuremberg, type: "constructor" }), undefined);
  });
});

describe("a type that cannot be ordered", () => {
  const withdrawn = {
    cx21: "cpx22 (2 vCPU, 4 GiB, 19.99 EUR a month)",
    cx31: "ccx13 (2 vCPU, 8 GiB, 43.49 EUR a month) or cpx32 (4 vCPU, 8 GiB, 35.99 EUR a month)",
    cx41: "ccx23 (4 vCPU, 16 GiB, 86.49 EUR a month) or cpx42 (8 vCPU, 16 GiB, 69.99 EUR a month)",
    cx22: "cpx22 (2 vCPU, 4 GiB, 19.99 EUR a month)",
  };
  for (const [type, today] of Object.entries(withdrawn)) {
    it(`because it was withdrawn is told with today's nearest: ${type}`, () => {
      const complaint = complaintAbout("hetzner", type);
      assert.match(complaint?.reason ?? "", /^was withdrawn by Hetzner; it had \d+ vCPU, \d+ GiB\.$/);
      assert.ok(complaint?.fix?.startsWith(`Take ${today}. `), complaint?.fix);
    });
  }

  it("because its region does not sell it is told with the regions that do", () => {
    const complaint = complaintAbout("hetzner", "cpx11");
    assert.deepEqual(complaint, {
      reason: "is not sold in fsn1, only in ash, hil.",
      fix: "Take cpx12 (1 vCPU, 2 GiB, 11.99 EUR a month).",
    });
  });

  it("because nobody knows it is told with the one that was probably meant", () => {
    assert.match(complaintAbout("scaleway", "dev1-l")?.fix ?? "", /^Did you mean "DEV1-L"\? /);
    assert.match(
      complaintAbout("aws", "u7in-24tb.224xlarge")?.fix ?? "",
      /^Give its size too, such as `size: \{/,
    );
    assert.match(complaintAbout("hetzner", "toString")?.reason ?? "", /^is no server type of Hetzner/);
  });

  it("is taken all the same when the pool gives its size, unless it can be no name", () => {
    const size = { cpu: 48, memory: "96Gi", disk: "1Ti" };
    assert.equal(complaintAbout("aws", "p5.48xlarge", { size }), undefined);
    assert.equal(complaintAbout("hetzner", "cx21", { size }), undefined);
    assert.match(
      complaintAbout("aws", "p5 48xlarge", { size })?.reason ?? "",
      /cannot be a server type's name/,
    );
  });

  it("is never answered with one that is sold out, of another architecture, or not sold there", () => {
    for (const region of regions.hetzner) {
      for (const wanted of Object.values(priceLists.hetzner.withdrawn)) {
        const names = nearestTypes({ cloud: "hetzner", region }, wanted).match(/c[a-z]+\d+(?= \()/g) ?? [];
        assert.ok(names.length > 0, region);
        for (const name of names) {
          assert.equal(complaintAbout("hetzner", name, { region }), undefined);
          assert.notEqual(priceLists.hetzner.types[name]?.soldOut, true);
        }
      }
    }
    const offers = (arch: "amd64" | "arm64") =>
      nearestTypes({ cloud: "aws", region: "eu-central-1" }, { vcpus: 2, memory: 8, arch });
    assert.equal(offers("amd64"), "t3.large (2 vCPU, 8 GiB, 70.08 USD a month)");
    assert.equal(offers("arm64"), "t4g.large (2 vCPU, 8 GiB, 56.06 USD a month)");
  });
});
