import { expect, test } from "vitest";
import { indexNames } from "../../../lib/archive/reader.ts";
import { findAll, saidUnless, told, yes, yesUnless } from "../../../lib/check/finding.ts";
import {
	alarmsAnswer,
	deadLettersAnswer,
	functionsAnswer,
	logsAnswer,
	recoveryAnswer,
	stackAnswer,
	stateAnswer,
	subscriptionsAnswer,
	tableAnswer,
	waitingAnswer,
} from "../../../lib/check/stage.ts";
import { en } from "../../../lib/words/en.ts";

test("findings come in the order of their checks, and what cannot be looked at is not known", async () => {
	const found = [];
	const slow = Promise.withResolvers<void>();
	const checks = [
		{ title: () => "slow", look: () => slow.promise.then(() => yes(() => "done")) },
		{
			title: () => "forbidden",
			async look() {
				slow.resolve();
				throw Object.assign(new Error("no"), { name: "AccessDeniedException" });
			},
		},
	];
	for await (const finding of findAll(checks)) {
		const { title, result, toDo } = told(finding, en);
		found.push([title, result, toDo]);
	}
	expect(found).toEqual([
		["slow", "yes", undefined],
		["forbidden", "unknown", "ask with credentials that may read this"],
	]);
});

test("what cannot be looked at says why, and who may", async () => {
	const fails = (error: unknown) => ({ title: () => "t", look: () => Promise.reject(error) });
	const errors = [
		Object.assign(new Error("no"), { name: "NotAuthorized" }),
		Object.assign(new Error("no"), { name: "AuthorizationErrorException" }),
		new TypeError("no"),
		"no",
	];
	const found = [];
	for await (const finding of findAll(errors.map(fails))) found.push(told(finding, en));
	const { mayNot, askAgain } = en.checks;
	expect(found.map(({ detail, toDo }) => [detail, toDo])).toEqual([
		["NotAuthorized: no", mayNot],
		["AuthorizationErrorException: no", mayNot],
		["TypeError: no", askAgain],
		["Error: no", askAgain],
	]);
	expect(found.every(({ title, result }) => title === "t" && result === "unknown")).toBe(true);
});

test("all that is wrong is told, and what is right has nothing to do", () => {
	const [a, b, right] = ["a", "b", "right"].map((word) => () => word);
	if (!a || !b || !right) throw new Error("three are needed");
	const said = (...wrong: (() => string)[]) =>
		told({ title: a, ...yesUnless(wrong, right, b) }, en);
	expect(said()).toEqual({ title: "a", result: "yes", detail: "right" });
	expect(said(a, b)).toEqual({
		...{ title: "a", result: "no", detail: `a${en.checks.and}b`, toDo: "b" },
	});
	expect([saidUnless(true, a), saidUnless(false, a)]).toEqual([[], [a]]);
});

test.each([
	["UPDATE_COMPLETE", "yes"],
	["CREATE_COMPLETE", "yes"],
	["UPDATE_IN_PROGRESS", "unknown"],
	["UPDATE_ROLLBACK_COMPLETE", "no"],
	["ROLLBACK_COMPLETE", "no"],
	["DELETE_FAILED", "no"],
])("a stack that is %s: %s", (status, result) => {
	const stack = { status, since: "", callbackUrl: "", dashboardUrl: "", tableName: "", robot: "" };
	expect(stackAnswer(stack).result).toBe(result);
});

const running = {
	FunctionName: "receive",
	// The commands run on it.
	Runtime: "nodejs24.x",
	State: "Active",
	LastUpdateStatus: "Successful",
	Environment: { Variables: { TABLE_NAME: "t" } },
} as const;

test.each([
	[running, ["Enabled"], "yes"],
	[running, ["Disabled"], "no"],
	[running, [], "no"],
	[{ ...running, Runtime: "nodejs20.x" }, ["Enabled"], "no"],
	[{ ...running, State: "Failed" }, ["Enabled"], "no"],
	[{ ...running, LastUpdateStatus: "Failed" }, ["Enabled"], "no"],
	[{ ...running, Environment: { Variables: { TABLE_NAME: "other" } } }, ["Enabled"], "no"],
] as const)("functions %#", (one, sources, result) => {
	expect(functionsAnswer({ functions: [running, one], sources }, "t").result).toBe(result);
});

