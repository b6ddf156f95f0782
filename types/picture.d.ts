/** Document picture-in-picture, which TypeScript does not know yet (https://wicg.github.io/document-picture-in-picture/). */

interface Window {
  readonly documentPictureInPicture?: EventTarget & {
    readonly window: Window | null;
    requestWindow(size: { width: number; height: number }): Promise<Window>;
  };
}
