// What the browser has and jsdom has not.
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

window.matchMedia = (query: string) => ({ matches: false, media: query, onchange: null, addEventListener: () => undefined, removeEventListener: () => undefined, addListener: () => undefined, removeListener: () => undefined, dispatchEvent: () => false });
window.ResizeObserver = class { observe() { return undefined; } unobserve() { return undefined; } disconnect() { return undefined; } };
Element.prototype.scrollIntoView = () => undefined;

window.scrollTo = () => undefined;

afterEach(cleanup);
