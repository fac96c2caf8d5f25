import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Answer, told } from "../../../lib/check/finding.ts";
import { knock, sendProbe } from "../../../lib/check/probe.ts";
import { refusals } from "../../../lib/intake/reply.ts";
import { callbackRow } from "../../../lib/storage/row.ts";
import { en } from "../../../lib/words/en.ts";
import { listenOn } from "../../../local/port.ts";

// A server that stands for the stage and for its table.

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const taken = { status: 200, errcode: 0, errmsg: "ok" };

let answers: Readonly<Record<string, { status: number; body?: string }>> = {};
let posted: Record<string, string[]> = {};
/** What GetItem finds, one look after the other. */
let found: readonly (string | undefined)[] = [];
let asked: Record<string, unknown>[] = [];
const server = createServer(async (request, response) => {
	const body = await text(request);
	const path = request.url ?? "";
	if (request.headers["x-amz-target"] === undefined) {
		posted[path] = [...(posted[path] ?? []), body];
		const isJson = request.headers["content-type"] === "application/json";
		const { status, body: said = "" } = (isJson && answers[path]) || { status: 415 };
		response.writeHead(status).end(said);
		return;
	}
	const message = found[asked.length];
	asked.push(JSON.parse(body));
	if (message === "no table") {
		response.writeHead(400).end(JSON.stringify({ __type: "x#ResourceNotFoundException" }));
		return;
	}
	const [probe] = posted["/probe"] ?? [];
	const kept = message?.replace("PROBE", probe?.replace(TOKEN, "") ?? "");
	response.end(JSON.stringify(kept === undefined ? {} : { Item: marshall({ message: kept }) }));
});

let stop: () => Promise<void>;
let callbackUrl = "";
beforeAll(async () => {
	stop = await listenOn(server, 0);
	const url = `http://127.0.0.1:${Object(server.address()).port}`;
	callbackUrl = `${url}/message`;
	Object.assign(process.env, {
		...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
		AWS_ENDPOINT_URL_DYNAMODB: url,
	});
});
afterAll(() => stop());
beforeEach(() => {
	[posted, found, asked] = [{}, ["PROBE"], []];
});

const reply = ({ status, ...said }: { status: number }) => ({ status, body: JSON.stringify(said) });
const inEnglish = (answer: Answer) => told({ title: () => "", ...answer }, en);

describe("a probe", () => {
	const probe = async () => inEnglish(await sendProbe(callbackUrl, "t", TOKEN));

	test("becomes a row: the same text without the token, under its key", async () => {
		answers = { "/probe": reply(taken) };
		found = [undefined, '{"probe":"another"}', "PROBE"];
		const { result, detail } = await probe();
		expect(result).toBe("yes");
		expect(detail).not.toContain(TOKEN);
		const told = detail.match(/\d+/g) ?? [];
		expect(told.length).toBeGreaterThanOrEqual(2);
		for (const ms of told) expect(Number(ms)).toBeLessThan(60_000);
		const [body = ""] = posted["/probe"] ?? [];
		expect(JSON.parse(body)).toEqual({ probe: expect.stringMatching(/.{36}/), token: TOKEN });
		const line = { method: "POST", path: "probe", query: "", encoding: "utf8" } as const;
		const arrival = { receivedAt: "", blanked: 0 };
		const { pk, sk } = callbackRow(body.replace(TOKEN, ""), line, arrival);
		expect(asked).toEqual(
			found.map(() => ({ TableName: "t", Key: marshall({ pk, sk }), ConsistentRead: true })),
		);
	});

	test.each([
		["its token is refused", reply(refusals.token), en.checks.tokenRefused, en.checks.deployWithIt],
		[
			"it is not stored",
			reply(refusals.unavailable),
			"HTTP 503, -1: not stored, please send it again",
			en.checks.failing,
		],
		[
			"it is not taken",
			reply({ ...taken, ...{ errcode: 7, errmsg: "no" } }),
			"HTTP 200, 7: no",
			en.checks.failing,
		],
		["a gateway says so", { ...reply(taken), status: 502 }, "HTTP 502, 0: ok", en.checks.failing],
		[
			"something else stands there",
			{ status: 200, body: "<html>" },
			"HTTP 200, NaN: undefined",
			en.checks.failing,
		],
	])("that becomes none: %s", async (_, answer, detail, toDo) => {
		answers = { "/probe": answer };
		expect(await probe()).toEqual({ title: "", result: "no", detail, toDo });
		expect(asked).toEqual([]);
	});

	test("whose table cannot be read tells nothing", async () => {
		answers = { "/probe": reply(taken) };
		found = ["no table"];
		await expect(probe()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
	});
});

describe("what a stage must refuse", () => {
	const right = { "/probe": reply(refusals.token), "/message": reply(refusals.empty) };
	const asStranger = async (more: typeof answers) => {
		answers = { ...right, ...more };
		return inEnglish(await knock(callbackUrl));
	};

	test("a stranger, and a message without anything", async () => {
		expect(await asStranger({})).toEqual({
			...{ title: "", result: "yes" },
			detail: en.checks.refuses(callbackUrl, "HTTP 401, 40014"),
		});
		expect(posted["/message"]).toEqual([""]);
		const asked = JSON.parse(posted["/probe"]?.[0] ?? "");
		expect(asked).toEqual({ token: expect.stringMatching(/^[\da-f-]{36}$/) });
	});

	test("and a stage that does not has let everyone in, or fails", async () => {
		const { failing, deployWithTokens } = en.checks;
		const [open, away] = [reply(taken), { status: 502, body: "" }];
		expect(await asStranger({ "/probe": open })).toEqual({
			...{ title: "", result: "no", detail: en.checks.everyone, toDo: deployWithTokens },
		});
		expect(await asStranger({ "/probe": away })).toMatchObject({
			...{ result: "no", detail: en.checks.toStranger("HTTP 502, NaN"), toDo: failing },
		});
		expect(await asStranger({ "/message": away })).toMatchObject({
			...{ result: "no", detail: en.checks.toEmpty("HTTP 502, NaN"), toDo: failing },
		});
		const same = { status: refusals.token.status, body: '{"errcode":0}' };
		expect((await asStranger({ "/probe": same })).result).toBe("no");
		const other = { ...reply(refusals.token), status: 500 };
		expect((await asStranger({ "/probe": other })).result).toBe("no");
	});
});
