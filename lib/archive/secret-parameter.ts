import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { callLimits } from "./call-limits.ts";

/**
 * Reads a secret from where it lies encrypted (SSM, a `SecureString`), each time that it is needed: it
 * stands in no template and no environment.
 *
 * @throws when there is none, or it may not be read.
 */
export async function readSecretParameter(Name: string): Promise<string> {
	const command = new GetParameterCommand({ Name, WithDecryption: true });
	const { Parameter } = await new SSMClient(callLimits).send(command);
	// A file that was uploaded, or a text area, ends in a line's end.
	const secret = Parameter?.Value?.trim();
	if (!secret) throw new Error("the parameter that holds the token is empty");
	return secret;
}
