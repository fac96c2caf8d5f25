import { type AlarmResource, keyOf, openCloudWatch } from "../../build/cloudwatch.ts";
import type { AlarmFacts } from "../../lib/words/en.ts";
import { minutesOf, silenceOf } from "../../resources/alarms.ts";
import type { AlarmState } from "../protocol.ts";
import type { Metric, Sample } from "./metrics.ts";

/** The alarms of a template, evaluated over this run as CloudWatch would do it. */
export interface Alarms {
	add(sample: Sample): void;
	/** @param now milliseconds since 1970. */
	states(now: number): AlarmState[];
}

const MINUTE_MS = 60_000;
/** What the page calls the states of CloudWatch. */
export const STATES = { OK: "ok", ALARM: "alarm", INSUFFICIENT_DATA: "noData" } as const;

/**
 * @param prefix of the alarms' names, which their titles go without.
 * @param isKnown whether anything here measures a metric.
 * @param began when the run did, milliseconds since 1970.
 */
export function openAlarms(
	resources: Readonly<Record<string, AlarmResource>>,
	prefix: string,
	isKnown: (metric: Metric) => boolean,
	began: number,
): Alarms {
	const model = openCloudWatch(resources, prefix, { extra: 0, late: 0, fillsNothing: true });
	const alarms = Object.values(resources).map(({ Properties }) => readAlarm(Properties, prefix));
	const knows = new Map(
		alarms.map(({ title, metrics, others }) => [
			title,
			{ isKnown: metrics.every(isKnown), others },
		]),
	);
	const isTold = (title: string): boolean => {
		const { isKnown = false, others = [] } = knows.get(title) ?? {};
		return isKnown && others.every(isTold);
	};
	let evaluated = Math.floor(began / MINUTE_MS);
	return {
		add({ namespace, name, dimensions, value, at }) {
			const pairs = Object.entries(dimensions).map(([Name, word]) => ({
				Name,
				Value: plain(word),
			}));
			model.put(keyOf(namespace, name, pairs), Math.floor(at / MINUTE_MS), value);
		},
		states(now) {
			const minute = Math.floor(now / MINUTE_MS) + 1;
			model.run(evaluated, minute);
			evaluated = Math.max(evaluated, minute);
			return alarms.map(({ title, description, rule, isSilent }) => {
				const state = STATES[model.state(title) ?? "INSUFFICIENT_DATA"];
				const told = isSilent && state === "alarm" ? "on" : state;
				return { title, description, rule, state: isTold(title) ? told : "unknown" };
			});
		},
	};
}

/**
 * What the words of a stage's alarms depend on.
 *
 * @param silent the alarm `silent`, as a template or CloudWatch has it.
 */
export function factsOf(silent: Readonly<Record<string, unknown>>, prefix: string): AlarmFacts {
	const silenceMinutes = silenceOf(silent);
	return { stage: prefix.replace(/^miaohui-receiver-/, ""), ...minutesOf({ silenceMinutes }) };
}

/** The template refers to the API by the name of its resource. */
function plain(word: string): string {
	return word.startsWith("$" + "{") ? word.slice(2, -1) : word;
}

/**
 * @param properties of a template, or of an alarm as CloudWatch describes it.
 * @param prefix of its name, which its title goes without.
 */
export function readAlarm(properties: AlarmResource["Properties"], prefix: string) {
	const { AlarmName, AlarmDescription, AlarmActions, AlarmRule, Metrics } = properties;
	const { Threshold, ComparisonOperator, EvaluationPeriods, DatapointsToAlarm } = properties;
	const parts: unknown[] = Array.isArray(Metrics) ? Metrics : [];
	const queries = parts.flatMap((one) => Object(one).MetricStat ?? []);
	const expression = parts.flatMap((one) => Object(one).Expression ?? [])[0];
	const title = String(AlarmName).slice(prefix.length + 1);
	const description = String(AlarmDescription);
	const isSilent = !Array.isArray(AlarmActions) || AlarmActions.length === 0;
	if (AlarmRule !== undefined) {
		const rule = String(AlarmRule).replaceAll(`${prefix}-`, "");
		const others = [...rule.matchAll(/"([^"]+)"/g)].map(([, other = ""]) => other);
		return { title, description, isSilent, rule, others, metrics: [] };
	}
	const one = queries.length === 0 ? [properties] : queries.map(({ Metric }) => Metric);
	const { Period = 0 } = Object(queries[0] ?? properties);
	const { MetricName, Statistic, ExtendedStatistic } = properties;
	const named = new Map(
		parts.map((part) => {
			const { Id, MetricStat } = Object(part);
			return [String(Id), MetricStat && `${MetricStat.Stat}(${MetricStat.Metric.MetricName})`];
		}),
	);
	const watched =
		expression === undefined
			? `${Statistic ?? ExtendedStatistic}(${MetricName})`
			: String(expression).replace(/\w+/g, (word) => named.get(word) ?? word);
	const sign = COMPARISONS[String(ComparisonOperator)] ?? "?";
	const wrong = DatapointsToAlarm ?? EvaluationPeriods;
	return {
		...{ title, description, isSilent, others: [] },
		rule: `${watched} ${sign} ${Threshold} · ${wrong}/${EvaluationPeriods} × ${Number(Period)} s`,
		metrics: one.map(metricOf),
	};
}

const COMPARISONS: Readonly<Record<string, string>> = {
	GreaterThanOrEqualToThreshold: "≥",
	GreaterThanThreshold: ">",
	LessThanThreshold: "<",
};

function metricOf(named: unknown): Metric {
	const { Namespace, MetricName } = Object(named);
	return { namespace: String(Namespace), name: String(MetricName), dimensions: {} };
}
