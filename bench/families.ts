/** Texts that somebody may write to make the receiver slow; whoever thinks of another adds it. */
export interface Family {
	readonly name: string;
	/** @returns a request of about so many bytes; `token` is to let it in or not. */
	make(bytes: number, token: string): HostileRequest;
}

/** What a family varies of a request. */
export interface HostileRequest {
	readonly body: string;
	readonly path?: string;
	readonly query?: string;
}

const fill = (unit: string, bytes: number): string =>
	unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)));

/** A message with more members in `data`, of which the token comes last. */
const message = (members: string, token: string): HostileRequest => ({
	body: `{"data":{"messageId":"m","chatId":"c","type":7,"timestamp":1767225602000,${members},"token":"${token}"}}`,
});

const inText = (name: string, unit: string): Family => ({
	name,
	make: (bytes, token) => message(`"payload":{"text":"${fill(unit, bytes)}"}`, token),
});

const asMembers = (name: string, unit: string): Family => ({
	name,
	make: (bytes, token) => message(`${fill(`${unit},`, bytes)}"z":1`, token),
});

export const families: readonly Family[] = [
	inText("letters", "a"),
	inText("backslashes", String.raw`\\`),
	inText("quotes", String.raw`\"`),
	inText("\\u escapes", String.raw`\u0061`),
	inText("% escapes", "%61"),
	inText("%25", "%25"),
	inText("zeros", String.raw`\u0000`),
	inText("spaces", " "),
	inText("Chinese", "长"),
	inText("24 hex digits, again and again", "65f0a1b2c3d4e5f60718293c "),
	inText("the word token", '\\"token\\":'),
	asMembers("keys with a space", '"type ":1'),
	asMembers("duplicate members", '"chatId":"d"'),
	asMembers("duplicate data in data", '"data":{}'),
	asMembers("token, again and again", '"token":"a"'),
	{
		name: "dotted keys",
		make(bytes, token) {
			const keys = Array.from({ length: bytes / 20 }, (_, n) => `"artwork.${n}":1`);
			return message(`"payload":{"text":"x",${keys.join()}}`, token);
		},
	},
	{
		name: "brackets",
		make: (bytes, token) => message(`"x":${fill("[", bytes / 2)}${fill("]", bytes / 2)}`, token),
	},
	{
		name: "objects in objects",
		make: (bytes, token) =>
			message(`"x":${fill('{"a":', (bytes / 6) * 5)}1${fill("}", bytes / 6)}`, token),
	},
	{
		name: "numbers where names belong",
		make: (bytes, token) =>
			message(`"payload":{"text":"x","mention":[${fill("1,", bytes)}1]}`, token),
	},
	{
		name: "a long id",
		make: (bytes, token) => message(`"messageId":"${fill("m", bytes)}"`, token),
	},
	{
		name: "a number of many digits as id",
		make: (bytes, token) => message(`"messageId":${fill("1", bytes)}`, token),
	},
	{
		name: "the accepted token, again and again",
		make: (bytes, token) => message(`"payload":{"text":"${fill(token, bytes)}"}`, token),
	},
	{
		name: "a long path",
		make: (bytes, token) => ({ ...message('"a":1', token), path: `/${fill("a/", bytes)}` }),
	},
	{
		name: "a long query",
		make: (bytes, token) => ({ ...message('"a":1', token), query: fill("token=a&", bytes) }),
	},
];
