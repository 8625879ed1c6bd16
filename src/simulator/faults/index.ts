// The faults as others use them: the record, and the schema of one entry of `faults:`.
export { FAULT_NAMES, type FaultName, faultNamed, faults } from "./catalogue.ts";
export { faultUseSchema } from "./use.ts";
