/** The Ubuntu release that servers start with: the long-term one that every cloud has an image of. */
export const ubuntu = { version: "26.04", codename: "resolute" } as const;
