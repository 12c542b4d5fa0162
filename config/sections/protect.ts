import { z } from "zod";

/** The key `uap:protect`: whether servers, volumes and DNS zones are protected from deletion. */
export const protectSchema = z
  .boolean()
  .optional()
  .describe("true when servers, volumes and DNS zones must not be deleted, or false");
