/** What Django's JavaScriptCatalog (/texts.js) defines for browser modules. */

declare function gettext(text: string): string;
declare function ngettext(one: string, many: string, count: number): string;
declare function interpolate(format: string, values: string[]): string;
