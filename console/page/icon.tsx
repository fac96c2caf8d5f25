/** Lines on a field of 16 by 16; drawn, because not every machine has a font with such signs. */
const LINES = {
	file: "M4 1.5h5.5L13 5v9.5H4zM9.5 1.5V5H13",
	voice: "M2 6v4h3l4 3V3L5 6zM11.5 5.5a3.5 3.5 0 0 1 0 5M13.5 3.5a6.4 6.4 0 0 1 0 9",
	picture: "M1.5 3h13v10h-13zM1.5 11l4-4 3.5 3.5L11 8.5l3.5 3.5M10.5 6h.01",
	video: "M1.5 3h13v10h-13zM6.5 5.8v4.4L10.3 8z",
	card: "M1.5 3h13v10h-13zM5.5 8a1.5 1.5 0 1 0 0-.01M3.5 11c.5-1.6 3.5-1.6 4 0M10 6.5h2.5M10 9.5h2.5",
	history: "M2 3h12v8H7l-3 2.5V11H2zM5 6h6M5 8.5h4",
	money: "M3 2h10v12H3zM3 6c3 2 7 2 10 0M8 7.3v3",
	call: "M3 2.5h3l1 3-1.7 1.5c.7 1.7 2 3 3.7 3.7L10.5 9l3 1v3c-6 1.5-12-4.5-10.5-10.5z",
	link: "M6.5 9.5l3-3M7.5 4.5l1.7-1.7a2.8 2.8 0 0 1 4 4L11.5 8.5M8.5 11.5l-1.7 1.7a2.8 2.8 0 0 1-4-4L4.5 7.5",
	miniProgram:
		"M8 14.5a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13M8 10.5a2 2 0 1 1-2-2M8 10.5v-5a2 2 0 1 1 2 2",
	channels: "M1.5 4h13v9h-13zM1.5 7h13M5 4l-1 3M9 4L8 7M13 4l-1 3",
	location:
		"M8 14.5C5 11 3.5 8.7 3.5 6.3a4.5 4.5 0 0 1 9 0C12.5 8.7 11 11 8 14.5M8 8a1.6 1.6 0 1 0 0-.01",
	emoticon:
		"M8 14.5a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13M5.8 6.3h.01M10.2 6.3h.01M5 9.5c1.5 2 4.5 2 6 0",
	invite: "M1.5 3.5h13v9h-13zM1.5 4l6.5 5 6.5-5",
	unknown:
		"M8 14.5a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.2M8 11.5h.01",
} as const;

/** Names a drawing. */
export type IconName = keyof typeof LINES;

/** A small drawing beside a word that says the same. */
export function Icon({ name }: { name: IconName }) {
	return (
		<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
			<path d={LINES[name]} />
		</svg>
	);
}
