// Reads parsed but unchecked data: the helpers of lib, under the name that the loaders know.
export { entriesOf, lookup } from "../../lib/data-path.ts";
