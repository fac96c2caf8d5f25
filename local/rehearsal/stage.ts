import { cp, mkdir, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { execa } from "execa";
import { projectRoot } from "../definitions.ts";
import { environmentWithoutAws, region } from "../environment.ts";
import type { Receiver } from "../ledger.ts";
import { type Engine, startEngine } from "./engine.ts";

/** A stage that `npm run deploy` puts on an engine, and what one can do with it. */
export interface RehearsedStage extends Receiver {
	/** For `--stage`. */
	readonly stage: string;
	readonly region: string;
	/** For SDK clients, and for commands that are run from here. */
	readonly environment: Readonly<Record<string, string>>;
	/** It is accepted, and stands in the samples. */
	readonly token: string;
	/** It may stand first in the path of the base URL. */
	readonly key: string;
	/** What the stack says of itself. @throws before the first deployment. */
	readonly outputs: Readonly<Record<string, string>>;
	/** Runs `npm run deploy`. */
	deploy(options?: Deployment): Promise<Ended>;
	/** Runs a script of package.json on the stage. */
	command(
		script: string,
		options?: readonly string[],
		more?: { readonly input?: string; readonly env?: Readonly<Record<string, string>> },
	): Promise<Ended>;
	/** Takes the table away, and brings it back. */
	setTable(isThere: boolean): Promise<void>;
}

/** What is special about a deployment. */
export interface Deployment {
	/** Accepted tokens, instead of the stage's. */
	readonly tokens?: readonly string[];
	/** As `--param` takes them. */
	readonly parameters?: readonly string[];
	/** Changes what is deployed this time: a copy of the project. */
	readonly change?: (directory: string) => Promise<void>;
}

/** How a command ended. */
export interface Ended {
	readonly exitCode?: number;
	readonly stdout: string;
	/** With what went to standard error. */
	readonly all: string;
}

const STAGE = "rehearsal";
/** The token of the samples. */
const TOKEN = "9f1e2d3c4b5a69788796a5b4";
/** No command takes as long, not even on a busy machine. */
const LONGEST_MS = 180_000;
const KEY = "a-key-of-the-rehearsal";

/**
 * Does something with a stage on an engine of its own; whoever uses it deploys. SDK clients of this
 * process are set up for it.
 *
 * @param python in which the engine is installed.
 */
export async function withEngine<Result>(
	python: string,
	use: (stage: RehearsedStage) => Promise<Result>,
): Promise<Result> {
	const engine = await startEngine(python);
	try {
		for (const name of Object.keys(process.env)) {
			if (name.startsWith("AWS_")) delete process.env[name];
		}
		Object.assign(process.env, engine.environment);
		return await use(await stageOn(engine));
	} finally {
		await engine.stop();
	}
}

async function stageOn({
	port,
	environment,
	directory,
	setTable,
}: Engine): Promise<RehearsedStage> {
	// A person's `.env`, and what a running stack was built from, are left alone.
	const project = join(directory, "project");
	await copyProject(project);
	const prefix = `miaohui-receiver-${STAGE}`;
	const cloudFormation = new CloudFormationClient({});
	let outputs: Readonly<Record<string, string>> | undefined;
	const env = {
		...environmentWithoutAws(),
		...environment,
		// The steps read what commands say.
		LC_ALL: "C",
		// Serverless asks each 5 s how far CloudFormation is.
		SLS_AWS_MONITORING_FREQUENCY: "500",
	};
	const npm = (cwd: string, words: readonly string[], more?: object, input = ""): Promise<Ended> =>
		execa("npm", ["run", "--silent", ...words], {
			...{ cwd, input, extendEnv: false, reject: false, all: true, timeout: LONGEST_MS },
			env: { ...env, ...more },
		});
	const readOutputs = async (): Promise<Record<string, string>> => {
		const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: prefix }));
		const said = Stacks?.[0]?.Outputs ?? [];
		return Object.fromEntries(
			said.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
		);
	};
	const deployed = (): Readonly<Record<string, string>> => {
		if (outputs === undefined) throw new Error("nothing is deployed yet");
		return outputs;
	};
	return {
		stage: STAGE,
		...{ region, environment, setTable, token: TOKEN, key: KEY },
		tableName: `${prefix}-messages`,
		queueName: `${prefix}-messages`,
		deadLetterQueueName: `${prefix}-dead-letters`,
		get outputs() {
			return deployed();
		},
		get queueUrl() {
			return deployed().QueueUrl ?? "";
		},
		get deadLetterQueueUrl() {
			return deployed().DeadLetterQueueUrl ?? "";
		},
		get callbackUrl() {
			// The host of the output is one that only AWS's name servers know; the engine takes this, too.
			const [id] = new URL(deployed().CallbackUrl ?? "").host.split(".");
			return `http://127.0.0.1:${port}/_aws/execute-api/${id}/$default/message`;
		},
		async deploy({ tokens = [TOKEN], parameters = [], change } = {}) {
			const changed = join(directory, "changed");
			if (change) {
				await copyProject(changed);
				await change(changed);
			}
			const ended = await npm(
				change ? changed : project,
				["deploy", "--", "--stage", STAGE, ...parameters.flatMap((one) => ["--param", one])],
				{ CALLBACK_TOKENS: tokens.join(), CALLBACK_KEYS: KEY },
			);
			outputs = await readOutputs().catch(() => outputs);
			return ended;
		},
		command: (script, options = [], more) =>
			npm(project, [script, "--", "--stage", STAGE, ...options], more?.env, more?.input),
	};
}

/** Its sources, without a person's settings, and on the same dependencies. */
async function copyProject(to: string): Promise<void> {
	await mkdir(to);
	await cp(projectRoot, to, {
		recursive: true,
		filter: (path) => path === projectRoot || !LEFT_OUT.test(basename(path)),
	});
	await symlink(join(projectRoot, "node_modules"), join(to, "node_modules"));
}

const LEFT_OUT = /^(?:node_modules|dist|bench|\.env.*|\.git|\.local|\.serverless|\.rehearsal)$/;
