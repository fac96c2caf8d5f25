import {
	type AlarmType,
	CloudWatchClient,
	type CompositeAlarm,
	GetDashboardCommand,
	type MetricAlarm,
	type MetricDataQuery,
	type MetricDataResult,
	paginateDescribeAlarms,
	paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import { callLimits } from "./call-limits.ts";

/** What CloudWatch knows of a stage, for a person with the usual credentials. */
export interface Measurements {
	/** The body of the deployed dashboard, a JSON text. @throws when there is none. */
	dashboard(): Promise<string>;
	/** Both kinds of alarms whose names begin with the stage's. */
	alarms(): Promise<readonly (MetricAlarm | CompositeAlarm)[]>;
	/** Values between two times, the oldest first; each query is paid for. */
	values(
		queries: readonly MetricDataQuery[],
		from: Date,
		to: Date,
	): Promise<readonly MetricDataResult[]>;
}

/** @param prefix of the names of all that belongs to a stage; the dashboard's is nothing else. */
export function openMeasurements(prefix: string): Measurements {
	const client = new CloudWatchClient(callLimits);
	return {
		async dashboard() {
			const command = new GetDashboardCommand({ DashboardName: prefix });
			return (await client.send(command)).DashboardBody ?? "";
		},
		alarms: () => findAlarms(client, `${prefix}-`),
		async values(queries, StartTime, EndTime) {
			const found: MetricDataResult[] = [];
			const asked = {
				...{ StartTime, EndTime, MetricDataQueries: [...queries] },
				ScanBy: "TimestampAscending" as const,
			};
			for await (const page of paginateGetMetricData({ client }, asked)) {
				found.push(...(page.MetricDataResults ?? []));
			}
			return found;
		},
	};
}

/** Alarms of both kinds whose names begin so. */
export async function findAlarms(
	client: CloudWatchClient,
	AlarmNamePrefix: string,
): Promise<(MetricAlarm | CompositeAlarm)[]> {
	const AlarmTypes: AlarmType[] = ["MetricAlarm", "CompositeAlarm"];
	const found: (MetricAlarm | CompositeAlarm)[] = [];
	for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix, AlarmTypes })) {
		found.push(...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? []));
	}
	return found;
}
