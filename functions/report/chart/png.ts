/** Draws an SVG as PNG, the same everywhere: the renderer is WebAssembly, the fonts come with us. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The family that drawings must ask for. */
export const fontFamily = 'DejaVu Sans';

const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
const resolve = createRequire(import.meta.url).resolve;

async function loadRenderer() {
  const [{ initWasm, Resvg }, wasm, ...fontBuffers] = await Promise.all([
    import('@resvg/resvg-wasm'),
    readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')),
    ...fonts.map((font) => readFile(resolve(`dejavu-fonts-ttf/ttf/${font}`))),
  ]);
  await initWasm(wasm);
  return { Resvg, fontBuffers };
}

/** Loaded once, at the first image: the module refuses to be initialised twice. */
let renderer: ReturnType<typeof loadRenderer> | undefined;

/** The image at `zoom` times its logical size. */
export async function renderPng(svg: string, zoom = 2): Promise<Uint8Array> {
  renderer ??= loadRenderer();
  const { Resvg, fontBuffers } = await renderer;
  const drawing = new Resvg(svg, {
    font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: fontFamily },
    fitTo: { mode: 'zoom', value: zoom },
  });
  try {
    const image = drawing.render();
    const png = image.asPng();
    image.free();
    return png;
  } finally {
    drawing.free();
  }
}
