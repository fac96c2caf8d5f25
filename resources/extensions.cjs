"use strict";

/** What Serverless has no words for, of the resources that it makes. */
module.exports = async ({ resolveVariable }) => {
	const { throttleRate, throttleBurst, receiveConcurrency } =
		await resolveVariable("self:custom.settings");
	return {
		HttpApiStage: {
			Properties: {
				DefaultRouteSettings: {
					DetailedMetricsEnabled: true,
					// The account's own limit would be the default: it shields neither other APIs nor the bill.
					ThrottlingRateLimit: throttleRate,
					ThrottlingBurstLimit: throttleBurst,
				},
			},
		},
		ReceiveLambdaFunction: {
			Properties: {
				ReservedConcurrentExecutions: receiveConcurrency ?? { Ref: "AWS::NoValue" },
			},
		},
	};
};
