import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { callLimits } from "./call-limits.ts";

/** Whose credentials these are, and where they are used. */
export interface Caller {
	readonly account: string;
	readonly arn: string;
	readonly region: string;
}

/**
 * @param profile the usual one, when it is not said.
 * @returns where the SDK's clients go, whether the environment says it or the profile.
 * @throws when neither does.
 */
export function readRegion(profile?: string): Promise<string> {
	return new STSClient(profile === undefined ? {} : { profile }).config.region();
}

/** Asks whose credentials these are. @throws what the SDK throws when there are none, or wrong ones. */
export async function askCaller(): Promise<Caller> {
	const client = new STSClient(callLimits);
	const region = await readRegion();
	const { Account = "", Arn = "" } = await client.send(new GetCallerIdentityCommand({}));
	return { account: Account, arn: Arn, region };
}
