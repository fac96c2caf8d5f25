import type { Resource } from "./packaged.ts";

// A small model of what EventBridge does with an event, as it is documented:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html

/** A request that an API destination sends. */
export interface Delivery {
	readonly url: string;
	readonly body: string;
}

/**
 * What the rules of a template make of an event.
 *
 * @param values of the parameters and pseudo parameters that the template refers to.
 * @throws Error where EventBridge would drop the event, because a template does not come to JSON.
 */
export function deliveriesOf(
	resources: Readonly<Record<string, Resource>>,
	event: object,
	values: Readonly<Record<string, string>>,
): Delivery[] {
	const resolve = (value: unknown): string => {
		if (typeof value === "string") return value;
		const { Ref, "Fn::Sub": sub, "Fn::FindInMap": map } = Object(value);
		if (map !== undefined) return values[String(map[0])] ?? "";
		if (sub === undefined) return values[String(Ref)] ?? "";
		const [text, own] = sub;
		return String(text).replace(/\$\{([^}]+)\}/g, (_, name) =>
			name in own ? resolve(own[name]) : (values[name] ?? ""),
		);
	};
	return Object.values(resources)
		.filter(({ Type }) => Type === "AWS::Events::Rule")
		.filter(({ Properties }) => matches(Properties.EventPattern, event))
		.flatMap(({ Properties }) =>
			[Properties.Targets].flat().map((target) => {
				const { InputTransformer, Arn } = Object(target);
				const destination = resources[Arn["Fn::GetAtt"][0]]?.Properties ?? {};
				const connection = resources[Object(destination.ConnectionArn)["Fn::GetAtt"][0]];
				const { InvocationHttpParameters } = Object(connection?.Properties.AuthParameters);
				const url = new URL(resolve(destination.InvocationEndpoint));
				for (const { Key, Value } of InvocationHttpParameters?.QueryStringParameters ?? []) {
					url.searchParams.set(Key, resolve(Value));
				}
				const { InputPathsMap, InputTemplate } = InputTransformer;
				return { url: url.href, body: transform(resolve(InputTemplate), InputPathsMap, event) };
			}),
		);
}

/** Each leaf of a pattern lists what the event may say there. */
function matches(pattern: unknown, event: unknown): boolean {
	if (Array.isArray(pattern)) return pattern.includes(event);
	return Object.entries(Object(pattern)).every(([key, part]) => matches(part, Object(event)[key]));
}

/**
 * In a string of JSON a variable stands as it is, unescaped; outside of one it is quoted. One whose path
 * the event does not have appears nowhere. What comes out has to be JSON, and is minified.
 */
function transform(
	template: string,
	paths: Readonly<Record<string, string>>,
	event: object,
): string {
	let isInString = false;
	let text = "";
	for (const [part] of template.matchAll(/\\.|"|<[\w.-]+>|[^\\"<]+|</g)) {
		if (part === '"') isInString = !isInString;
		const path = paths[part.slice(1, -1)];
		if (path === undefined) {
			text += part;
			continue;
		}
		const value = path
			.split(".")
			.slice(1)
			.reduce<unknown>((at, key) => Object(at)[key], event);
		text += isInString ? String(value ?? "") : JSON.stringify(value);
	}
	return JSON.stringify(JSON.parse(text));
}
