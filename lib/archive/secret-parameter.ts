import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/**
 * Reads a secret from where it lies encrypted (SSM, a `SecureString`), each time that it is needed: it
 * stands in no template and no environment.
 *
 * @throws when there is none, or it may not be read.
 */
export async function readSecretParameter(Name: string): Promise<string> {
	const command = new GetParameterCommand({ Name, WithDecryption: true });
	const { Parameter } = await new SSMClient({}).send(command);
	if (!Parameter?.Value) throw new Error("the parameter that holds the token is empty");
	return Parameter.Value;
}
