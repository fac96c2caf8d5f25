import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openMeasurements } from "../../../lib/archive/measurements.ts";
import { readSecretParameter } from "../../../lib/archive/secret-parameter.ts";
import { type Call, refusal, type Service, startService } from "./service.ts";

// What AWS has of a stage beside its table and its queues.

let answers: object[];
let calls: Call[];
let service: Service;
beforeAll(async () => {
	service = await startService((call) => {
		calls.push(call);
		return answers.shift() ?? refusal("ResourceNotFound");
	});
});
afterAll(() => service.stop());
beforeEach(() => {
	calls = [];
});

test("the dashboard has the stage's name; one that is not there is an error", async () => {
	answers = [{ DashboardBody: '{"widgets":[]}' }, {}];
	const { dashboard } = openMeasurements("receiver-prod");
	expect(await dashboard()).toBe('{"widgets":[]}');
	expect(calls).toEqual([{ action: "GetDashboard", input: { DashboardName: "receiver-prod" } }]);
	expect(await dashboard()).toBe("");
	await expect(dashboard()).rejects.toThrow("no");
});

test("alarms of both kinds are found, page by page, and no other stage's", async () => {
	const [one, other, third] = ["one", "other", "third"].map((AlarmName) => ({ AlarmName }));
	answers = [
		{ MetricAlarms: [one], CompositeAlarms: [other], NextToken: "more" },
		{ CompositeAlarms: [] },
	];
	const { alarms } = openMeasurements("receiver-prod");
	expect(await alarms()).toEqual([one, other]);
	const asked = {
		...{ AlarmNamePrefix: "receiver-prod-", AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
	};
	expect(calls.map(({ input }) => input)).toEqual([asked, { ...asked, NextToken: "more" }]);
	answers = [{ MetricAlarms: [third] }];
	expect(await alarms()).toEqual([third]);
});

test("values come of all pages, the oldest first", async () => {
	answers = [{ MetricDataResults: [{ Id: "a" }], NextToken: "more" }, { NextToken: "yet more" }];
	answers.push({ MetricDataResults: [{ Id: "b" }] });
	const { values } = openMeasurements("receiver-prod");
	const found = await values([{ Id: "q" }], new Date(60_000), new Date(120_000));
	expect(found).toMatchObject([{ Id: "a" }, { Id: "b" }]);
	expect(calls[0]).toEqual({
		action: "GetMetricData",
		input: {
			...{ StartTime: 60, EndTime: 120, MetricDataQueries: [{ Id: "q" }] },
			ScanBy: "TimestampAscending",
		},
	});
});

test("a secret is asked for in clear; an empty one is none", async () => {
	answers = [
		{ Parameter: { Value: " secret\n" } },
		{ Parameter: { Value: "" } },
		{ Parameter: {} },
		{},
	];
	expect(await readSecretParameter("/receiver/token")).toBe("secret");
	expect(calls).toEqual([
		{ action: "GetParameter", input: { Name: "/receiver/token", WithDecryption: true } },
	]);
	for (const _ of ["empty", "none", "not there"]) {
		await expect(readSecretParameter("/receiver/token")).rejects.toThrow("is empty");
	}
});
