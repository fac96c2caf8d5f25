import { sampleBody } from "../samples/samples.ts";
import type { Draft, SampleChoice } from "./protocol.ts";

/** What differs each time that a sample is sent. */
export interface Occasion {
	/** Makes an id like the platform's: 32 hex digits. */
	readonly newId: () => string;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** A file of each type, in the order in which a person looks for them, the commonest first. */
const TYPES: ReadonlyMap<number, string> = new Map([
	[7, "t07-text-2025-private"],
	[6, "t06-image-push3-artwork"],
	[2, "t02-voice-natural"],
	[13, "t13-video-natural"],
	[1, "t01-file-natural-size"],
	[12, "t12-link-natural"],
	[9, "t09-mini-natural"],
	[14, "t14-channels"],
	[8, "t08-location-nested-number"],
	[3, "t03-card-natural"],
	[5, "t05-emoticon-natural"],
	[4, "t04-history-content"],
	[10, "t10-money-content"],
	[11, "t11-recall-content-is-messageid"],
	[15, "t15-call"],
	[16, "t16-solitaire-empty"],
	[9999, "t9999-invite-natural"],
	[10000, "t10000-recall-failed"],
	[10001, "t10001-topic"],
	[0, "t00-unknown-content"],
]);

/** What shows how the receiver keeps its promise. */
const STORIES: Readonly<Record<string, (occasion: Occasion) => Draft[]>> = {
	retry: (occasion) => sameMessage(occasion, ["dup-retry-1", "dup-retry-2"]),
	revision: (occasion) =>
		sameMessage(occasion, [
			"t06-image-push1-no-media",
			"t06-image-push2-thumb",
			"t06-image-push3-artwork",
		]),
	twoBots: (occasion) => sameMessage(occasion, ["dup-room-two-bots-a", "dup-room-two-bots-b"]),
	room: (occasion) => [message(occasion, "t07-text-verbatim-room")],
	reply: (occasion) => [message(occasion, "t07-self-console-sendby")],
	documented: (occasion) => [message(occasion, "t07-text-verbatim-tabs")],
	future: (occasion) => [message(occasion, "t42-future-type")],
	hostile(occasion) {
		const text = `<img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script> \u202egpj.exe\u202c \u0000\u001b[31m \ud83d`;
		const fields = { payload: { text, __proto__x: "{{7*7}}" }, contactName: "<b>攻击者</b>" };
		return [message(occasion, "t07-text-2025-private", fields)];
	},
	notJson: () => [post("message", sampleBody("b-truncated"))],
	callback({ now }) {
		const body = {
			token: "",
			roomId: "R:10900000000000001",
			joinedAt: now,
			members: ["示例客户甲"],
		};
		return [post("room/joined", JSON.stringify(body))];
	},
};

/** All samples, in the order of the page's menu. */
export const sampleChoices: readonly SampleChoice[] = [
	...[...TYPES.keys()].map((type) => ({ id: `type${type}`, type })),
	...Object.keys(STORIES).map((id) => ({ id })),
];

/**
 * Makes the requests of a sample: new ids and times each time, so that each is a new message. Where the
 * token stands, it is empty.
 *
 * @returns the requests in their order, or undefined when there is no such sample.
 */
export function requestsOf(id: string, occasion: Occasion): Draft[] | undefined {
	if (Object.hasOwn(STORIES, id)) return STORIES[id]?.(occasion);
	const type = sampleChoices.find((sample) => sample.id === id)?.type;
	const name = type === undefined ? undefined : TYPES.get(type);
	return name === undefined ? undefined : [message(occasion, name)];
}

/** The message of a file as a new one, sent now. */
function message(
	{ newId, now }: Occasion,
	name: string,
	fields: Readonly<Record<string, unknown>> = {},
): Draft {
	const { data } = JSON.parse(sampleBody(name));
	const timestamp = typeof data.timestamp === "string" ? String(now) : now;
	const changed = { ...data, messageId: newId(), timestamp, token: "", ...fields };
	return post("message", JSON.stringify({ data: changed }));
}

/** Several files as one message under one id. */
function sameMessage(occasion: Occasion, names: readonly string[]): Draft[] {
	const id = occasion.newId();
	return names.map((name) => message({ ...occasion, newId: () => id }, name));
}

function post(path: string, text: string): Draft {
	return { method: "POST", path, body: { text, encoding: "utf8" } };
}
