/**
 * Forms that carry a passkey's answer. On sending, the page asks the node what to
 * ask for, the browser asks the person, and the answer goes with the form as any
 * other field does. Nothing is kept; what the device says stays between it and the
 * node. Without this script the page says which other ways there are.
 */

type Kind = 'get' | 'create'

const isSupported =
  typeof PublicKeyCredential === 'function' &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function' &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function'

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  const without = document.getElementById(form.dataset['without'] ?? '')
  if (!isSupported) continue
  form.hidden = false
  if (without) without.hidden = true
  form.addEventListener('submit', (event) => {
    const field = form.elements.namedItem('answer')
    if (!(field instanceof HTMLInputElement) || field.value !== '') return
    event.preventDefault()
    void answer(form, field)
  })
}

async function answer(form: HTMLFormElement, field: HTMLInputElement): Promise<void> {
  say(form, form.dataset['working'] ?? '')
  try {
    const credential = await ask(form.dataset['passkey'] as Kind, form.dataset['options'] ?? '')
    field.value = JSON.stringify(credential.toJSON())
    form.submit()
  } catch {
    // Cancelled, timed out, no such passkey: the browser has said why.
    field.value = ''
    say(form, form.dataset['failed'] ?? '')
  }
}

async function ask(kind: Kind, place: string): Promise<PublicKeyCredential> {
  const response = await fetch(place, { method: 'POST', cache: 'no-store' })
  if (!response.ok) throw new Error('no options')
  const options = await response.json()
  const credential =
    kind === 'create'
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
        })
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey')
  return credential
}

function say(form: HTMLFormElement, text: string): void {
  const place = form.querySelector('[role="status"]')
  if (place) place.textContent = text
}
