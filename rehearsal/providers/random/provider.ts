import type { Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";
import { randomBytesResource } from "./bytes.ts";
import { password, string } from "./characters.ts";
import { integer } from "./integer.ts";
import { identifier } from "./identifier.ts";
import { pet } from "./pet.ts";
import { shuffle } from "./shuffle.ts";
import { uuid4, uuid7 } from "./uuid.ts";

/** Stand-in for the `random` provider: real randomness, kept in the state, replaced when an input changes. */
export function random(): Provider {
  return providerOf("random", {
    "random:index/randomBytes:RandomBytes": randomBytesResource,
    "random:index/randomId:RandomId": identifier,
    "random:index/randomInteger:RandomInteger": integer,
    "random:index/randomPassword:RandomPassword": password,
    "random:index/randomPet:RandomPet": pet,
    "random:index/randomShuffle:RandomShuffle": shuffle,
    "random:index/randomString:RandomString": string,
    "random:index/randomUuid:RandomUuid": uuid4,
    "random:index/randomUuid4:RandomUuid4": uuid4,
    "random:index/randomUuid7:RandomUuid7": uuid7,
  });
}
