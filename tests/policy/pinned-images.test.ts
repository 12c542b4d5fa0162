import assert from "node:assert/strict";
import { isMovingTag, parseImageReference } from "../../policy/image-reference.ts";
import { pinnedImages } from "../../policy/pinned-images.ts";
import { breaches, deployment, notYetKnown, object, problems } from "./resources.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("image references", () => {
  const references: readonly (readonly [string, object | undefined])[] = [
    ["nginx", { registry: "docker.io", repository: "library/nginx" }],
    ["nginx:1.29", { registry: "docker.io", repository: "library/nginx", tag: "1.29" }],
    ["grafana/grafana:12.1.0", { registry: "docker.io", repository: "grafana/grafana", tag: "12.1.0" }],
    ["index.docker.io/library/nginx:1", { registry: "docker.io", repository: "library/nginx", tag: "1" }],
    ["localhost/app:1", { registry: "localhost", repository: "app", tag: "1" }],
    ["registry:5000/app", { registry: "registry:5000", repository: "app" }],
    ["registry:5000/team/app:1.2", { registry: "registry:5000", repository: "team/app", tag: "1.2" }],
    ["[::1]:5000/app:1", { registry: "[::1]:5000", repository: "app", tag: "1" }],
    [`ghcr.io/a/b/c@${digest}`, { registry: "ghcr.io", repository: "a/b/c", digest }],
    [`ghcr.io/a/b:1.0@${digest}`, { registry: "ghcr.io", repository: "a/b", tag: "1.0", digest }],
    ["app:5000", { registry: "docker.io", repository: "library/app", tag: "5000" }],
    ["Nginx", undefined],
    ["", undefined],
    ["nginx:", undefined],
    ["nginx:1.0 ", undefined],
    ["https://ghcr.io/a/b:1", undefined],
    ["nginx@sha256:short", undefined],
  ];
  for (const [reference, parts] of references) {
    it(`"${reference}" is ${parts === undefined ? "refused" : "taken apart"}`, () => {
      assert.deepEqual(parseImageReference(reference), parts);
    });
  }

  for (const tag of [
    "latest",
    "stable",
    "main",
    "LATEST-2",
    "nightly",
    "alpine",
    "stable-alpine3.20",
    "latest-py3.11",
  ]) {
    it(`the tag "${tag}" moves`, () => {
      assert.equal(isMovingTag(tag), true);
    });
  }

  for (const tag of [
    "1",
    "1.29-alpine",
    "v1.2.3",
    "16.4-bookworm",
    "2025-07-23",
    "1.4.0-beta",
    "sha-3f2a9c1",
    "stable1",
  ]) {
    it(`the tag "${tag}" does not move`, () => {
      assert.equal(isMovingTag(tag), false);
    });
  }
});

describe("policy pinned-images", () => {
  it("passes a version and a digest, whatever the tag beside the digest", () => {
    for (const image of ["nginx:1.29.0", `nginx@${digest}`, `ghcr.io/a/b:latest@${digest}`]) {
      assert.deepEqual(problems(pinnedImages, [deployment({ image })]), []);
    }
  });

  it("fails an image without a tag, and says where and how to fix it", () => {
    assert.deepEqual(breaches(pinnedImages, [deployment({ image: "registry:5000/app" })]), [
      {
        resource: "web",
        path: "spec.template.spec.containers[0].image",
        problem: 'image "registry:5000/app" has no tag, which means "latest"',
        fix: "name a version (registry:5000/app:1.2.3) or a digest (…@sha256:…)",
      },
    ]);
  });

  it("fails a moving tag and a malformed reference, also in init and ephemeral containers", () => {
    const spec = {
      initContainers: [{ name: "init", image: "busybox:stable" }],
      ephemeralContainers: [{ name: "debugger", image: "Busy Box" }],
    };
    assert.deepEqual(problems(pinnedImages, [object("Pod", "x", { spec })]), [
      'image "busybox:stable" has the tag "stable", which moves',
      '"Busy Box" is not an image reference',
    ]);
  });

  it("asks for a registry of the allow-list, by whole path components", () => {
    const settings = { registries: ["ghcr.io", "docker.io/library"] };
    const of = (image: string): string[] => problems(pinnedImages, [deployment({ image })], settings);
    assert.deepEqual(of("nginx:1.29"), []);
    assert.deepEqual(of("ghcr.io/a/b:1"), []);
    assert.deepEqual(of("grafana/grafana:12.1.0"), [
      'image "grafana/grafana:12.1.0" comes from docker.io/grafana/grafana, which is not among the allowed registries',
    ]);
    assert.equal(of("ghcr.io.evil.example/a:1").length, 1);
    assert.equal(of(`quay.io/a/b@${digest}`).length, 1);
  });

  it("invents nothing about an image that is not known yet", () => {
    assert.deepEqual(problems(pinnedImages, [deployment({ image: notYetKnown }), deployment({})]), []);
  });
});
