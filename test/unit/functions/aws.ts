import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { vi } from "vitest";
import { listenOn } from "../../../local/port.ts";

/** What a function asked of AWS. */
export interface Call {
	readonly action: string;
	readonly input: Readonly<Record<string, unknown>>;
}

/** What every function is told by its environment. */
export const AWS = {
	...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
	// So that what is logged and counted is written to where a test can see it.
	...{ POWERTOOLS_LOG_LEVEL: "INFO", POWERTOOLS_DEV: "true", POWERTOOLS_METRICS_DISABLED: "false" },
	...{ POWERTOOLS_METRICS_NAMESPACE: "test", POWERTOOLS_SERVICE_NAME: "test" },
};

/**
 * A server that stands for all of AWS and takes what it is asked.
 *
 * @param onCall notes a call; what it returns is answered besides, and a status other than 200 refuses.
 */
export async function startAws(
	onCall: (
		call: Call,
	) => { readonly status?: number | undefined } & Readonly<Record<string, unknown>>,
) {
	const server = createServer(async (request, response) => {
		const input = JSON.parse(await text(request));
		const action = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
		const { status = 200, ...said } = onCall({ action, input });
		const md5 = createHash("md5").update(String(input.MessageBody)).digest("hex");
		const errorType = status === 400 ? { __type: "x#ValidationException" } : {};
		response
			.writeHead(status)
			.end(JSON.stringify({ MessageId: "m-1", MD5OfMessageBody: md5, ...errorType, ...said }));
	});
	const stop = await listenOn(server, 0);
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, stop };
}

/** What functions write from now on, until mocks are restored. */
export function readLog() {
	const written: Record<string, unknown>[] = [];
	for (const level of ["info", "warn", "error", "log"] as const) {
		vi.spyOn(console, level).mockImplementation((line: unknown) => {
			if (String(line).startsWith("{")) written.push({ ...JSON.parse(String(line)) });
		});
	}
	return {
		/** The lines of the log. */
		logged: () => written.filter(({ level }) => level !== undefined),
		/** Level and message of each line. */
		lines: () =>
			written.flatMap(({ level, message }) => (level === undefined ? [] : `${level} ${message}`)),
		/** The metrics by name, and by their dimension where that is another one than the service. */
		counted: (): Record<string, unknown> =>
			Object.fromEntries(
				written.flatMap(({ _aws, ...values }) =>
					[Object(_aws).CloudWatchMetrics ?? []].flat().flatMap(({ Metrics, Dimensions }) => {
						const by = Dimensions.flat().filter((name: string) => name !== "service");
						const where = by.map((name: string) => ` ${name}=${values[name]}`).join("");
						return Metrics.map(({ Name }: { Name: string }) => [Name + where, values[Name]]);
					}),
				),
			),
	};
}
