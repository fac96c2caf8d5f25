/**
 * What the functions log of a message: written by them, read by the console. Names that are also what
 * a step of the way has come to (`queued`, `stored` and so on) are logged as they are called.
 */
export const events = {
	queued: "queued",
	written: "written",
	stored: "stored",
	revision: "revision",
	duplicate: "duplicate",
	refused: "refused",
	notQueued: "the queue did not take a message",
	notWritten: "the table did not take a message",
	notStored: "a message was not stored",
	setAside: "a message was set aside",
	netted: "kept by the last net",
	unexpected: "unexpected",
	noPause: "no pause was set",
	missed: "the platform has messages that no callback brought",
	compared: "the table has all that the platform has",
	putOff: "messages wait in the queue, so nothing was compared",
} as const;
