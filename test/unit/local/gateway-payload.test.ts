import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOf, eventOf } from "../../../local/gateway-payload.ts";

const AT = Date.UTC(2026, 7, 7, 1, 37, 53, 815);

function event(
	url: string,
	headersDistinct: Record<string, string[]> = {},
	body: Buffer = Buffer.alloc(0),
) {
	const request = { method: "POST", url, headersDistinct, httpVersion: "1.1" };
	return eventOf(request, body, "r-1", AT);
}

const withBody = (body: Buffer, ...types: string[]) =>
	event("/message", types.length > 0 ? { "content-type": types } : {}, body);

test("a request with everything", () => {
	const headers = {
		host: ["127.0.0.1:3000"],
		"user-agent": ["curl/8"],
		"content-type": ["application/json"],
		"x-twice": ["a", "b, c"],
		cookie: ["one=1; two=2", "three=3"],
	};
	expect(event("/room/joined?a=1&a=2", headers, Buffer.from("{}"))).toEqual({
		version: "2.0",
		routeKey: "$default",
		rawPath: "/room/joined",
		rawQueryString: "a=1&a=2",
		cookies: ["one=1", "two=2", "three=3"],
		headers: {
			host: "127.0.0.1:3000",
			"user-agent": "curl/8",
			"content-type": "application/json",
			"x-twice": "a,b, c",
		},
		requestContext: {
			accountId: "000000000000",
			apiId: "local",
			domainName: "localhost",
			domainPrefix: "localhost",
			http: {
				method: "POST",
				path: "/room/joined",
				protocol: "HTTP/1.1",
				sourceIp: "127.0.0.1",
				userAgent: "curl/8",
			},
			requestId: "r-1",
			routeKey: "$default",
			stage: "$default",
			time: "07/Aug/2026:01:37:53 +0000",
			timeEpoch: AT,
		},
		body: "{}",
		isBase64Encoded: false,
	});
});

test("without cookies and body there are no such fields", () => {
	const bare = event("/");
	expect(bare).not.toHaveProperty("cookies");
	expect(bare).not.toHaveProperty("body");
	expect(bare.isBase64Encoded).toBe(false);
});

test.each([
	["/", "/", ""],
	["//a/./../b/", "//a/./../b/", ""],
	["/a?", "/a", ""],
	["/a?b=%20+c&d=%e6%b1%89?e=/", "/a", "b=%20+c&d=%e6%b1%89?e=/"],
	["/a%20b+c/%E6%B1%89%2F%2541", "/a b+c/汉/%41", ""],
	["/100%/%ff%zz", "/100%/%ff%zz", ""],
])("%s has the path %s and the query %j", (url, rawPath, rawQueryString) => {
	const { requestContext, ...rest } = event(url);
	expect(rest).toMatchObject({ rawPath, rawQueryString });
	expect(requestContext.http.path).toBe(rawPath);
});

describe("a body", () => {
	const json = Buffer.from('{"text":"汉😀"}');

	test.each([
		"application/json",
		"Application/JSON ; charset=utf-8",
		"application/json; charset=gbk",
		"application/xml",
		"application/javascript",
		"text/plain",
		"text/x-anything",
	])("of type %s comes as text when it is UTF-8, as Base64 when it is not", (type) => {
		expect(withBody(json, type)).toMatchObject({
			body: '{"text":"汉😀"}',
			isBase64Encoded: false,
		});
		expect(withBody(Buffer.from([0xff, 0xc0]), type)).toMatchObject({
			body: "/8A=",
			isBase64Encoded: true,
		});
	});

	test.each([
		[["application/octet-stream"]],
		[["application/x-www-form-urlencoded"]],
		[["application/problem+json"]],
		[["multipart/form-data; boundary=text/plain"]],
		[["application/json", "application/json"]],
		[[]],
	])("of type %j comes as Base64", (types) => {
		expect(withBody(json, ...types)).toMatchObject({
			body: json.toString("base64"),
			isBase64Encoded: true,
		});
	});

	test("keeps its byte order mark", () => {
		const marked = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]);
		expect(withBody(marked, "application/json").body).toBe("\uFEFF{}");
	});

	test.each([
		["a lone surrogate", [0xed, 0xa0, 0x80]],
		["an overlong slash", [0xc0, 0xaf]],
		["half a character", [0xe6, 0xb1]],
	])("with %s is no UTF-8", (_, bytes) => {
		expect(withBody(Buffer.from(bytes), "application/json").isBase64Encoded).toBe(true);
	});

	test("is the same bytes again, whatever they are", () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 1 }),
				fc.constantFrom("text/plain", "image/png"),
				(bytes, type) => {
					const { body = "", isBase64Encoded } = withBody(Buffer.from(bytes), type);
					const back = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
					expect(back).toEqual(Buffer.from(bytes));
				},
			),
		);
	});
});

