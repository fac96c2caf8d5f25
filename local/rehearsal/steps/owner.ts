import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { listenOn } from "../../port.ts";
import type { Step } from "../rehearsal.ts";
import type { RehearsedStage } from "../stage.ts";
import { printedRows } from "./traffic.ts";

// What an owner does with a stage that runs.

export const checkBefore: Step = {
	title: "check before it",
	async run(stage) {
		const findings = await check(stage, ["--param", `tokens=${stage.token}`]);
		assert.deepEqual(titlesOf(findings, "no"), []);
		return {
			shown: `${titlesOf(findings, "yes").length} of ${findings.length} are as they should be`,
			notShown: `${titlesOf(findings, "unknown").join(", ")}: the engine does not tell`,
		};
	},
};

export const checkAfter: Step = {
	title: "check",
	async run(stage) {
		const before = await printedRows(stage, ["--revisions"]);
		const findings = await check(stage, ["--url", stage.callbackUrl]);
		// It was deployed without alarmEmail.
		assert.deepEqual(titlesOf(findings, "no"), ["Somebody is told of alarms"]);
		assert.deepEqual(titlesOf(findings, "unknown"), []);
		assert.deepEqual(await printedRows(stage, ["--revisions"]), before, "the probe is no message");
		const { stdout } = await stage.command("messages", ["--callback", "probe"]);
		assert.equal(stdout.split("\n").length, 1, "the probe is a row");
		return { shown: `${findings.length} checks; it found that nobody is told of alarms` };
	},
};

export const exported: Step = {
	title: "export",
	async run(stage) {
		const { stdout } = await stage.command("export");
		const lines = linesOf(stdout);
		assert.deepEqual(
			new Set(lines.map((line) => JSON.parse(line).message)),
			new Set((await printedRows(stage, ["--revisions"])).map(({ message }) => message)),
		);
		const csv = await stage.command("export", ["--format", "csv"]);
		assert.equal(linesOf(csv.stdout).length, lines.length + 1);
		return { shown: `${lines.length} lines, as JSON and for a spreadsheet` };
	},
};

export const forwarded: Step = {
	title: "forward",
	async run(stage) {
		const rows = await printedRows(stage, ["--revisions"]);
		const seen: string[] = [];
		let requests = 0;
		const program = createServer((request, response) => {
			request.resume();
			const isRefused = ++requests % 7 === 0;
			if (!isRefused) seen.push(String(request.headers["idempotency-key"]));
			response.writeHead(isRefused ? 500 : 204).end();
		});
		const stop = await listenOn(program, 0);
		const { port } = program.address() as AddressInfo;
		const options = ["--once", "--since", "2026-01-01", "--to", `http://127.0.0.1:${port}/hook`];
		try {
			for (let n = 0; n < 2; n++) {
				const { exitCode, all } = await stage.command("forward", options);
				assert.equal(exitCode, 0, all);
			}
		} finally {
			await stop();
		}
		assert.equal(new Set(seen).size, rows.length);
		assert.equal(seen.length, rows.length, "the second time there is nothing new");
		return {
			shown: `${rows.length} messages to a program that refuses every seventh, each taken once`,
		};
	},
};

interface Finding {
	readonly title: string;
	readonly result: string;
}

async function check(stage: RehearsedStage, options: readonly string[]): Promise<Finding[]> {
	const { stdout, exitCode, all } = await stage.command("check", ["--json", ...options], {
		env: { CHECK_TOKEN: stage.token },
	});
	const findings = linesOf(stdout).map((line): Finding => JSON.parse(line));
	assert.equal(exitCode, titlesOf(findings, "no").length > 0 ? 1 : 0, all);
	return findings;
}

function titlesOf(findings: readonly Finding[], result: string): string[] {
	return findings.filter((one) => one.result === result).map(({ title }) => title);
}

function linesOf(output: string): string[] {
	return output.split("\n").filter((line) => line !== "");
}
