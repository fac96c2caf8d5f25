/** The violation of a message that our own code could not handle; nothing of the message is in it. */
export function unexpected(error: unknown): string {
	return `unexpected ${error instanceof Error ? error.name : "error"}`;
}
