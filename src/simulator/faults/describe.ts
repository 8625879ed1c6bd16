// What the history's header and the planner of the workload need to know about one use of a fault.
import type { FaultHeader } from "../../history/header.ts";
import type { FaultUse } from "../plan/schedule.ts";
import { faultNamed } from "./catalogue.ts";

/** The header entry of a fault use, but for its index. */
export function describeUse(
  use: Pick<FaultUse, "fault" | "settings" | "position">,
): Omit<FaultHeader, "index"> {
  const fault = faultNamed(use.fault);
  const settings = fault.settings.parse(use.settings);
  return {
    fault: use.fault,
    point: fault.point,
    settings: use.settings,
    onset: fault.onset,
    spares: fault.spares?.(settings) ?? true,
    selfHealing: fault.healsItself?.(settings) ?? fault.selfHealing ?? false,
    ...(use.position !== undefined && { position: use.position }),
  };
}

/** True when one of them makes the partner speak https. */
export function needTls(uses: readonly Pick<FaultUse, "fault">[]): boolean {
  return uses.some((use) => faultNamed(use.fault).needsTls);
}

/** False when no transaction can be spared from it. */
export function spares(use: Pick<FaultUse, "fault" | "settings">): boolean {
  return describeUse(use).spares;
}

/** False when `on` says nothing: it hits everyone, or no transaction at all. */
export function targets({ fault: name, settings }: Pick<FaultUse, "fault" | "settings">): boolean {
  const fault = faultNamed(name);
  return fault.targets?.(fault.settings.parse(settings)) ?? spares({ fault: name, settings });
}
