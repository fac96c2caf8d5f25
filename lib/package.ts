// What consumers import as "miaohui-receiver/message"; nothing in this repository imports it.

export { isCallback, readRow, readStreamRecord, type Stored } from "./archive/stream.ts";
export { labelOf } from "./message/labels.ts";
export { normalize, type Reading, readMessage } from "./message/shape.ts";
export type { Conformance } from "./message/verdict.ts";
export type * from "./schema/generated/message.d.ts";
export type { CallbackRow, MessageRow, RowKey } from "./storage/row.ts";
