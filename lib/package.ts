// What consumers import as "miaohui-receiver/message"; here only examples/ does.

export { isCallback, readRow, readStreamRecord, type Stored } from "./archive/stream.ts";
export { labelOf } from "./message/labels.ts";
export { normalize, type Reading, readMessage } from "./message/shape.ts";
export type { Conformance } from "./message/verdict.ts";
export type * from "./schema/generated/message.d.ts";
export { type CallbackRow, type MessageRow, type RowKey, STORING_SHARDS } from "./storage/row.ts";
