import type { Dashboard } from "../protocol.ts";
import type { Pulse, Run } from "../stage.ts";
import { factsOf, openAlarms } from "./alarms.ts";
import { drawDashboard, linesOfRun } from "./dashboard.ts";
import type { LogEvent } from "./log-line.ts";
import type { Sample } from "./metrics.ts";
import { openMetrics, timesOf } from "./metrics.ts";
import { apiSample, isMeasured, platformSamples, sqsSample } from "./platform-metrics.ts";

/** What of a run is measured. */
type Measured = Pick<Run, "queueName" | "deadLetterQueueName" | "dashboard" | "alarms" | "onAlarm">;

/** The metrics of a run on this machine, measured here as CloudWatch would measure them. */
export interface Measures {
	afterEvent(event: LogEvent): void;
	/** @param ms how long the API took. */
	afterRequest(ms: number): void;
	/** @param oldest when the message was taken that waits longest; ISO 8601 in ms. */
	afterPulse(pulse: Pulse, oldest: string | undefined): void;
	dashboard(): Dashboard;
	/** Titles of the alarms that would tell somebody now. */
	ringing(): readonly string[];
}

/**
 * Starts with nothing.
 *
 * @param onRinging is called when an alarm goes on, and when it is over.
 */
export function openMeasures(
	{ queueName, deadLetterQueueName, ...run }: Measured,
	onRinging: () => void,
): Measures {
	const prefix = queueName.replace(/-messages$/, "");
	const began = Date.now();
	const metrics = openMetrics();
	const alarms = openAlarms(run.alarms, prefix, isMeasured, began);
	const add = (...samples: readonly Sample[]): void => {
		for (const sample of samples) {
			metrics.add(sample);
			alarms.add(sample);
		}
	};
	const alarmFacts = factsOf(run.alarms.SilentAlarm?.Properties ?? {}, prefix);
	const ringing = new Set<string>();
	const listen = (): void => {
		for (const alarm of alarms.states(Date.now())) {
			const isRinging = alarm.state === "alarm";
			if (isRinging === ringing.has(alarm.title)) continue;
			if (isRinging) ringing.add(alarm.title);
			else ringing.delete(alarm.title);
			onRinging();
			run.onAlarm?.(alarm, alarmFacts);
		}
	};
	return {
		afterEvent(event) {
			add(...platformSamples(event, prefix, Date.now()));
			if (event.event === "counted") add(...event.samples);
		},
		afterRequest: (ms) => add(apiSample("Latency", Date.now(), ms)),
		afterPulse({ queue, deadLetterQueue }, oldest) {
			const now = Date.now();
			const age = oldest === undefined ? 0 : Math.max(0, now - Date.parse(oldest)) / 1_000;
			const visible = "ApproximateNumberOfMessagesVisible";
			if (queue) {
				add(
					sqsSample(visible, queueName, queue.visible, now),
					sqsSample("ApproximateNumberOfMessagesNotVisible", queueName, queue.hidden, now),
					sqsSample("ApproximateAgeOfOldestMessage", queueName, age, now),
				);
			}
			if (deadLetterQueue) {
				const lying = deadLetterQueue.visible + deadLetterQueue.hidden;
				add(sqsSample(visible, deadLetterQueueName, lying, now));
			}
			listen();
		},
		dashboard() {
			const now = Date.now();
			const frame = timesOf(began, now);
			const drawn = drawDashboard(run.dashboard, frame, linesOfRun(metrics, isMeasured, frame));
			return { ...drawn, alarms: alarms.states(now), alarmFacts };
		},
		ringing: () => [...ringing],
	};
}
