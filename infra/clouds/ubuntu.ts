/**
 * The Ubuntu release that servers start with: the long-term one that every cloud has an image of. Each cloud names the image in its own way;
 * the names were found in use in 2026 at all six, at Scaleway only in what its customers publish.
 */
export const ubuntu = { version: "26.04", codename: "resolute" } as const;
