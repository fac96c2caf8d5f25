import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";

/** A callback as API Gateway hands it to a function, with the headers that the platform sends. */
export function eventOf(body: string): APIGatewayProxyEventV2 {
	const timeEpoch = Date.now();
	return {
		version: "2.0",
		routeKey: "$default",
		rawPath: "/message",
		rawQueryString: "",
		headers: {
			"content-length": String(Buffer.byteLength(body)),
			"content-type": "application/json",
			host: "abcdefghij.execute-api.us-east-1.amazonaws.com",
			"user-agent": "axios/0.21.1",
			"x-amzn-trace-id": "Root=1-65f0a1b2-0123456789abcdef01234567",
			"x-forwarded-for": "203.0.113.7",
			"x-forwarded-port": "443",
			"x-forwarded-proto": "https",
		},
		requestContext: {
			accountId: "000000000000",
			apiId: "abcdefghij",
			domainName: "abcdefghij.execute-api.us-east-1.amazonaws.com",
			domainPrefix: "abcdefghij",
			http: {
				method: "POST",
				path: "/message",
				protocol: "HTTP/1.1",
				sourceIp: "203.0.113.7",
				userAgent: "axios/0.21.1",
			},
			requestId: randomUUID(),
			routeKey: "$default",
			stage: "$default",
			time: new Date(timeEpoch).toUTCString(),
			timeEpoch,
		},
		body,
		isBase64Encoded: false,
	};
}

/** What Lambda tells a function of an invocation. */
export function contextOf(functionName: string, awsRequestId: string): Context {
	return {
		...{ functionName, awsRequestId, functionVersion: "1", memoryLimitInMB: "512" },
		invokedFunctionArn: `arn:aws-cn:lambda:cn-north-1:000000000000:function:${functionName}:1`,
		...{ logGroupName: "", logStreamName: "", callbackWaitsForEmptyEventLoop: true },
		getRemainingTimeInMillis: () => 3_000,
		...{ done() {}, fail() {}, succeed() {} },
	};
}
