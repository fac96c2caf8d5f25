/** What stays as it is in any language: products, parts of this one, formats, units. */
const NAMES = new Set(
	"AWS Amazon's Amazon Lambda SQS DynamoDB CloudWatch API Gateway EventBridge JSON UTF-8 UTC Base64 ID KiB B KB MB GB token schema payload receive store Local JDK curl en zh miaohui-receiver p50 p99 ms s zh-CN null mh-chatgpt-bot cake-agent AI-HR agcbl bester DTO ministack Service Quotas python3 venv pip .rehearsal"
		.toLowerCase()
		.split(" "),
);

/** Commands, options and what stands in quotes or braces: what is typed, or said by a program. */
const TYPED =
	/npm (?:run [\w -]+(?: --)?|start|ci)|\[[^\]\n]*\]|--[a-z-]+(?:[ =][A-Z]+)?|https?:\S+|"[^"]*"|`[^`]*`|\{[^}]*\}|\b\w*(?:[a-z][A-Z]|\d)\w*|aws [\w -]+/g;

/**
 * Words that nobody has translated: in a Chinese text two of Latin letters in a row that are no names,
 * in one without any Chinese a single one. A field or a parameter stands alone between Chinese words.
 */
export function latinIn(text: string): string[] {
	const plain = text.replaceAll(TYPED, "，");
	const least = /\p{Script=Han}/u.test(plain) ? 2 : 1;
	return (plain.match(/[A-Za-z][\w'’.-]*(?: [A-Za-z][\w'’.-]*)*/g) ?? []).filter((run) => {
		const words = run.split(" ").filter((word) => !NAMES.has(word.toLowerCase()));
		return words.length >= least;
	});
}
