import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { unzipSync } from "fflate";
import type { Widget } from "../../build/dashboard-picture.ts";
import { projectRoot, serverlessCommand } from "../../local/definitions.ts";

/** A resource of the packaged template. */
export interface Resource {
	readonly Type: string;
	readonly Properties: Readonly<Record<string, unknown>>;
	readonly [attribute: string]: unknown;
}

/** What `npm run package` writes for a stage. */
export interface Package {
	readonly templateText: string;
	readonly resources: Readonly<Record<string, Resource>>;
	readonly outputs: Readonly<Record<string, unknown>>;
	/** The files of a function's artifact. */
	files(functionKey: string): Readonly<Record<string, Uint8Array>>;
}

/**
 * What packaging needs of the project, in a directory of its own: Serverless collects artifacts in a
 * folder of the project, and two at once would take each other's.
 */
export async function copyProject(): Promise<string> {
	const directory = await mkdtemp(join(tmpdir(), "project-"));
	for (const part of ["serverless.yml", "package.json", "resources", "lib", "dist"]) {
		await cp(join(projectRoot, part), join(directory, part), { recursive: true });
	}
	await symlink(join(projectRoot, "node_modules"), join(directory, "node_modules"));
	return directory;
}

/** Packages a stage as a user would. */
export async function packageStage(stage: string, ...parameters: string[]): Promise<Package> {
	const project = await copyProject();
	const directory = join(project, ".serverless");
	try {
		const options = parameters.flatMap((one) => ["--param", one]);
		await execa(process.execPath, [serverlessCommand, "package", "--stage", stage, ...options], {
			cwd: project,
		});
		const templateText = await readFile(
			join(directory, "cloudformation-template-update-stack.json"),
			"utf8",
		);
		const { Resources, Outputs } = JSON.parse(templateText);
		const zips = new Map<string, Uint8Array>();
		for (const key of ["receive", "store"]) {
			zips.set(key, await readFile(join(directory, `${key}.zip`)));
		}
		return {
			templateText,
			resources: Resources,
			outputs: Outputs,
			files: (key) => unzipSync(zips.get(key) ?? new Uint8Array()),
		};
	} finally {
		await rm(project, { recursive: true, force: true });
	}
}

/** A metric that a dashboard or an alarm names, or that a function emits. */
export interface NamedMetric {
	readonly namespace: string;
	readonly name: string;
	readonly dimensions: Readonly<Record<string, string>>;
}

/** A form of a metric that can be compared: its dimensions in order. */
export function metricKey({ namespace, name, dimensions }: NamedMetric): string {
	return JSON.stringify([namespace, name, Object.entries(dimensions).toSorted()]);
}

/** Every metric that the template's dashboards and alarms name; searches by their pattern. */
export function watchedMetrics({ resources }: Package): NamedMetric[] {
	return Object.values(resources).flatMap(({ Type, Properties }) => {
		if (Type === "AWS::CloudWatch::Dashboard")
			return dashboardMetrics(dashboardWidgets(Properties));
		return Type === "AWS::CloudWatch::Alarm" ? alarmMetrics(Properties) : [];
	});
}

/** The widgets of a dashboard resource. */
export function dashboardWidgets(properties: Resource["Properties"]): Widget[] {
	const { DashboardBody } = properties;
	const body = Object(DashboardBody)["Fn::Sub"];
	return JSON.parse(String(body)).widgets;
}

function dashboardMetrics(widgets: readonly Widget[]): NamedMetric[] {
	return widgets.flatMap(({ properties }) =>
		(properties.metrics ?? []).map((metric): NamedMetric => {
			const words = metric.filter((word) => typeof word === "string");
			if (words.length === 0) return searchedMetric(String(Object(metric[0]).expression));
			const [namespace = "", name = "", ...pairs] = words;
			const dimensions: Record<string, string> = {};
			for (let i = 0; i < pairs.length; i += 2) dimensions[pairs[i] ?? ""] = pairs[i + 1] ?? "";
			return { namespace, name, dimensions };
		}),
	);
}

/** `SEARCH('{"namespace",dimension,…} MetricName="name"', 'Sum')` names the dimensions, whatever their values. */
function searchedMetric(expression: string): NamedMetric {
	const [, namespace = "", schema = "", name = ""] =
		/\{"([^"]+)",(.+)\} MetricName="(\w+)"/.exec(expression) ?? [];
	const dimensions = schema.split(",");
	return { namespace, name, dimensions: Object.fromEntries(dimensions.map((one) => [one, "*"])) };
}

function alarmMetrics(properties: Resource["Properties"]): NamedMetric[] {
	const { Metrics } = properties;
	const parts: unknown[] = Array.isArray(Metrics)
		? Metrics.map((one) => Object(one).MetricStat?.Metric).filter(Boolean)
		: [properties];
	return parts.map((one) => {
		const { Namespace, MetricName, Dimensions } = Object(one);
		const pairs: { Name: string; Value: unknown }[] = Dimensions;
		return {
			namespace: Namespace,
			name: MetricName,
			dimensions: Object.fromEntries(pairs.map(({ Name, Value }) => [Name, nameOf(Value)])),
		};
	});
}

/** A resource of the template is named as dashboards name it, whose text CloudFormation fills in. */
function nameOf(value: unknown): string {
	return typeof value === "string" ? value : `\${${Object(value).Ref}}`;
}
