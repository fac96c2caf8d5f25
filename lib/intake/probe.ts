import { callbackKey, type RowKey } from "../storage/row.ts";

/**
 * Below the base URL: where an owner posts a probe, to see a callback become a row.
 *
 * A probe goes the whole way of a message (API, receive, queue, store, table) as one of the other
 * callbacks. It is no message with a mark of its own: then whoever can make the platform carry such a
 * mark could hide a message. Only the path makes a probe, and no sender of a message chooses that; what
 * is posted to `message` is a message, whatever it says of itself. So nothing has to look for probes to
 * leave them out: they lie apart from messages, under their path, and are shown where callbacks are.
 */
export const PROBE = "probe";

const KEY = callbackKey(PROBE);

/** Whether a row is a probe's: all of them share a partition. */
export function isProbe({ pk }: Pick<RowKey, "pk">): boolean {
	return pk === KEY;
}
