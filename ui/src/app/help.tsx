import { Modal } from "@mantine/core";
import { SECTIONS } from "./sections";

const KEYS: [string, string][] = [
  ["⌘K", "search and commands"], ["/", "the page’s filter"], ["j k", "next and previous row"], ["enter", "open the panel of a row"], ["o", "open its page"],
  ["x", "select it"], ["y", "copy its name"], ["esc", "close"], ["?", "this"],
];
const FILTERS: [string, string][] = [
  ["tier:production", "one value"], ["tier:staging tier:qa", "either of two"], ["-cluster:mid*", "not, with a wildcard"], ["behind:>2", "more than"],
  ["seen:>10m", "older than ten minutes"], ['author:"Ana Ruiz"', "with a space"], ["guppy memory", "words"],
];

export function Help({ close }: { close: () => void }) {
  return (
    <Modal opened onClose={close} title="Keys and filters" size={640}>
      <div className="help">
        <Terms title="Keys" terms={KEYS} />
        <Terms title="Go to" terms={SECTIONS.map((section) => [`g ${section.key}`, section.name])} />
        <Terms title="Filters" terms={FILTERS} />
      </div>
    </Modal>
  );
}

function Terms({ title, terms }: { title: string; terms: [string, string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>{terms.map(([key, meaning]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{meaning}</dd></div>)}</dl>
    </section>
  );
}
