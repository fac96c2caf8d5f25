/** A resource of a template, as far as an alarm needs it. */
export interface AlarmResource {
	readonly Type: string;
	readonly Properties: Readonly<Record<string, unknown>>;
}

// A small model of how CloudWatch evaluates the alarms of a template, as it is documented:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
// What is not documented is a choice of whoever opens it: how many data points more than its evaluation
// periods an alarm looks at, how late data come, and what FILL does with a metric that has no data at all.

/** The state of an alarm. */
export type State = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** A change of state, in minutes since 1970. */
export interface Transition {
	readonly title: string;
	readonly at: number;
	readonly to: State;
	/** Whether somebody is told of it. */
	readonly isTold: boolean;
}

/** What the documentation leaves open. */
export interface Choices {
	/** Data points that an alarm looks at beyond its evaluation periods. */
	readonly extra: number;
	/** After how many minutes the data of a minute can be seen. */
	readonly late: number;
	/** Whether FILL gives its value where a metric has no data at all. */
	readonly fillsNothing: boolean;
}

/** The model, with the alarms of a template. */
export interface CloudWatch {
	/** Puts data of a minute, by the metric's key. */
	put(metricKey: string, minute: number, ...values: readonly number[]): void;
	/** Evaluates every alarm in every minute from the first to before the second; none is asked of again. */
	run(from: number, to: number): readonly Transition[];
	state(title: string): State | undefined;
	/** How many minutes of metrics are kept. */
	size(): number;
}

/** What identifies a metric here: its parts in an order that does not matter. */
export function keyOf(namespace: string, name: string, dimensions: readonly unknown[]): string {
	const pairs = dimensions.map((one) => {
		const { Name, Value } = Object(one);
		return `${Name}=${typeof Value === "string" ? Value : Object(Value).Ref}`;
	});
	return [namespace, name, ...pairs.toSorted()].join(" ");
}

/** @param prefix of the alarms' names, which their titles go without. */
export function openCloudWatch(
	resources: Readonly<Record<string, AlarmResource>>,
	prefix: string,
	choices: Choices,
): CloudWatch {
	const data = new Map<string, Map<number, number[]>>();
	const states = new Map<string, State>();
	const properties = Object.values(resources).map((resource) => resource.Properties);
	const metricAlarms = Object.values(resources)
		.filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
		.map(({ Properties }) => readAlarm(Properties));
	const composites = properties
		.filter(({ AlarmRule }) => AlarmRule !== undefined)
		.map(({ AlarmName, AlarmRule, AlarmActions, OKActions }) => ({
			name: String(AlarmName),
			terms: readRule(String(AlarmRule)),
			told: toldOf({ AlarmActions, OKActions }),
		}));
	for (const { name } of [...metricAlarms, ...composites]) states.set(name, "INSUFFICIENT_DATA");
	/** How many minutes of a metric can decide anything. A stack runs for months. */
	const lookBacks = new Map<string, number>();
	for (const { queries, evaluationPeriods } of metricAlarms) {
		for (const { key, periodMinutes } of queries) {
			const minutes = (evaluationPeriods + choices.extra) * periodMinutes;
			lookBacks.set(key, Math.max(lookBacks.get(key) ?? 0, minutes));
		}
	}
	const forget = (now: number): void => {
		for (const [key, minutes] of data) {
			const oldest = now - (lookBacks.get(key) ?? 0);
			for (const minute of minutes.keys()) {
				if (minute >= oldest) break;
				minutes.delete(minute);
			}
		}
	};

	/** The values of a metric in each of so many periods before a time; the oldest first. */
	const seriesOf = (query: Query, now: number, count: number): Point[] => {
		const minutes = data.get(query.key);
		return Array.from({ length: count }, (_, index) => {
			const end = now - (count - 1 - index) * query.periodMinutes;
			const start = end - query.periodMinutes;
			const values: number[] = [];
			for (let minute = start; minute < end; minute++) {
				if (minute + choices.late < now) values.push(...(minutes?.get(minute) ?? []));
			}
			return { start, value: values.length === 0 ? undefined : statistic(query.stat, values) };
		});
	};

	const stateOf = (alarm: MetricAlarm, now: number): State => {
		const count = alarm.evaluationPeriods + choices.extra;
		const series = new Map(alarm.queries.map((one) => [one.id, seriesOf(one, now, count)]));
		const [first = []] = series.values();
		const starts = first.map(({ start }) => start);
		const values = alarm.expression
			? evaluate(alarm.expression, series, starts, choices.fillsNothing)
			: first.map(({ value }) => value);
		return verdict(alarm, values, states.get(alarm.name) ?? "INSUFFICIENT_DATA");
	};

	return {
		put(key, minute, ...values) {
			if (!lookBacks.has(key)) return;
			const minutes = data.get(key) ?? new Map<number, number[]>();
			data.set(key, minutes);
			const known = minutes.get(minute);
			if (known) known.push(...values);
			else minutes.set(minute, [...values]);
		},
		run(from, to) {
			const transitions: Transition[] = [];
			const change = (name: string, told: Told, at: number, next: State): void => {
				if (states.get(name) === next) return;
				states.set(name, next);
				const title = name.slice(prefix.length + 1);
				transitions.push({ title, at, to: next, isTold: told[next] });
			};
			for (let now = from; now < to; now++) {
				for (const alarm of metricAlarms) {
					// Alarms that look back for more than a day are evaluated once an hour.
					if (alarm.isLong && now % 60 !== 0) continue;
					change(alarm.name, alarm.told, now, stateOf(alarm, now));
				}
				for (const { name, terms, told } of composites) {
					const isOn = terms.every(({ other, not }) => (states.get(other) === "ALARM") !== not);
					change(name, told, now, isOn ? "ALARM" : "OK");
				}
			}
			forget(to);
			return transitions;
		},
		size: () => [...data.values()].reduce((sum, minutes) => sum + minutes.size, 0),
		state: (title) => states.get(`${prefix}-${title}`),
	};
}

