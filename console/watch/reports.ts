import type { Dashboard } from "../protocol.ts";

/** Dashboards that somebody else draws: each of them costs something, so none is asked for twice. */
export interface Reports {
	/** @returns what is known of so many hours, and asks for it when that is nothing or old. */
	of(hours: number): Dashboard | undefined;
}

const NOTHING: Dashboard = { period: 60, times: [], rows: [], alarms: [] };
/** CloudWatch has a point a minute. */
const FRESH_MS = 60_000;

/** @param onChange is called when there is a new one. */
export function openReports(
	measure: (hours: number) => Promise<Dashboard>,
	onChange: () => void,
	now: () => number = Date.now,
): Reports {
	const known = new Map<number, { readonly askedAt: number; readonly dashboard?: Dashboard }>();
	return {
		of(hours) {
			const { askedAt = 0, dashboard } = known.get(hours) ?? {};
			if (now() - askedAt >= FRESH_MS) {
				const asked = { askedAt: now(), ...(dashboard && { dashboard }) };
				known.set(hours, asked);
				measure(hours).then(
					(drawn) => {
						known.set(hours, { ...asked, dashboard: drawn });
						onChange();
					},
					// It is asked again a minute later.
					(error: unknown) => {
						const problem = error instanceof Error ? error.message : String(error);
						known.set(hours, { ...asked, dashboard: { ...NOTHING, ...dashboard, problem } });
						onChange();
					},
				);
			}
			return dashboard;
		},
	};
}
