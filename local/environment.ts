/** The emulators take any credentials, but the SDK wants some. */
export const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** The region of everything local. */
export const region = "us-east-1";

/** Settings under which SDK clients talk to the emulators. */
export function emulatorSettings(endpoints: {
	readonly queueEndpoint: string;
	readonly tableEndpoint: string;
}): Record<string, string> {
	return {
		AWS_REGION: region,
		AWS_ACCESS_KEY_ID: credentials.accessKeyId,
		AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
		AWS_ENDPOINT_URL_SQS: endpoints.queueEndpoint,
		AWS_ENDPOINT_URL_DYNAMODB: endpoints.tableEndpoint,
	};
}

/** This process's environment without a person's own AWS settings: nothing local reaches an account. */
export function environmentWithoutAws(): Record<string, string | undefined> {
	const others = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
	return Object.fromEntries(others);
}
