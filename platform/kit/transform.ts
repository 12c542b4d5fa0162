/**
 * The escape hatch of a building block: changes the arguments of one child just before the child is made.
 *
 * @example `transform: { deployment: (args) => ({ ...args, metadata: { ...args.metadata, annotations } }) }`
 */
export type Transform<Args> = (args: Args) => Args;

/** Applies a transform if there is one. */
export function transformed<Args>(args: Args, transform: Transform<Args> | undefined): Args {
  return transform ? transform(args) : args;
}
