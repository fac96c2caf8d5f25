import { runSimulation } from "@cloud-copilot/iam-simulate";
import { expect, test } from "vitest";
import policy from "../../../docs/deploy-policy.json" with { type: "json" };
import { concurrencyAnswer, namesAnswer, requestOf } from "../../../lib/check/account.ts";
import { en } from "../../../lib/words/en.ts";

const wanted = {
	...{ storeConcurrency: 5, receiveConcurrency: undefined },
	...{ history: undefined, makesTable: true },
};
const history = { ...wanted, history: {} };

test.each([
	[1_000, 1_000, wanted, "yes"],
	// A new account.
	[10, 10, wanted, "unknown"],
	[10, 9, wanted, "no"],
	[1_000, 9, wanted, "no"],
	[1_000, 1_000, { ...wanted, receiveConcurrency: 900 }, "yes"],
	[1_000, 1_000, { ...wanted, receiveConcurrency: 901 }, "no"],
	[1_000, 1_000, { ...history, receiveConcurrency: 900 }, "no"],
	// The function that compares reserves one, which a new account does not allow.
	[1_000, 1_000, history, "yes"],
	[10, 10, history, "no"],
])("%j functions at once, %j unreserved, for %j: %s", (all, unreserved, settings, result) => {
	const answer = concurrencyAnswer(all, unreserved, settings);
	expect(answer.result).toBe(result);
	expect(answer.toDo !== undefined).toBe(result !== "yes");
});

test("what is there already has its name, and queues hold what was acknowledged", () => {
	const names = { tableName: "t", queueName: "q", deadLetterQueueName: "d" };
	const nothing = { table: undefined, waiting: undefined, deadLetters: undefined };
	const table = { rows: 3, isProtected: true };
	expect(namesAnswer(names, nothing, true).result).toBe("yes");
	const left = namesAnswer(names, { ...nothing, waiting: 0 }, true);
	expect([left.result, left.detail(en)]).toEqual(["no", expect.stringContaining("queues q")]);
	expect(namesAnswer(names, { ...nothing, table }, true).toDo?.(en)).toContain("tableName=t");
	expect(namesAnswer(names, { ...nothing, table }, false).result).toBe("yes");
	expect(namesAnswer(names, nothing, false).result).toBe("no");
});

test("what IAM is asked is what the policy of a deployment allows", async () => {
	const account = "123456789012";
	const caller = { account, region: "cn-north-1", arn: `arn:aws-cn:iam::${account}:user/owner` };
	const chinese = JSON.parse(JSON.stringify(policy).replaceAll("arn:aws:", "arn:aws-cn:"));
	let asked = 0;
	for (const statement of policy.Statement) {
		const { ActionNames, ResourceArns, ContextEntries } = requestOf(statement, "prod", caller);
		for (const action of ActionNames) {
			for (const resource of ResourceArns) {
				const { result, overallResult } = Object(
					await runSimulation(
						{
							request: {
								action,
								principal: caller.arn,
								resource: { resource, accountId: account },
								contextVariables: Object.fromEntries(
									ContextEntries.map(({ ContextKeyName, ContextKeyValues }) => [
										ContextKeyName,
										ContextKeyValues[0] ?? "",
									]),
								),
							},
							identityPolicies: [{ name: "deploy", policy: chinese }],
							serviceControlPolicies: [],
							resourceControlPolicies: [],
						},
						{},
					),
				);
				// An action may be of another resource than the one beside it.
				if (ResourceArns.length === 1) {
					expect([action, resource, overallResult ?? result?.overallResult]).toEqual([
						action,
						resource,
						"Allowed",
					]);
				}
				asked++;
			}
		}
	}
	expect(asked).toBeGreaterThan(100);
});
