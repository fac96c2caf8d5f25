import type { ComponentChildren } from "preact";
import type { MessageSummary } from "../protocol.ts";
import { Icon, type IconName } from "./icon.tsx";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { sizeOf } from "./time.ts";

type Preview = MessageSummary["preview"];

/**
 * A message as a chat would show it. Nothing is loaded from anywhere.
 *
 * @param isLine whether it is to be a line of a list.
 */
export function Bubble(props: { preview: Preview; isSelf?: boolean; isLine?: boolean }) {
	const { preview, isSelf = false, isLine = false } = props;
	const kind = isLine ? "line" : EVENTS.has(preview.kind) ? "event" : isSelf ? "self" : "";
	return (
		<span class={`bubble ${kind}`}>
			<span class="said">
				<Content preview={preview} />
			</span>
		</span>
	);
}

const EVENTS: ReadonlySet<Preview["kind"]> = new Set([
	...(["recall", "recallFailed", "joined", "left", "renamed", "unreadable"] as const),
]);

function Content({ preview }: { preview: Preview }) {
	const { words } = useReader();
	const { kind } = preview;
	switch (kind) {
		case "text":
			return <Seen text={preview.text} />;
		case "quote":
			return (
				<>
					<Seen text={preview.text} />
					<Said name="quoted" text={preview.quoted} />
				</>
			);
		case "history":
		case "money":
		case "call":
			return <Labelled kind={kind} text={preview.text} />;
		case "card":
			return <Labelled kind={kind} text={preview.name} />;
		case "file":
			return (
				<Labelled kind={kind} text={preview.name}>
					{preview.bytes !== undefined && <span class="quiet"> {sizeOf(preview.bytes)}</span>}
				</Labelled>
			);
		case "voice":
		case "video":
			return (
				<Labelled kind={kind}>
					{preview.seconds !== undefined && words.seconds(preview.seconds)}{" "}
					{preview.text !== undefined && <Seen text={preview.text} />}
					<Said name="address" text={preview.url} />
				</Labelled>
			);
		case "image":
		case "emoticon":
			return (
				<>
					<span class="placeholder" aria-hidden="true">
						<Icon name={kind === "image" ? "picture" : kind} />
					</span>
					<span class="label">{kind === "image" ? words.picture : words.emoticon}</span>{" "}
					{preview.width !== undefined && preview.height !== undefined && (
						<span class="quiet">{`${preview.width} × ${preview.height}`}</span>
					)}
					<Said name="address" text={preview.url} />
				</>
			);
		case "link":
		case "miniProgram":
		case "channels":
		case "location":
			return (
				<Labelled kind={kind}>
					<strong class="title">
						<Seen text={preview.title} />
					</strong>
					<Said name="described" text={preview.description} />
					<Said name="address" text={preview.url} />
				</Labelled>
			);
		case "invite":
			return (
				<Label icon="invite">
					<Seen text={words.invites(preview.by || words.someone, preview.room)} />
				</Label>
			);
		case "joined":
		case "left":
			return <Seen text={words[kind](preview.names.join("、") || words.someone, preview.by)} />;
		case "renamed":
			return <Seen text={words.renamed(preview.room, preview.by)} />;
		case "recall":
			return <>{words.recalled}</>;
		case "recallFailed":
			return <>{words.recallFailed}</>;
		case "unreadable":
			return <span class="bad">{words.unreadable}</span>;
		case "empty":
		case "incomplete":
			return <span class="quiet">{kind === "empty" ? words.nothingInIt : words.incomplete}</span>;
		case "other":
			return (
				<>
					<Label icon="unknown">{words.unknownContent}</Label>{" "}
					<code>
						<Seen text={preview.text} />
					</code>
				</>
			);
	}
}

/** What kind of message it is, and what it says. */
function Labelled(props: {
	kind: Extract<IconName, keyof ReturnType<typeof useReader>["words"]>;
	text?: string;
	children?: ComponentChildren;
}) {
	const { kind, text, children } = props;
	const { words } = useReader();
	return (
		<>
			<Label icon={kind}>{words[kind]}</Label> {text !== undefined && <Seen text={text} />}
			{children}
		</>
	);
}

function Label({ icon, children }: { icon: IconName; children: ComponentChildren }) {
	return (
		<span class="label">
			<Icon name={icon} /> {children}
		</span>
	);
}

/** An address, too, is shown only, not linked and never loaded: where it leads is the sender's choice. */
function Said({ name, text }: { name: string; text: string | undefined }) {
	if (!text) return null;
	return (
		<span class={name}>
			<Seen text={text} />
		</span>
	);
}
