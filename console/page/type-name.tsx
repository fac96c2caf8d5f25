import { typeNames, useReader } from "./reader.ts";

/** A message type in both languages. */
export function TypeName({ type }: { type: number | undefined }) {
	const { language } = useReader();
	const { name, other } = typeNames(type, language);
	return (
		<span class="type">
			{name}{" "}
			<span class="quiet" lang={language === "zh" ? "en" : "zh"}>
				{other}
			</span>
		</span>
	);
}
