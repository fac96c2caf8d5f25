import type { Journey } from "../protocol.ts";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { durationBetween, exactClockOf } from "./time.ts";

/**
 * The steps of a way through the path, each with its time.
 *
 * @param receivedAt when the callback arrived; only known of the way that made the row.
 */
export function JourneySteps(props: { journey: Journey; receivedAt?: string }) {
	const { journey, receivedAt } = props;
	const { words } = useReader();
	const { takenAt, place, keptAt, outcome, failures } = journey;
	const before = receivedAt ?? takenAt;
	const last = failures.at(-1);
	return (
		<ol class="steps">
			{receivedAt !== undefined && <Step at={receivedAt} words={words.arrived} />}
			{takenAt !== undefined && (
				<Step
					at={takenAt}
					after={receivedAt}
					words={place === "written" ? words.acknowledgedDirectly : words.acknowledged}
				/>
			)}
			{last && (
				<Step
					at={last.at}
					after={before}
					words={words.failedTries(failures.length)}
					detail={last.reason}
					isBad={true}
				/>
			)}
			{keptAt !== undefined && outcome !== undefined && (
				<Step at={keptAt} after={takenAt} words={words[OUTCOMES[outcome]]} />
			)}
			{keptAt === undefined && place === "queued" && (
				<li class="is-open">
					<span>{words.stillWaiting}</span>
				</li>
			)}
		</ol>
	);
}

const OUTCOMES = {
	stored: "becameRow",
	revision: "becameRevision",
	duplicate: "wasDuplicate",
} as const;

function Step(props: {
	at: string;
	after?: string | undefined;
	words: string;
	detail?: string;
	isBad?: boolean;
}) {
	const { at, after, words: said, detail, isBad = false } = props;
	const { words } = useReader();
	return (
		<li class={isBad ? "is-bad" : ""}>
			<time dateTime={at}>{exactClockOf(at)}</time>
			<span>
				{said}
				{after !== undefined && (
					<span class="quiet"> {words.after(durationBetween(after, at))}</span>
				)}
				{detail && (
					<code class="reason">
						<Seen text={detail} />
					</code>
				)}
			</span>
		</li>
	);
}
