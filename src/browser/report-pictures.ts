/** The code as a QR picture, if the reporter asks for it: whoever sees it can copy it. */
import { byId, onClick, textOn } from './page-parts.ts'

/** Each button names the text that holds the code, and the place of its picture. */
export function codePictures(root: HTMLElement): void {
  for (const button of root.querySelectorAll<HTMLElement>('[data-picture-of]')) {
    const place = byId(textOn(button, 'place'))
    onClick(button, async () => {
      if (!place.hidden) return hide(root, button, place)
      await draw(root, place, byId(textOn(button, 'pictureOf')).textContent ?? '')
      place.hidden = false
      button.textContent = textOn(root, 'qrHide')
      button.setAttribute('aria-expanded', 'true')
    })
  }
}

/** With another code, or none any more. */
export function hidePictures(root: HTMLElement): void {
  for (const button of root.querySelectorAll<HTMLElement>('[data-picture-of]')) {
    hide(root, button, byId(textOn(button, 'place')))
  }
}

function hide(root: HTMLElement, button: HTMLElement, place: HTMLElement): void {
  place.hidden = true
  frameIn(place).replaceChildren()
  button.textContent = textOn(root, 'qrShow')
  button.setAttribute('aria-expanded', 'false')
}

const frameIn = (place: HTMLElement) => place.querySelector('.comity-qr') ?? place

async function draw(root: HTMLElement, place: HTMLElement, code: string): Promise<void> {
  try {
    const { codePicture } = await import('./code-picture.ts')
    frameIn(place).replaceChildren(codePicture(code, textOn(root, 'qrName')))
  } catch {
    frameIn(place).textContent = textOn(root, 'qrFailed')
  }
}
