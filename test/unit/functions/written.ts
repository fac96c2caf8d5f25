import { vi } from "vitest";
import { readLogLine } from "../../../console/watch/log-line.ts";

/** With it functions write what they log and count to where a test can see it. */
export const WRITING = {
	...{ POWERTOOLS_LOG_LEVEL: "INFO", POWERTOOLS_DEV: "true", POWERTOOLS_METRICS_DISABLED: "false" },
	...{ POWERTOOLS_METRICS_NAMESPACE: "test", POWERTOOLS_SERVICE_NAME: "test" },
};

/** What functions write from now on, until mocks are restored. */
export function readLog() {
	const written: string[] = [];
	for (const level of ["info", "warn", "error", "log"] as const) {
		vi.spyOn(console, level).mockImplementation((line: unknown) => {
			if (String(line).startsWith("{")) written.push(String(line));
		});
	}
	const logged = (): Record<string, unknown>[] =>
		written.map((line) => JSON.parse(line)).filter(({ level }) => level !== undefined);
	return {
		/** The lines of the log. */
		logged,
		/** Level and message of each line. */
		lines: () => logged().map(({ level, message }) => `${level} ${message}`),
		/** The metrics by name, and by their dimension where that is another one than the service. */
		counted: (): Record<string, number> =>
			Object.fromEntries(
				written.flatMap((line) => {
					const told = readLogLine(line);
					const samples = told?.event === "counted" ? told.samples : [];
					return samples.map(({ name, dimensions: { service: _, ...others }, value }) => {
						const words = Object.entries(others).map((pair) => pair.join("="));
						return [[name, ...words].join(" "), value] as const;
					});
				}),
			),
	};
}