test("queues", () => {
	expect(deadLettersAnswer(0).result).toBe("yes");
	expect(deadLettersAnswer(1).result).toBe("no");
	expect(deadLettersAnswer(undefined).result).toBe("no");
	expect(waitingAnswer(0, undefined).result).toBe("yes");
	expect(waitingAnswer(3, 10).result).toBe("yes");
	expect(waitingAnswer(3, 181).result).toBe("no");
	expect(waitingAnswer(3, undefined).result).toBe("unknown");
	expect(waitingAnswer(undefined, undefined).result).toBe("no");
});

test("a restored table lacks what its stack had made", () => {
	const GlobalSecondaryIndexes = indexNames.map((IndexName) => ({
		IndexName,
		IndexStatus: "ACTIVE" as const,
	}));
	const whole = {
		TableName: "t",
		TableStatus: "ACTIVE" as const,
		GlobalSecondaryIndexes,
		StreamSpecification: { StreamEnabled: true },
	};
	expect(tableAnswer(whole, "ENABLED").result).toBe("yes");
	expect(tableAnswer(whole, "DISABLED").result).toBe("no");
	expect(tableAnswer({ ...whole, StreamSpecification: undefined }, "ENABLED").result).toBe("no");
	const making = [{ IndexName: "byStored", IndexStatus: "CREATING" as const }];
	const answer = tableAnswer(
		{ ...whole, GlobalSecondaryIndexes: [...GlobalSecondaryIndexes.slice(1), ...making] },
		"ENABLED",
	);
	const detail = answer.detail(en);
	expect(detail).toContain("byStored is CREATING");
	expect(detail).toContain("review is missing");
	expect(recoveryAnswer(true, new Date(0), true).result).toBe("yes");
	expect(recoveryAnswer(true, undefined, false).result).toBe("unknown");
	expect(recoveryAnswer(false, undefined, true).result).toBe("no");
});

test("alarms: all there, telling somebody who has confirmed, and none of them on", () => {
	const expected = [
		{ title: "failing", toDo: () => "Look." },
		{ title: "silent", toDo: () => "Nothing.", isSilent: true },
		{ title: "missed", toDo: () => "Fill.", isOptional: true },
	] as const;
	const failing = { name: "p-failing", isOn: false, isEnabled: true, topics: ["arn:topic"] };
	const silent = { name: "p-silent", isOn: true, isEnabled: true, topics: [] };
	const verdict = (...alarms: (typeof failing | typeof silent)[]): string =>
		alarmsAnswer("p", alarms, expected).result;
	expect(verdict(failing, silent)).toBe("yes");
	expect(verdict(failing)).toBe("no");
	expect(verdict({ ...failing, isEnabled: false }, silent)).toBe("no");
	expect(verdict({ ...failing, topics: [] }, silent)).toBe("no");
	const missed = { ...failing, name: "p-missed", isOn: true };
	expect(verdict(failing, silent, { ...missed, topics: [] })).toBe("no");
	expect(stateAnswer("p", [failing, silent, missed], expected).result).toBe("no");
	expect(stateAnswer("p", [failing, silent], expected).result).toBe("yes");
	const found = { title: () => "", ...stateAnswer("p", [{ ...failing, isOn: true }], expected) };
	expect(told(found, en)).toMatchObject({
		result: "no",
		detail: "failing",
		toDo: "failing: Look.",
	});
	const owner = { Protocol: "email", Endpoint: "owner@example.invalid" };
	expect(subscriptionsAnswer([], "").result).toBe("no");
	expect(subscriptionsAnswer([], "wecom").result).toBe("yes");
	const pending = { ...owner, SubscriptionArn: "PendingConfirmation" };
	const confirmed = { ...owner, SubscriptionArn: "arn:aws:sns:x" };
	const said = (...all: (typeof owner)[]) =>
		told({ title: () => "", ...subscriptionsAnswer(all, "") }, en);
	expect(said(pending)).toMatchObject({ result: "no", toDo: expect.stringContaining("e-mail") });
	expect(said(pending, confirmed).result).toBe("no");
	expect(said(confirmed)).toMatchObject({ result: "yes", detail: "email owner@example.invalid" });
});

test("logs", () => {
	expect(logsAnswer(new Map([["/aws/lambda/a", 30]])).result).toBe("yes");
	expect(logsAnswer(new Map([["/aws/lambda/a", Number.POSITIVE_INFINITY]])).result).toBe("no");
	expect(logsAnswer(new Map([["/aws/lambda/a", undefined]])).result).toBe("no");
});
