import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { callLimits } from "./call-limits.ts";

/** Whose credentials these are, and where they are used. */
export interface Caller {
	readonly account: string;
	readonly arn: string;
	readonly region: string;
}

/** @returns where the SDK's clients go, whether the environment says it or a profile. @throws when neither does. */
export function readRegion(): Promise<string> {
	return new STSClient({}).config.region();
}

/** Asks whose credentials these are. @throws what the SDK throws when there are none, or wrong ones. */
export async function askCaller(): Promise<Caller> {
	const client = new STSClient(callLimits);
	const region = await readRegion();
	const { Account = "", Arn = "" } = await client.send(new GetCallerIdentityCommand({}));
	return { account: Account, arn: Arn, region };
}