describe("what Lambda says", () => {
	const returned = (result: unknown): Response => Response.json(result);

	test("is sent as the function wants it", async () => {
		const headers = { "content-type": "application/json; charset=utf-8", "x-number": 7 };
		const result = { statusCode: 401, headers, body: '{"errcode":40014}' };
		expect(await answerOf(returned(result))).toEqual({
			status: 401,
			headers: { "content-type": "application/json; charset=utf-8", "x-number": "7" },
			body: '{"errcode":40014}',
		});
	});

	test("is decoded from Base64", async () => {
		const result = { statusCode: 200, body: "/8A=", isBase64Encoded: true };
		expect(await answerOf(returned(result))).toEqual({
			status: 200,
			headers: {},
			body: Buffer.from([0xff, 0xc0]),
		});
	});

	test("may be a status only", async () => {
		expect(await answerOf(returned({ statusCode: 204 }))).toEqual({
			status: 204,
			headers: {},
			body: "",
		});
	});

	const unhandled = { "x-amz-function-error": "Unhandled" };
	test.each<[string, Response]>([
		["an exception", Response.json({ errorMessage: "x", trace: [] }, { headers: unhandled })],
		[
			"an exception that looks like a result",
			Response.json({ statusCode: 200, body: "ok" }, { headers: unhandled }),
		],
		["no such function", Response.json({ statusCode: 200 }, { status: 404 })],
		["an error of Lambda", Response.json({ statusCode: 200 }, { status: 500 })],
		["nothing", new Response(null, { status: 204 })],
		["half a result", new Response('{"statusCode":200,"bo')],
		["null", returned(null)],
		["a text", returned("ok")],
		["a list", returned([{ statusCode: 200 }])],
		["no status", returned({ body: "ok" })],
		["a status as text", returned({ statusCode: "200" })],
		["a broken status", returned({ statusCode: 200.5 })],
		["a status that is not final", returned({ statusCode: 100 })],
		["a status that is too large", returned({ statusCode: 600 })],
		["a body that is no text", returned({ statusCode: 200, body: { ok: true } })],
		["a flag that is none", returned({ statusCode: 200, body: "ok", isBase64Encoded: "true" })],
		["headers that are a list", returned({ statusCode: 200, headers: ["a"] })],
		["a header that is no text", returned({ statusCode: 200, headers: { a: { b: 1 } } })],
		["a header with a line break", returned({ statusCode: 200, headers: { a: "b\r\nc: d" } })],
		["a header without a name", returned({ statusCode: 200, headers: { "": "b" } })],
	])("is an Internal Server Error when it is %s", async (_, invocation) => {
		expect(await answerOf(invocation)).toEqual({
			status: 500,
			headers: { "content-type": "application/json" },
			body: '{"message":"Internal Server Error"}',
		});
	});

	test("is Request Entity Too Large when the event is", async () => {
		expect(await answerOf(Response.json({}, { status: 413 }))).toEqual({
			status: 413,
			headers: { "content-type": "application/json" },
			body: '{"message":"Request Entity Too Large"}',
		});
	});
});
