import { openDeadLetters } from "../lib/archive/dead-letters.ts";
import { openHealth } from "../lib/archive/health.ts";
import { openMeasurements } from "../lib/archive/measurements.ts";
import { readTable } from "../lib/archive/reader.ts";
import type { StageNames } from "../lib/archive/removal.ts";
import type { Dashboard } from "./protocol.ts";
import type { Stage } from "./stage.ts";
import { alarmsOf, frameOf, queriesOf, reportOf, widgetsIn } from "./watch/report.ts";

/** What this costs is in docs/operations.md "Watching". */
const PULSE_MS = 5_000;

/**
 * A deployed stage, as the console sees it: it is read, and its dead letters are sent back. SDK clients
 * of this process have to be set up for it.
 */
export function deployedStage(name: string, names: StageNames): Stage {
	const prefix = names.queueName.replace(/-messages$/, "");
	const { peek, redrive, redriveOne } = openDeadLetters(names.queueName, names.deadLetterQueueName);
	const health = openHealth(names);
	const measurements = openMeasurements(prefix);
	return {
		name,
		reader: readTable(names.tableName),
		letters: { peek, redrive, redriveOne },
		pulseMs: PULSE_MS,
		feel: health.feel,
		async measure(hours): Promise<Dashboard> {
			const widgets = widgetsIn(await measurements.dashboard());
			const frame = frameOf(hours, Date.now());
			const { times, period } = frame;
			const [alarms, results] = await Promise.all([
				measurements.alarms(),
				measurements.values(
					queriesOf(widgets, period),
					dateOf(times[0] ?? 0),
					dateOf((times.at(-1) ?? 0) + period),
				),
			]);
			return { ...reportOf(widgets, frame, results), ...alarmsOf(alarms, prefix) };
		},
		close: health.close,
	};
}

function dateOf(seconds: number): Date {
	return new Date(seconds * 1_000);
}
