import { type Identity, identityOf } from "./identity.ts";

/** A message in one shape, whichever spelling it was received in. */
export interface Reading extends Identity {
	readonly payload: Readonly<Record<string, unknown>>;
	readonly contactName?: string;
	readonly roomTopic?: string;
	readonly botWeixin?: string;
}

/**
 * The published schema prints nested objects as dotted keys, named after the class of the object
 * (domain.md §5.2, F01 to F03). Which class fills `subPayload` follows from the payload's own type.
 */
const SUB_PAYLOADS: Readonly<Record<string, string>> = {
	"10000/5": "RecallFailedPayload",
	"10000/6": "RoomJoinMemberPayload",
	"10001/0": "RoomJoinPayload",
	"10001/1": "RoomLeavePayload",
	"10001/2": "RoomTopicPayload",
};

/**
 * Reads a message whose keys are spelled as in the traffic or as in the published schema, with
 * trailing TABs and dotted names. What fits neither stays where it is. Fields that are empty, null
 * or of another type are left out; `payload` keeps its values as they came.
 *
 * @param text the JSON text of a message.
 */
export function readMessage(text: string): Reading {
	const body = trimKeys(JSON.parse(text));
	const data = isObject(body.data) ? trimKeys(body.data) : body;
	const identity = identityOf(text);
	return {
		...identity,
		...wordsOf(data),
		payload: isObject(data.payload) ? nest(trimKeys(data.payload), identity.type) : {},
	};
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value);
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

function nest(payload: Fields, type: number | undefined): Fields {
	const kind = payload.type ?? payload.wechatSystemPayloadType;
	const subPayload = SUB_PAYLOADS[`${type}/${kind}`];
	let nested = payload;
	for (const [key, value] of Object.entries(payload)) {
		const [owner = "", field] = key.split(".", 2);
		const name = owner === subPayload ? "subPayload" : owner;
		if (field === undefined || (name !== "subPayload" && name !== "artwork")) continue;
		const { [key]: _moved, ...rest } = nested;
		const outer = isObject(rest[name]) ? rest[name] : {};
		nested = { ...rest, [name]: { [field]: value, ...outer } };
	}
	return nested;
}
