import { type Dialect, dialects, readBase } from "./access.ts";

/** What the function that compares with the platform's history is told by its environment. */
export interface CompareConfig {
	readonly queueUrl: string;
	readonly tableName: string;
	readonly base: URL;
	readonly dialect: Dialect;
	/** Where the token lies. */
	readonly tokenParameter: string;
	/** How many hours it looks back. */
	readonly hours: number;
	/** How many calls of the history a run may make. */
	readonly mostCalls: number;
}

/**
 * @throws Error naming every problem of the environment at once; thrown while the module loads, so that
 * a wrong deployment is seen at its first run.
 */
export function compareConfig(env: Readonly<Record<string, string | undefined>>): CompareConfig {
	const missing = NAMES.filter((name) => !env[name]);
	const base = readBase(env.HISTORY_BASE ?? "");
	const dialect = dialects.find((one) => one === env.HISTORY_DIALECT);
	if (missing.length > 0 || base === undefined || dialect === undefined) {
		const wrong = [
			...missing.map((name) => `${name} is missing`),
			...(base === undefined ? ["HISTORY_BASE must begin with https://"] : []),
			...(dialect === undefined ? [`HISTORY_DIALECT must be ${dialects.join(" or ")}`] : []),
		];
		throw new Error(`configuration: ${wrong.join("; ")}`);
	}
	return {
		queueUrl: env.QUEUE_URL ?? "",
		tableName: env.TABLE_NAME ?? "",
		tokenParameter: env.HISTORY_TOKEN_PARAMETER ?? "",
		hours: Number(env.HISTORY_HOURS),
		mostCalls: Number(env.HISTORY_CALLS),
		...{ base, dialect },
	};
}

const NAMES = [
	...["QUEUE_URL", "TABLE_NAME", "HISTORY_BASE", "HISTORY_DIALECT"],
	...["HISTORY_TOKEN_PARAMETER", "HISTORY_HOURS", "HISTORY_CALLS"],
];