interface Query {
	readonly id: string;
	readonly key: string;
	readonly stat: string;
	readonly periodMinutes: number;
}

interface MetricAlarm extends Rule {
	readonly name: string;
	readonly queries: readonly Query[];
	readonly expression: string | undefined;
	readonly isLong: boolean;
	readonly told: Told;
}

/** The part of an alarm that its verdict needs. */
export interface Rule {
	readonly evaluationPeriods: number;
	readonly datapointsToAlarm: number;
	readonly isBreaching: (value: number) => boolean;
	readonly missing: string;
}

interface Point {
	readonly start: number;
	readonly value: number | undefined;
}

type Told = Readonly<Record<State, boolean>>;

function toldOf({
	AlarmActions,
	OKActions,
}: {
	AlarmActions?: unknown;
	OKActions?: unknown;
}): Told {
	const some = (list: unknown): boolean => Array.isArray(list) && list.length > 0;
	return { ALARM: some(AlarmActions), OK: some(OKActions), INSUFFICIENT_DATA: false };
}

function readAlarm(properties: AlarmResource["Properties"]): MetricAlarm {
	const { AlarmName, EvaluationPeriods, DatapointsToAlarm, Threshold, Metrics } = properties;
	const { ComparisonOperator, TreatMissingData, AlarmActions, OKActions } = properties;
	const parts: unknown[] = Array.isArray(Metrics) ? Metrics : [];
	const queries = Array.isArray(Metrics)
		? parts.flatMap((one) => {
				const { Id, MetricStat } = Object(one);
				return MetricStat
					? [queryOf(Id, MetricStat.Metric, MetricStat.Stat, MetricStat.Period)]
					: [];
			})
		: [
				queryOf(
					"metric",
					properties,
					properties.Statistic ?? properties.ExtendedStatistic,
					properties.Period,
				),
			];
	const expressions = parts.flatMap((one) => Object(one).Expression ?? []);
	const [{ periodMinutes } = { periodMinutes: 1 }] = queries;
	const evaluationPeriods = Number(EvaluationPeriods);
	return {
		name: String(AlarmName),
		queries,
		expression: expressions[0],
		evaluationPeriods,
		datapointsToAlarm: Number(DatapointsToAlarm ?? EvaluationPeriods),
		isBreaching: comparison(String(ComparisonOperator), Number(Threshold)),
		missing: String(TreatMissingData),
		isLong: evaluationPeriods * periodMinutes > 1_440,
		told: toldOf({ AlarmActions, OKActions }),
	};
}

function queryOf(id: unknown, metric: unknown, stat: unknown, periodSeconds: unknown): Query {
	const { Namespace, MetricName, Dimensions } = Object(metric);
	return {
		id: String(id),
		key: keyOf(Namespace, MetricName, Dimensions),
		stat: String(stat),
		periodMinutes: Number(periodSeconds) / 60,
	};
}

function comparison(operator: string, threshold: number): (value: number) => boolean {
	switch (operator) {
		case "GreaterThanOrEqualToThreshold":
			return (value) => value >= threshold;
		case "GreaterThanThreshold":
			return (value) => value > threshold;
		case "LessThanThreshold":
			return (value) => value < threshold;
		default:
			throw new Error(`the model does not know ${operator}`);
	}
}

