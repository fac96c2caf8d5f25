import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import pWaitFor from "p-wait-for";
import { lookAt } from "../../../lib/archive/removal.ts";
import type { Step } from "../rehearsal.ts";
import {
	areAcknowledged,
	areOneRowEach,
	DEADLINE,
	post,
	sendAllTheTime,
	succeeded,
	textMessage,
} from "./traffic.ts";

export const firstDeploy: Step = {
	title: "first deploy",
	isGround: true,
	async run(stage) {
		succeeded(await stage.deploy());
		assert.equal(await post(stage, "{}"), 401, "a stranger is refused");
		return {
			shown:
				"npm run deploy made the stack, a stranger gets 401; from here on each function has the rights of its role only",
			notShown:
				"the rights of whoever deploys: the engine's CloudFormation has them all; an alarm in a group's robot: it knows no API destinations",
		};
	},
};

export const rotation: Step = {
	title: "rotation of the token by a second deploy",
	async run(stage) {
		const tokens = ["a-new-token-of-the-rehearsal", stage.token];
		const traffic = sendAllTheTime(stage, "rotation");
		succeeded(await stage.deploy({ tokens }));
		traffic.signWith(tokens[0] ?? "");
		const before = traffic.answers.length;
		await pWaitFor(() => traffic.answers.length > before + ENOUGH, DEADLINE);
		await traffic.stop();
		areAcknowledged(traffic.answers.map(({ status }) => status));
		await areOneRowEach(
			stage,
			traffic.answers.map(({ body }) => body),
			tokens,
		);
		return {
			shown: `${traffic.answers.length} callbacks sent meanwhile, old token and then new, none refused, each one row`,
		};
	},
};

const ENOUGH = 20;

export const rollback: Step = {
	title: "rollback of a deployment whose receive throws at start",
	async run(stage) {
		const traffic = sendAllTheTime(stage, "rollback");
		const deploying = stage.deploy({
			async change(directory) {
				const receive = join(directory, "functions", "receive.ts");
				await writeFile(receive, `throw new Error("broken");\n${await readFile(receive, "utf8")}`);
			},
		});
		await pWaitFor(() => traffic.answers.some(({ status }) => status >= 500), DEADLINE);
		await setReceiveErrors(stage.outputs.RollbackAlarmArn, "ALARM");
		const { exitCode, all } = await deploying;
		assert.notEqual(exitCode, 0, "the deployment fails");
		assert.match(all, /rollback trigger/);
		await setReceiveErrors(stage.outputs.RollbackAlarmArn, "OK");
		const failed = traffic.answers.filter(({ status }) => status !== 200).length;
		const body = textMessage({ messageId: "after the rollback" });
		assert.equal(await post(stage, body), 200, "the old one answers");
		await traffic.stop();
		const taken = traffic.answers.filter(({ status }) => status === 200);
		await areOneRowEach(stage, [...taken.map((one) => one.body), body]);
		return {
			shown: `taken back by its trigger, the old one answers; ${failed} callbacks got a 5xx, and each of the ${taken.length} acknowledged ones is one row`,
			notShown:
				"CloudWatch counting the errors, as the engine counts none: the rehearsal sets the alarm; and CloudFormation watching it, which is ours (adaptations.py), with the engine's own rollback",
		};
	},
};

async function setReceiveErrors(
	arn: string | undefined,
	StateValue: "ALARM" | "OK",
): Promise<void> {
	const AlarmName = arn?.split(":").at(-1);
	const StateReason = "the rehearsal has seen a 5xx";
	await new CloudWatchClient({}).send(
		new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }),
	);
}

export const remove: Step = {
	title: "remove",
	async run(stage) {
		const input = `${stage.stage}\n`;
		const refused = await stage.command("remove", [], { input });
		assert.equal(refused.exitCode, 1, "it refuses while a message is dead");
		succeeded(await stage.command("remove", ["--lose-messages"], { input }));
		const { table, waiting, deadLetters } = await lookAt(stage);
		assert.deepEqual([waiting, deadLetters], [undefined, undefined], "the queues are gone");
		assert.notEqual(table, undefined, "the table stays");
		return {
			shown: `refused while a dead letter is there; told to lose it, the queues go, and the table stays with its ${table?.rows} rows`,
		};
	},
};
