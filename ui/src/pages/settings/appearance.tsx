import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/queries";
import { setDensity, useDensity } from "@/app/appearance";
import { Facts } from "@/parts/drawer";
import { StateGlyph, STATE_WORDS } from "@/parts/glyph";
import { When } from "@/parts/when";
import { bytes } from "@/words/say";

export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const density = useDensity();
  const about = useQuery(ask.about());
  return (
    <div className="page-scroll">
      <section className="setting"><h2>Light or dark</h2>
        <span className="segments" role="group" aria-label="Light or dark">{(["auto", "light", "dark"] as const).map((one) => <button key={one} type="button" aria-pressed={colorScheme === one} onClick={() => { setColorScheme(one); }}>{one === "auto" ? "as the system" : one}</button>)}</span>
      </section>
      <section className="setting"><h2>Rows</h2>
        <span className="segments" role="group" aria-label="Rows">{(["normal", "compact"] as const).map((one) => <button key={one} type="button" aria-pressed={density === one} onClick={() => { setDensity(one); }}>{one}</button>)}</span>
      </section>
      <section className="setting"><h2>The marks</h2>
        <ul className="legend">{Object.entries(STATE_WORDS).map(([state, word]) => <li key={state} className="row"><StateGlyph state={state} />{word}</li>)}</ul>
      </section>
      {about.data && <section className="setting"><h2>This csoc</h2><Facts facts={[["Version", about.data.version], ["Running since", <When key="s" time={about.data.started_at} />], ["Store", about.data.store], ["Commons", about.data.commons], ["Memory", about.data.memory_bytes ? bytes(about.data.memory_bytes) : undefined]]} /></section>}
    </div>
  );
}
