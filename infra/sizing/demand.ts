import { parseCpu, parseQuantity } from "../../config/quantities.ts";
import type { Budget } from "../../config/systems.ts";
import type { Demand } from "./fit.ts";

/** A system's budget in plain numbers. */
export function demandOf(system: string, budget: Budget): Demand {
  return {
    system,
    milliCpu: parseCpu(budget.cpu),
    memory: parseQuantity(budget.memory),
    storage: budget.storage === undefined ? 0 : parseQuantity(budget.storage),
    perNode: budget.perNode
      ? { milliCpu: parseCpu(budget.perNode.cpu), memory: parseQuantity(budget.perNode.memory) }
      : { milliCpu: 0, memory: 0 },
  };
}
