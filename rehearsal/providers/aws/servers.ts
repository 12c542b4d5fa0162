import { z } from "zod";
import { cloudResource } from "../../clouds/cloud-resource.ts";
import type { Resource } from "../protocol/resource.ts";
import { common, taggable } from "./taggable.ts";

const text = z.string();
const flag = z.boolean().optional();

/** Instances, and the disks that are attached to them. */
export const servers: Readonly<Record<string, Resource>> = {
  "aws:ec2/instance:Instance": taggable(
    "instance",
    {
      ami: text,
      instanceType: text,
      subnetId: text,
      privateIp: text.optional(),
      userData: text.optional(),
      keyName: text.optional(),
      iamInstanceProfile: text.optional(),
      vpcSecurityGroupIds: z.array(text).optional(),
      placementGroup: text.optional(),
      associatePublicIpAddress: flag,
      sourceDestCheck: flag,
      disableApiTermination: flag,
      metadataOptions: z
        .strictObject({
          httpEndpoint: z.enum(["enabled", "disabled"]).optional(),
          httpTokens: z.enum(["required", "optional"]).optional(),
          httpPutResponseHopLimit: z.int().min(1).max(64).optional(),
        })
        .optional(),
      rootBlockDevice: z
        .strictObject({
          volumeType: z.enum(["gp2", "gp3", "io1", "io2"]).optional(),
          volumeSize: z.int().min(1).optional(),
          encrypted: flag,
          deleteOnTermination: flag,
          tags: common.tags,
        })
        .optional(),
      instanceMarketOptions: z
        .strictObject({
          marketType: z.enum(["spot"]),
          spotOptions: z
            .strictObject({
              instanceInterruptionBehavior: z.enum(["hibernate", "stop", "terminate"]).optional(),
              maxPrice: text.optional(),
              spotInstanceType: z.enum(["one-time", "persistent"]).optional(),
              validUntil: text.optional(),
            })
            .optional(),
        })
        .optional(),
    },
    {
      // AWS changes user-data in place: the instance is stopped and started, and does not read it again.
      updatable: [
        "instanceType",
        "userData",
        "iamInstanceProfile",
        "vpcSecurityGroupIds",
        "sourceDestCheck",
        "disableApiTermination",
        "metadataOptions",
        "rootBlockDevice",
      ],
      computed: ["arn", "instanceState", "publicIp", "privateIp", "availabilityZone"],
      untold: ["userData"],
    },
  ),
  "aws:ebs/volume:Volume": taggable(
    "volume",
    {
      availabilityZone: text,
      type: z.enum(["gp2", "gp3", "io1", "io2", "st1", "sc1"]).optional(),
      size: z.int().optional(),
      iops: z.int().optional(),
      throughput: z.int().optional(),
      encrypted: flag,
    },
    { updatable: ["type", "size", "iops", "throughput"], computed: ["arn"] },
  ),
  "aws:ec2/volumeAttachment:VolumeAttachment": cloudResource({
    cloud: "aws",
    kind: "volumeAttachment",
    inputs: z.strictObject({
      region: common.region,
      deviceName: text,
      instanceId: text,
      volumeId: text,
      stopInstanceBeforeDetaching: flag,
    }),
    updatable: ["stopInstanceBeforeDetaching"],
  }),
};
