import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** The least that anybody does with a body. */
export async function handler({ body = "" }: APIGatewayProxyEventV2): Promise<object> {
	return { statusCode: 200, body: typeof JSON.parse(body) };
}
