import { type Identity, identifies, identityOf, readType } from "./identity.ts";
import { type Fields, isObject, membersOf } from "./json-text.ts";

/** A message in one shape, whichever spelling it was received in. */
export interface Reading extends Identity {
	readonly payload: Readonly<Record<string, unknown>>;
	readonly contactName?: string;
	readonly roomTopic?: string;
	readonly botWeixin?: string;
}

/**
 * The published schema prints nested objects as dotted keys, named after the class of the object
 * (docs/platform.md "Schema"). Which class fills `subPayload` follows from the payload's own type.
 */
const SUB_PAYLOADS: Readonly<Record<string, string>> = {
	"10000/5": "RecallFailedPayload",
	"10000/6": "RoomJoinMemberPayload",
	"10001/0": "RoomJoinPayload",
	"10001/1": "RoomLeavePayload",
	"10001/2": "RoomTopicPayload",
};

/**
 * Turns either spelling of a message into one: keys without white space around them, objects nested
 * instead of dotted, `type` a number. What fits neither spelling stays where it is, and every value
 * stays as it came; an empty or null `payload` counts as none (docs/platform.md "Revisions": how
 * the first push of a picture looks is not known).
 *
 * @param body a parsed callback; it is not changed, and is itself returned when nothing differs.
 */
export function normalize(body: object): object {
	if (!("data" in body) || !isObject(body.data)) return body;
	const data = spellingOf(body.data).isSpaced ? trimKeys(body.data) : body.data;
	const type = readType(data.type) ?? data.type;
	const { payload: given, ...rest } = data;
	const payload = isObject(given) ? payloadOf(given, type) : given;
	const isNone = payload === undefined || payload === null || payload === "";
	if (data === body.data && type === data.type && payload === given && !isNone) return body;
	return {
		...body,
		data: { ...rest, ...("type" in rest && { type }), ...(!isNone && { payload }) },
	};
}

/**
 * Reads a message for whoever shows or handles it.
 *
 * @param text the JSON text of a callback, as stored.
 * @throws SyntaxError when this is no JSON.
 */
export function readMessage(text: string): Reading {
	return readWhole(text).reading;
}

/** The same, beside the whole of it in one shape: the text is parsed once for both. */
export function readWhole(text: string): { readonly reading: Reading; readonly callback: object } {
	const value: unknown = JSON.parse(text);
	const body = isObject(value) ? value : {};
	const callback = normalize(body);
	const fields: Fields = { ...callback };
	const data = isObject(fields.data) ? fields.data : fields;
	const reading = {
		...identityOf(text, body, membersOf(text, identifies)),
		...wordsOf(data),
		payload: isObject(data.payload) ? data.payload : {},
	};
	return { reading, callback };
}

function wordsOf(data: Fields): Pick<Reading, "contactName" | "roomTopic" | "botWeixin"> {
	const names = ["contactName", "roomTopic", "botWeixin"] as const;
	return Object.fromEntries(
		names
			.map((name) => [name, data[name]])
			.filter(([, value]) => typeof value === "string" && value),
	);
}

/** A key keeps its white space where the plain key stands beside it. */
function trimKeys(fields: Fields): Fields {
	return Object.fromEntries(
		Object.entries(fields).map(([key, value]) => {
			const name = key.trim();
			return [Object.hasOwn(fields, name) ? key : name, value];
		}),
	);
}

/** What the published schema's spelling does to keys; most messages have none of it. */
function spellingOf(fields: Fields): { readonly isSpaced: boolean; readonly isDotted: boolean } {
	let isSpaced = false;
	let isDotted = false;
	for (const key in fields) {
		isSpaced ||= hasSpaceAround(key);
		isDotted ||= key.includes(".");
	}
	return { isSpaced, isDotted };
}

/** Most keys begin and end with a letter, which needs no copy to be seen. */
function hasSpaceAround(key: string): boolean {
	if (isLetter(key.charCodeAt(0)) && isLetter(key.charCodeAt(key.length - 1))) return false;
	return key.trim() !== key;
}

function isLetter(unit: number): boolean {
	return unit > 0x20 && unit < 0x7f;
}

function payloadOf(given: Fields, type: unknown): Fields {
	const { isSpaced, isDotted } = spellingOf(given);
	const trimmed = isSpaced ? trimKeys(given) : given;
	return isDotted ? nest(trimmed, type) : trimmed;
}

function nest(payload: Fields, type: unknown): Fields {
	const subPayload = subPayloadOf(type, payload.type ?? payload.wechatSystemPayloadType);
	const outer: [string, unknown][] = [];
	const inner: Record<"subPayload" | "artwork", [string, unknown][]> = {
		subPayload: [],
		artwork: [],
	};
	for (const key in payload) {
		const dot = key.indexOf(".");
		const owner = dot < 0 ? "" : key.slice(0, dot);
		const name = owner === subPayload ? "subPayload" : owner;
		if (name === "subPayload" || name === "artwork") {
			const next = key.indexOf(".", dot + 1);
			inner[name].push([key.slice(dot + 1, next < 0 ? undefined : next), payload[key]]);
		} else outer.push([key, payload[key]]);
	}
	for (const name of ["subPayload", "artwork"] as const) {
		if (inner[name].length === 0) continue;
		// Of two dotted forms the first counts, and what stands nested already outranks both.
		const fields = Object.fromEntries(inner[name].reverse());
		const nested = payload[name];
		outer.push([name, isObject(nested) ? { ...fields, ...nested } : fields]);
	}
	return Object.fromEntries(outer);
}

/** Both may be anything that a sender wrote. */
function subPayloadOf(type: unknown, kind: unknown): string | undefined {
	return SUB_PAYLOADS[`${readType(type)}/${readType(kind)}`];
}
