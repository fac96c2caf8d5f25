import type { Preview } from "../../../lib/message/preview.ts";
import { Icon, type IconName } from "./icon.tsx";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { sizeOf } from "./time.ts";

/** A message as a chat would show it. Nothing is loaded from anywhere. */
export function Bubble({ preview, isSelf = false }: { preview: Preview; isSelf?: boolean }) {
	const isEvent = EVENTS.has(preview.kind);
	return (
		<span class={`bubble ${preview.kind} ${isEvent ? "event" : isSelf ? "self" : "other-side"}`}>
			<Content preview={preview} />
		</span>
	);
}

const EVENTS: ReadonlySet<Preview["kind"]> = new Set([
	"recall",
	"recallFailed",
	"joined",
	"left",
	"renamed",
]);

function Content({ preview }: { preview: Preview }) {
	const { words } = useReader();
	switch (preview.kind) {
		case "text":
			return <Seen text={preview.text} />;
		case "quote":
			return (
				<>
					<Seen text={preview.text} />
					<span class="quoted">
						<Seen text={preview.quoted} />
					</span>
				</>
			);
		case "history":
		case "money":
		case "call":
			return (
				<>
					<Label icon={preview.kind}>{words[preview.kind]}</Label> <Seen text={preview.text} />
				</>
			);
		case "file":
			return (
				<>
					<Label icon="file">{words.file}</Label> <Seen text={preview.name} />
					{preview.bytes !== undefined && <span class="quiet"> {sizeOf(preview.bytes)}</span>}
				</>
			);
		case "voice":
			return (
				<>
					<Label icon="voice">{words.voice}</Label> <Waves seconds={preview.seconds ?? 1} />
					{preview.seconds !== undefined && words.seconds(preview.seconds)}
					{preview.text !== undefined && <Seen text={preview.text} />}
				</>
			);
		case "image":
		case "emoticon":
			return <Picture {...preview} />;
		case "video":
			return (
				<>
					<Label icon="video">{words.video}</Label>{" "}
					{preview.seconds !== undefined && words.seconds(preview.seconds)}
					<Address url={preview.url} />
				</>
			);
		case "card":
			return (
				<>
					<Label icon="card">{words.card}</Label> <Seen text={preview.name} />
				</>
			);
		case "link":
		case "miniProgram":
		case "channels":
		case "location":
			return (
				<>
					<Label icon={preview.kind}>{words[preview.kind]}</Label>
					<strong class="title">
						<Seen text={preview.title} />
					</strong>
					{preview.description && (
						<span class="described">
							<Seen text={preview.description} />
						</span>
					)}
					<Address url={preview.url} />
				</>
			);
		default:
			return <Event preview={preview} />;
	}
}

type EventPreview = Extract<
	Preview,
	{
		kind:
			| "recall"
			| "recallFailed"
			| "invite"
			| "joined"
			| "left"
			| "renamed"
			| "empty"
			| "incomplete"
			| "other";
	}
>;

function Event({ preview }: { preview: EventPreview }) {
	const { words } = useReader();
	switch (preview.kind) {
		case "recall":
			return <>{words.recalled}</>;
		case "recallFailed":
			return <>{words.recallFailed}</>;
		case "invite":
			return (
				<Label icon="invite">
					<Seen text={words.invites(preview.by || words.someone, preview.room)} />
				</Label>
			);
		case "joined":
		case "left":
			return (
				<Seen text={words[preview.kind](preview.names.join("、") || words.someone, preview.by)} />
			);
		case "renamed":
			return <Seen text={words.renamed(preview.room, preview.by)} />;
		case "empty":
			return <span class="quiet">{words.nothingInIt}</span>;
		case "incomplete":
			return <span class="quiet">{words.incomplete}</span>;
		default:
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

function Label({ icon, children }: { icon: IconName; children: preact.ComponentChildren }) {
	return (
		<span class="label">
			<Icon name={icon} /> {children}
		</span>
	);
}

function Picture({ kind, url, width, height }: Extract<Preview, { kind: "image" | "emoticon" }>) {
	const { words } = useReader();
	const isPicture = kind === "image";
	return (
		<>
			<span class="placeholder" aria-hidden="true">
				<Icon name={isPicture ? "picture" : "emoticon"} />
			</span>
			<span class="label">{isPicture ? words.picture : words.emoticon}</span>{" "}
			{width !== undefined && height !== undefined && (
				<span class="quiet">
					{width} × {height}
				</span>
			)}
			<Address url={url} />
		</>
	);
}

/** Shown, not linked and never loaded: where it leads is the sender's choice. */
function Address({ url }: { url: string | undefined }) {
	if (url === undefined) return null;
	return (
		<span class="address">
			<Seen text={url} />
		</span>
	);
}

const MOST_WAVES = 12;

function Waves({ seconds }: { seconds: number }) {
	const count = Math.min(MOST_WAVES, Math.max(3, Math.round(seconds)));
	return (
		<span class="waves" aria-hidden="true">
			{Array.from({ length: count }, (_, i) => (
				<i class={`wave-${(i * 7) % 5}`} />
			))}
		</span>
	);
}