/** @param values at least one. */
export function statistic(stat: string, values: readonly number[]): number {
	if (stat === "Sum") return values.reduce((sum, value) => sum + value, 0);
	const share = stat === "Maximum" ? 1 : Number(/^p([\d.]+)$/.exec(stat)?.[1]) / 100;
	if (Number.isNaN(share)) throw new Error(`the model does not know ${stat}`);
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/**
 * The documented rule. With as many real data points as evaluation periods, the newest of these
 * decide, however old; with fewer, all real ones count and the others are filled as the alarm says.
 *
 * @param values of the evaluation range, the oldest first.
 */
export function verdict(
	rule: Rule,
	values: readonly (number | undefined)[],
	current: State,
): State {
	const { evaluationPeriods, datapointsToAlarm, isBreaching, missing } = rule;
	const real = values.filter((value) => value !== undefined);
	const counted = real.slice(-evaluationPeriods);
	const breaching = counted.filter(isBreaching).length;
	const filled = evaluationPeriods - counted.length;
	if (breaching >= datapointsToAlarm) return "ALARM";
	if (filled === 0) return "OK";
	switch (missing) {
		case "breaching":
			return breaching + filled >= datapointsToAlarm ? "ALARM" : "OK";
		case "notBreaching":
			return "OK";
		case "ignore":
			return breaching >= Math.min(datapointsToAlarm, counted.length) ? current : "OK";
		default:
			throw new Error(`the model does not know ${missing}`);
	}
}

function readRule(rule: string): { other: string; not: boolean }[] {
	return rule.split(" AND ").map((term) => {
		const [, not, other = ""] = /^(NOT )?ALARM\("([^"]+)"\)$/.exec(term) ?? [];
		if (other === "") throw new Error(`the model does not know ${term}`);
		return { other, not: not !== undefined };
	});
}

type Value = readonly (number | undefined)[] | number;

/** Metric math, as far as the template uses it. Where a side of an operator is missing, so is its result. */
function evaluate(
	expression: string,
	series: ReadonlyMap<string, readonly Point[]>,
	starts: readonly number[],
	fillsNothing: boolean,
): (number | undefined)[] {
	const tokens = expression.match(/\d+|\w+|>=|<=|[-+*/<>(),]/g) ?? [];
	let position = 0;
	const next = (): string => tokens[position++] ?? "";
	const isNext = (...words: string[]): boolean => words.includes(tokens[position] ?? "");

	const at = (value: Value, index: number): number | undefined =>
		typeof value === "number" ? value : value[index];
	const zip = (a: Value, b: Value, apply: (a: number, b: number) => number): Value =>
		starts.map((_, index) => {
			const [left, right] = [at(a, index), at(b, index)];
			return left === undefined || right === undefined ? undefined : apply(left, right);
		});
	const clock = (value: Value, read: (minute: number) => number): Value =>
		starts.map((start, index) => (at(value, index) === undefined ? undefined : read(start)));

	/** Operators by how tightly they bind, the loosest first. */
	const levels: Readonly<Record<string, (a: number, b: number) => number>>[] = [
		{ OR: (a, b) => Number(a !== 0 || b !== 0), AND: (a, b) => Number(a !== 0 && b !== 0) },
		{
			">=": (a, b) => Number(a >= b),
			"<=": (a, b) => Number(a <= b),
			">": (a, b) => Number(a > b),
			"<": (a, b) => Number(a < b),
		},
		{ "+": (a, b) => a + b, "-": (a, b) => a - b },
		{ "*": (a, b) => a * b, "/": (a, b) => a / b },
	];
	const parse = (level: number): Value => {
		const operators = levels[level];
		if (operators === undefined) return primary();
		let value = parse(level + 1);
		while (isNext(...Object.keys(operators))) {
			const apply = operators[next()];
			if (apply !== undefined) value = zip(value, parse(level + 1), apply);
		}
		return value;
	};
	const args = (): Value[] => {
		const list: Value[] = [];
		do {
			next();
			list.push(parse(0));
		} while (isNext(","));
		next();
		return list;
	};
	const primary = (): Value => {
		if (isNext("(")) return args()[0] ?? [];
		const word = next();
		if (/^\d+$/.test(word)) return Number(word);
		if (isNext("(")) return call(word, args());
		const points = series.get(word);
		if (points === undefined) throw new Error(`the model does not know ${word}`);
		return points.map(({ value }) => value);
	};
	const call = (name: string, [a = [], b = [], c = []]: Value[]): Value => {
		switch (name) {
			case "FILL": {
				const isEmpty = typeof a !== "number" && a.every((value) => value === undefined);
				if (isEmpty && !fillsNothing) return a;
				return starts.map((_, index) => at(a, index) ?? at(b, index));
			}
			case "HOUR":
				return clock(a, (minute) => Math.floor(minute / 60) % 24);
			case "MINUTE":
				return clock(a, (minute) => minute % 60);
			case "IF":
				return starts.map((_, index) => {
					const condition = at(a, index);
					return condition === undefined ? undefined : at(condition !== 0 ? b : c, index);
				});
			default:
				throw new Error(`the model does not know ${name}`);
		}
	};
	const result = parse(0);
	if (position !== tokens.length) throw new Error(`the model does not understand ${expression}`);
	return starts.map((_, index) => at(result, index));
}
